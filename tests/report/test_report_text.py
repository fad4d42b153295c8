"""Plans, findings and outcomes as text, compared whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.diagnostics import Code, Diagnostic, Source
from reconciler.core.plan import DatasetPlan, Plan, Read, Step
from reconciler.facets.tags import Tag
from reconciler.report import Line, diagnostics_text, outcomes_text, plan_text, request_text
from reconciler.report.text import wrapped
from tests.report.report_examples import ORDERS, blocked, broken, created, example, orders, unchanged
from tests.report.report_hostile import HOSTILE


def test_the_example_of_the_contract() -> None:
    """A plan looks as the contract says."""
    assert plan_text(example()) == (
        "  ~ acme/orders\n"
        '      schema       + column "region" STRING\n'
        "      permissions  + group:data-eng CAN_EDIT\n"
        "                   - user:dee CAN_VIEW\n"
        "      owner        ~ user:ada -> user:bo\n"
        "\n"
        "Plan: 0 to create, 1 to change, 11 unchanged.\n"
        "Access: 2 gain, 1 loses, 1 changes. Guards: ok. Reads: 48 of 48 complete.\n"
    )


def test_a_blocked_plan_ends_with_how_to_lift_it() -> None:
    """Long descriptions wrap; what can be allowed is told apart from what cannot."""
    assert plan_text(blocked()) == (
        "  ~ acme/sales 2026\n"
        '      schema       + column "region" STRING\n'
        '                   - column "amt" DECIMAL\n'
        "  + acme/clients\n"
        '      schema       + column "id" LONG\n'
        '      tags         + tag "gold"\n'
        "      schedule     + DAY, at 03:30 PM, timezone America/Denver,\n"
        '                     weekdays ["MON","WED","FRI"], 3 retries every 15 min\n'
        "\n"
        "Plan: 1 to create, 1 to change, 0 unchanged.\n"
        "Access: 0 gain, 0 lose. Guards: 2 blocked (actor-locked-out, column-dropped).\n"
        "Reads: 3 of 3 complete.\n"
        "\n"
        "To allow what is blocked, once you have checked it:\n"
        "  --allow 'column-dropped@acme/sales 2026'\n"
        "Cannot be allowed:\n"
        "  actor-locked-out@acme/sales 2026\n"
    )


def test_a_plan_says_what_reads_a_dataset_whose_columns_go() -> None:
    """By title and by whom; a card without a title by its id."""
    assert plan_text(broken()) == (
        "  ~ acme/sales 2026\n"
        '      schema       + column "region" STRING\n'
        '                   - column "amt" DECIMAL\n'
        "      impact       ! 2 cards read this dataset, which columns is not known:\n"
        '                     "Revenue" of Bo Ray and group:#7, 32\n'
        "\n"
        "Plan: 0 to create, 1 to change, 0 unchanged.\n"
        "Access: 0 gain, 0 lose. Guards: ok. Reads: 3 of 3 complete.\n"
    )


def test_a_guard_that_the_caller_declares_final_cannot_be_allowed() -> None:
    """Which codes can be lifted is the caller's to say."""
    plan = Plan((), (Diagnostic("release-of-hold", "blocked", "a hold ends"),))
    final = (Code("release-of-hold", "", ""),)
    assert plan_text(plan, codes=final).endswith("\nCannot be allowed:\n  release-of-hold\n")
    assert plan_text(plan, codes=()).endswith("\n  --allow release-of-hold\n")


def test_nothing_to_do_is_said_when_it_is_proven() -> None:
    """One sentence, the one people look for."""
    assert plan_text(Plan((unchanged(1),))) == "No changes. Live state matches the manifests.\n"


def test_an_incomplete_plan_never_says_that_nothing_changes() -> None:
    """What was not read is counted apart from what is unchanged."""
    half = replace(unchanged(2), read=Read(unchanged(2).address, 3, complete=False))
    none = replace(unchanged(3), read=None)
    assert plan_text(Plan((unchanged(1), half, none))) == (
        "Plan: 0 to create, 0 to change, 1 unchanged, 2 not read.\n"
        "Access: 0 gain, 0 lose. Guards: ok. Reads: 4 of 8 complete.\n"
        "Not everything could be read: this plan cannot be applied.\n"
    )


def test_an_errored_plan_never_says_that_nothing_changes() -> None:
    """An error is mentioned even when every read was complete."""
    plan = Plan((unchanged(1),), (Diagnostic("policy-failed", "error", "a policy does not compile"),))
    assert plan_text(plan) == (
        "Plan: 0 to create, 0 to change, 1 unchanged.\n"
        "Access: 0 gain, 0 lose. Guards: ok. Reads: 4 of 4 complete.\n"
        "There were errors: this plan cannot be applied.\n"
    )


def test_colour_adds_only_escape_sequences() -> None:
    """Without its colours a coloured plan is the plain one, and plain text has none."""
    coloured = plan_text(example(), color=True)
    for code in ("\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[0m"):
        assert code in coloured
        coloured = coloured.replace(code, "")
    assert coloured == plan_text(example())
    assert "\x1b" not in plan_text(example())


def test_the_order_of_the_access_list_does_not_show() -> None:
    """Equal plans are byte-equal."""
    shuffled = replace(orders(), access=orders().access[::-1])
    assert plan_text(Plan((shuffled,))) == plan_text(Plan((orders(),)))


def test_lines_end_after_commas_or_between_words() -> None:
    """A part that is too long for a line is broken between words, a word never."""
    text = "interval: 30 -> 60, every: none -> 15 minutes, " + "word " * 6 + "x" * 30
    assert wrapped(text, 28) == [
        "interval: 30 -> 60,",
        "every: none -> 15 minutes,",
        "word word word word word",
        "word",
        "x" * 30,
    ]


def test_width_only_moves_line_breaks() -> None:
    """The same words stand in the plan at any width."""
    narrow, wide = (plan_text(Plan((created(),)), width=width) for width in (30, 200))
    assert narrow.split() == wide.split()
    assert '+ DAY, at 03:30 PM, timezone America/Denver, weekdays ["MON","WED","FRI"], 3 retries every 15 min\n' in wide


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_add_no_line(name: str) -> None:
    """Whatever a dataset, a tag and a finding are called, the plan keeps its shape."""
    address = Address("acme", name)
    step = Step(address.of("tags"), "tag", (Add(Tag(name)),), (Tag(name),))
    plan = Plan((DatasetPlan(address, "domo", "1", "update", (step,), read=Read(address, 1, complete=True)),))
    lines = plan_text(plan, width=100_000).split("\n")
    assert [line[:19] for line in lines[1:2]] == ["      tags         +"[:19]]
    assert len(lines) == 6
    finding = Diagnostic("unknown-key", "error", name, hint=name, source=Source(f"{name}.yaml", 3, 5))
    assert len(diagnostics_text([finding]).split("\n")) == (4 if name else 3)


def test_findings_stand_under_their_severity() -> None:
    """The worst first; each with its place, its code, its sentence and its hint."""
    findings = [
        Diagnostic("grant-expired", "info", "the grant to user:bo ended", ORDERS.of("permissions")),
        *blocked().diagnostics,
        Diagnostic("unused-profile", "warning", "nobody uses it", source=Source("manifests/p.yaml", 2, 1)),
        Diagnostic("token-missing", "error", "DOMO_TOKEN is not set", hint="Set it."),
        Diagnostic(
            "unknown-key",
            "error",
            '"tagz" is not known',
            ORDERS,
            "Did you mean tags?",
            Source("manifests/a.yaml", 3, 5),
        ),
    ]
    text = (
        "Error:\n"
        "token-missing: DOMO_TOKEN is not set\n"
        "  Set it.\n"
        'manifests/a.yaml:3:5: unknown-key "tagz" is not known\n'
        "  Did you mean tags?\n"
        "\n"
        "Blocked:\n"
        "actor-locked-out acme/sales 2026.permissions: user:bot could no longer administer\n"
        'column-dropped acme/sales 2026.schema: column "amt" would be dropped, with its data\n'
        "  If it was renamed, say renamedFrom; else allow it for this dataset.\n"
        "\n"
        "Warning:\n"
        "manifests/p.yaml:2:1: unused-profile nobody uses it\n"
        "\n"
        "Note:\n"
        "grant-expired acme/orders.permissions: the grant to user:bo ended\n"
    )
    assert diagnostics_text(findings) == text
    assert diagnostics_text(findings[::-1]) == text
    assert diagnostics_text([]) == ""


def test_outcomes_one_line_each_and_a_sum() -> None:
    """Every step says how it ended; what failed says why and what to do."""
    lines = [
        Line(ORDERS.of("schema"), "alter", "done"),
        Line(ORDERS.of("tags"), "tag", "already"),
        Line(ORDERS.of("permissions"), "grant", "failed", "the server answered 403", "Check the token's scopes."),
        Line(ORDERS.of("schedule"), "reschedule", "uncertain", "the connection broke after sending"),
        Line(ORDERS.of("owner"), "transfer", "skipped", "needs acme/orders.permissions#grant"),
    ]
    assert outcomes_text(lines) == (
        "  done       acme/orders.schema alter\n"
        "  already    acme/orders.tags tag\n"
        "  failed     acme/orders.permissions grant: the server answered 403\n"
        "             Check the token's scopes.\n"
        "  uncertain  acme/orders.schedule reschedule: the connection broke after sending\n"
        "  skipped    acme/orders.owner transfer: needs acme/orders.permissions#grant\n"
        "\n"
        "Apply: 1 done, 1 already in place, 1 failed, 1 uncertain, 1 skipped.\n"
    )


def test_an_apply_without_steps() -> None:
    """Nothing to do is said."""
    assert outcomes_text([]) == "Apply: nothing to do.\n"


def test_a_rehearsed_request_is_shown_whole() -> None:
    """Method and path, then the body, readable; a body that is no JSON as it is."""
    assert request_text("PUT", "/v1/tags/7", '{"tags":["gold"]}') == (
        'PUT /v1/tags/7\n  {\n    "tags": [\n      "gold"\n    ]\n  }\n'
    )
    assert request_text("POST", "/run", "a\n\x1b[2J") == "POST /run\n  a\n  \\u001b[2J\n"
    assert request_text("DELETE", "/v1/x", None) == "DELETE /v1/x\n"
