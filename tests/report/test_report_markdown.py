"""The comment on a pull request: worst news first, within its limit, and nothing in it obeys a stranger."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Plan, Read, Step
from reconciler.facets.schema import Column
from reconciler.report.markdown import Origin, plan_markdown
from tests.report.report_examples import blocked, broken, example, hostile, many, orders, several, unchanged
from tests.report.report_hostile import HOSTILE

GFM = MarkdownIt("gfm-like")

OURS = {
    "<!-- reconciler:plan -->\n",
    "<details open><summary>Show the plan</summary>\n",
    "<details><summary>Show the plan</summary>\n",
    "</details>\n",
}
"""The only HTML that a comment may hold."""


def test_a_whole_comment() -> None:
    """Status, counts, losses, gains, guards, then the plan in a fold."""
    assert plan_markdown(several(), origin=Origin("9f2c", "0.1.0", "4f1c" * 10, dirty=True)) == (
        "<!-- reconciler:plan -->\n"
        "\n"
        "## Plan blocked: `actor-locked-out`, `column-dropped`\n"
        "\n"
        "| create | change | unchanged | gain access | lose access | change level | lose data | reads |\n"
        "| --: | --: | --: | --: | --: | --: | --: | --: |\n"
        "| 1 | 2 | 1 | 2 | 1 | 1 | 1 | 11 of 11 |\n"
        "\n"
        "### 1 loses access\n"
        "\n"
        "| dataset | who | before | after | through |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `acme/orders` | `user:dee` | `CAN_VIEW` | none | directly |\n"
        "\n"
        "### 1 change loses data\n"
        "\n"
        "| what | change |\n"
        "| --- | --- |\n"
        '| `acme/sales 2026.schema` | drop `column "amt" DECIMAL` |\n'
        "\n"
        "### Who gains access or keeps it at another level\n"
        "\n"
        "| dataset | who | before | after | through |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `acme/orders` | `user:ada` | `OWNER` | `CAN_EDIT` | `group:data-eng` |\n"
        "| `acme/orders` | `user:bo` | none | `OWNER` | directly |\n"
        "| `acme/orders` | `user:chi` | none | `CAN_EDIT` | `group:data-eng` |\n"
        "\n"
        "### Guards and errors\n"
        "\n"
        "| finding | where | what | next |\n"
        "| --- | --- | --- | --- |\n"
        "| **Blocked** `actor-locked-out` | `acme/sales 2026.permissions` "
        "| `user:bot could no longer administer` | Cannot be allowed. |\n"
        "| **Blocked** `column-dropped` | `acme/sales 2026.schema` "
        '| `column "amt" would be dropped, with its data` '
        "| `If it was renamed, say renamedFrom; else allow it for this dataset.` "
        "or `--allow 'column-dropped@acme/sales 2026'` |\n"
        "\n"
        "<details open><summary>Show the plan</summary>\n"
        "\n"
        "```diff\n"
        "! acme/orders\n"
        '+   schema       column "region" STRING\n'
        "+   permissions  group:data-eng CAN_EDIT\n"
        "-                user:dee CAN_VIEW\n"
        "!   owner        user:ada -> user:bo\n"
        "! acme/sales 2026\n"
        '+   schema       column "region" STRING\n'
        '-                column "amt" DECIMAL\n'
        "+ acme/clients\n"
        '+   schema       column "id" LONG\n'
        '+   tags         tag "gold"\n'
        '+   schedule     DAY, at 03:30 PM, timezone America/Denver, weekdays ["MON","WED","FRI"], '
        "3 retries every 15 min\n"
        "```\n"
        "\n"
        "</details>\n"
        "\n"
        "Made from commit `4f1c4f1c4f1c` and changes that are not committed by reconciler `0.1.0`.\n\n"
        "Plan id: `9f2c`\n"
    )


def test_a_comment_says_what_reads_a_dataset_whose_columns_go() -> None:
    """Right after the data that is lost, with whom to ask."""
    assert plan_markdown(broken()) == (
        "<!-- reconciler:plan -->\n"
        "\n"
        "## Plan: 0 to create, 1 to change\n"
        "\n"
        "| create | change | unchanged | gain access | lose access | change level | lose data | reads |\n"
        "| --: | --: | --: | --: | --: | --: | --: | --: |\n"
        "| 0 | 1 | 0 | 0 | 0 | 0 | 1 | 3 of 3 |\n"
        "\n"
        "### 1 change loses data\n"
        "\n"
        "| what | change |\n"
        "| --- | --- |\n"
        '| `acme/sales 2026.schema` | drop `column "amt" DECIMAL` |\n'
        "\n"
        "### What reads datasets whose columns go (which columns it reads is not known)\n"
        "\n"
        "| dataset | read by | of |\n"
        "| --- | --- | --- |\n"
        "| `acme/sales 2026` | `card Revenue` | `Bo Ray`, `group:#7` |\n"
        "| `acme/sales 2026` | `card 32` |  |\n"
        "\n"
        "<details open><summary>Show the plan</summary>\n"
        "\n"
        "```diff\n"
        "! acme/sales 2026\n"
        '+   schema       column "region" STRING\n'
        '-                column "amt" DECIMAL\n'
        "```\n"
        "\n"
        "</details>\n"
    )


def test_no_changes() -> None:
    """A comment that scared somebody before is replaced by a calm one."""
    assert plan_markdown(Plan((unchanged(1),))) == (
        "<!-- reconciler:plan -->\n"
        "\n"
        "## No changes\n"
        "\n"
        "| create | change | unchanged | gain access | lose access | change level | lose data | reads |\n"
        "| --: | --: | --: | --: | --: | --: | --: | --: |\n"
        "| 0 | 0 | 1 | 0 | 0 | 0 | 0 | 4 of 4 |\n"
        "\n"
        "No changes. Live state matches the manifests.\n"
    )


def headline(plan: Plan) -> str:
    return plan_markdown(plan).split("\n")[2]


def test_the_status_says_the_worst() -> None:
    """Errors before guards before incomplete reads before numbers."""
    unread = replace(orders(), read=None)
    error = Diagnostic("read-failed", "error", "the server answered 500", unread.address)
    assert headline(Plan((unread,), (error, *blocked().diagnostics))) == "## Plan failed: there are errors"
    assert headline(blocked()) == "## Plan blocked: `actor-locked-out`, `column-dropped`"
    assert headline(Plan((unread,))) == "## Plan incomplete: not everything could be read"
    assert headline(example()) == "## Plan: 0 to create, 1 to change"


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_text(name: str) -> None:
    """A GFM parser finds no link, image, mention or HTML but ours, and every table and fence whole."""
    text = plan_markdown(hostile(name))
    tokens = GFM.parse(text)
    assert {token.content for token in tokens if token.type == "html_block"} <= OURS
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "code_inline", "strong_open", "strong_close"}
    assert not any("@" in child.content for child in inline if child.type == "text" and child.content != f'"{name}"')
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in {"td_open", "th_open"}]
    assert (len(rows), len(cells)) == (12, 54)
    assert [token.info for token in tokens if token.type == "fence"] == ["diff"]
    assert all(character == "\n" or character.isprintable() for character in text)
    assert [line for line in text.split("\n") if "##[" in line or line.lstrip().startswith("::")] == []


def test_a_comment_is_cut_on_the_borders_of_blocks() -> None:
    """Ten thousand datasets fit; losses are kept, what is cut is counted, every block is closed."""
    text = plan_markdown(many(10_000), origin=Origin("9f2c", "0.1.0", "4f1c" * 10, dirty=True))
    assert 45_000 < len(text.encode()) <= 60_000
    assert "| `acme/table-09999` | `user:ada` | `CAN_VIEW` | none | directly |\n" in text
    assert "! acme/table-00000\n" in text
    assert '! acme/table-09999\n+   tags         tag "gold"\n```\n' in text
    notes = [line for line in text.split("\n") if line.startswith("_")]
    assert [note.split(" of ")[1] for note in notes] == [
        "9,999 are not shown here. `reconciler show` has the whole plan._",
        "10,000 datasets are not shown in full. `reconciler show` has the whole plan._",
    ]
    assert text.endswith(
        "\n</details>\n\nMade from commit `4f1c4f1c4f1c` and changes that are not committed by reconciler `0.1.0`.\n\n"
        "Plan id: `9f2c`\n"
    )
    tokens = GFM.parse(text)
    assert len([token for token in tokens if token.type == "fence"]) == 1


@pytest.mark.parametrize("limit", [2_000, 3_000, 5_000, 10_000, 20_000, 59_999])
def test_no_limit_is_exceeded(limit: int) -> None:
    """However small the room and however long the names."""
    long = hostile("`|é" * 3_000)
    for plan in (many(300), several(), long, Plan((*long.datasets, *many(50).datasets), long.diagnostics * 40)):
        assert len(plan_markdown(plan, limit=limit).encode()) <= limit


def test_one_dataset_that_is_too_large_is_shown_from_its_beginning() -> None:
    """A block of its own that does not fit is cut between two changes."""
    address = Address("acme", "wide")
    columns = tuple(Column(f"column-{index:05}", "STRING") for index in range(5_000))
    step = Step(address.of("schema"), "alter", tuple(map(Add, columns)), columns)
    read = Read(address, 1, complete=True)
    text = plan_markdown(Plan((DatasetPlan(address, "domo", "1", "update", (step,), read=read),)))
    assert len(text.encode()) <= 60_000
    assert '! acme/wide\n+   schema       column "column-00000" STRING\n' in text
    assert "_1 of 1 datasets are not shown in full. `reconciler show` has the whole plan._" in text
