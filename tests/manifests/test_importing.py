"""`import`: the plan right after it is empty, in every world, whatever things are called; and again changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import run
from reconciler.manifests.rewriting import formatted
from reconciler.sandbox import Sandbox, documents_seed
from reconciler.sandbox.world import World, choices
from tests.report.report_hostile import HOSTILE
from tests.support.sent import writes

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: {url}
    token: {{env: DOMO_TOKEN}}
    actor: user:bot
    requestsPerSecond: 1000
  vision:
    provider: clarifai
    url: {url}
    token: {{env: CLARIFAI_PAT}}
    userId: acme
    appId: catalog
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users: # who is who
    bot: {{id: '900', service: true}} # the token

groups: {{}}
"""
EMPTY = "No changes. Live state matches the manifests.\n"
IDS = [dataset["id"] for dataset in documents_seed()["domo"]["datasets"]]
BASES = ("documented", "observed") if os.environ.get("CAMPAIGN") else ("documented",)
"""With CAMPAIGN=1 each switch is turned in both worlds, which takes a while."""

WORLDS = ["documented", "observed", "observed,endpoints=both"] + [
    f"{base},{name}={value}"
    for base in BASES
    for name, values in choices().items()
    for value in values
    if name not in {"blocked", "endpoints"} and getattr(World.parse(base), name) != value
]


BOT = {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"}

COVID = """\
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: DOMO Covid Time Series Tracker Data
  target: acme
  id: dcad2f50-e65e-4259-a9e8-214a3d1e18a7
spec:
  owner: user:alexis-lorenz-datamaven
  schema:
    columns:
      - {name: date, type: DATE}
      - {name: ISO3, type: STRING}
  tags:
    values: [covid-19]
    ignore: ["s_*", "udt_*", "um_*"]
  permissions:
    - {principal: user:bot, access: CO_OWNER}
    - {principal: user:sandbox-viewer, access: CAN_SHARE}
  schedule: {type: MINUTE, timezone: UTC, interval: 30}
"""
USERS = """ # who is who
    bot: {id: '900', service: true} # the token
    nobody: {id: "0", name: Nobody}
    alexis-lorenz-datamaven: {id: "1345408759", name: "Alexis Lorenz (DataMaven)"}
    scott-wilson: {id: "1893952720", name: Scott Wilson}
    jonathan-tiritilli: {id: "403368057", name: Jonathan Tiritilli}
    sandbox-viewer: {id: "902", name: Sandbox Viewer}
    john-doe: {id: "966365811", name: John Doe}

groups:
  editors-group: {id: group-12345, name: Editors Group}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", "sandbox-token")
    monkeypatch.setenv("CLARIFAI_PAT", "sandbox-token")
    Path("manifests").mkdir()
    return tmp_path


def files() -> dict[str, str]:
    return {str(path): path.read_text("utf-8") for path in sorted(Path("manifests").rglob("*.yaml"))}


def adopt(sandbox: Sandbox, *arguments: str, target: str = "acme") -> None:
    """Import, plan, import again: nothing is written, nothing would change, and nothing changes."""
    with sandbox.serve() as server:
        Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url))
        assert run(["import", "--target", target, *arguments]) == 0
        first = files()
        assert run(["plan", "--detailed-exitcode"]) == 0
        assert run(["import", "--target", target, *arguments]) == 0
        assert files() == first
    assert [sent.path for sent in sandbox.requests if writes(sent)] == []
    for path, text in first.items():
        assert path == "manifests/workspace.yaml" or formatted(text) == text


@pytest.mark.parametrize("world", WORLDS)
def test_the_next_plan_is_empty_in_every_world(world: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each switch of the sandbox, turned from what the documents say and from what was observed."""
    del here
    sandbox = Sandbox(world=World.parse(world))
    sandbox.seed(documents_seed())
    adopt(sandbox, *[word for identifier in IDS for word in ("--id", identifier)])
    out, err = capsys.readouterr()
    assert EMPTY in out, out + err
    assert len(files()) == 1 + len(IDS)
    assert "facet-left-out" not in err


def hostile_seed(names: list[str]) -> dict[str, Any]:
    users = [{"id": str(1000 + number), "name": name} for number, name in enumerate(names)]
    datasets = [
        {
            "id": f"{number:08x}-0000-4000-8000-000000000000",
            "name": name,
            "owner": {"id": str(1000 + number), "name": name, "type": "USER", "group": False},
            "schema": {"columns": [{"name": column, "type": "STRING"} for column in dict.fromkeys([name, "id"])]},
            "tags": [name, "um_REPLACE"],
            "permissions": [
                {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"},
                {"type": "USER", "id": str(1000 + (number + 1) % len(names)), "accessLevel": "CAN_VIEW"},
            ],
        }
        for number, name in enumerate(names)
    ]
    return {"domo": {"users": users, "datasets": datasets}}


NASTY = [
    "a/b/c",
    "../../etc/passwd",
    "CON",
    "nul.txt",
    ".hidden",
    "-leading dash",
    "--help",
    "quote \" and ' and `",
    "colon: and # hash",
    "[list] {map}",
    "null",
    "1.10",
    "1e400",
    "9" * 70,
    "1_000.50",
    "NO",
    "😀 party 👩‍👩‍👧",
    "مرحبا בעולם",
    "\u202eevil",
    "x" * 300,
    "é" * 300,
    "  spaces  ",
    "two\nlines",
    "Orders",
    "orders",
    "ORDERS",
    "Orders",
    "orders.tags",
    "*alias &anchor !tag",
    "| pipe > fold",
    "% directive @ at",
    "\\u0041 \\n",
    *[name for name in HOSTILE if name.strip() and "\0" not in name and len(name) < 1000],
]


@pytest.mark.parametrize("world", ["documented", "observed", "observed,endpoints=both,shuffle=7"])
def test_hostile_names_are_adopted(world: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As datasets, columns, tags, users: one file each, with a name that every file system takes."""
    sandbox = Sandbox(world=World.parse(world))
    sandbox.seed(documents_seed())
    sandbox.seed(hostile_seed(NASTY))
    identifiers = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(len(NASTY))]
    adopt(sandbox, *[word for identifier in identifiers for word in ("--id", identifier)])
    out, err = capsys.readouterr()
    assert EMPTY in out, out + err
    assert "facet-left-out" not in err
    written = [path.name for path in (here / "manifests/datasets").iterdir()]
    assert len(written) == len(NASTY)
    assert len({name.casefold() for name in written}) == len(NASTY)
    assert [name for name in written if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}\.yaml", name)] == []
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(files().values()))


def test_everything_is_imported_where_the_server_lists(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--all pages through the list; the file and what is added to Principals can be read by anybody."""
    sandbox = Sandbox(world=World.parse("observed"))
    sandbox.seed(documents_seed())
    many = [{"id": f"id-{number}", "permissions": [BOT], "name": f"D {number}"} for number in range(120)]
    sandbox.seed({"domo": {"datasets": many}})
    adopt(sandbox, "--all")
    assert "Import: 125 datasets imported, 7 users and groups added.\n" in capsys.readouterr().out
    covid = (here / "manifests/datasets/domo-covid-time-series-tracker-data.yaml").read_text()
    assert covid == COVID
    assert (here / "manifests/workspace.yaml").read_text().partition("users:")[2] == USERS


def test_clarifai_s_datasets_get_a_manifest_to_begin_with(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only retention could be managed there, and nothing that deletes is managed by default."""
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    adopt(sandbox, "--all", target="vision")
    assert EMPTY in capsys.readouterr().out
    assert (here / "manifests/datasets/vehicles.yaml").read_text() == (
        "apiVersion: reconciler/v1\nkind: Dataset\n"
        "metadata:\n  name: vehicles\n  target: vision\n  id: vehicles\nspec: {}\n"
    )


def test_a_server_that_does_not_list_is_told_in_one_sentence(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do instead."""
    del here
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url))
        assert run(["import", "--target", "acme", "--all"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            "Error:\ncannot-list: the server of target acme does not list its datasets, so --all finds nothing\n"
            "  Name each dataset with --id ID.\n"
        ),
    )


def test_what_cannot_be_said_is_left_out_and_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rest of the dataset, and the other datasets, are adopted; the plan is empty all the same."""
    del here
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    odd = {
        "id": "odd",
        "name": "odd",
        "schema": {"columns": [{"name": "a", "type": "STORED_BINARY"}]},
        "tags": ["x" * 2000],
        "permissions": [BOT, {"type": "USER", "id": "901", "accessLevel": "FEDERATED"}],
    }
    sandbox.seed({"domo": {"datasets": [odd]}})
    adopt(sandbox, "--id", "odd", "--id", IDS[2])
    out, err = capsys.readouterr()
    assert EMPTY in out
    assert err.count("facet-left-out") == 2
    assert 'schema is left out of the manifest, so it is unmanaged: "STORED_BINARY" is not a column type' in err
    assert "tags is left out of the manifest" in err


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ({"advancedScheduleJson": '{"type": "EXPRESSION"}'}, "expression is missing"),
        ({"scheduleRetryCount": 3, "scheduleRetryExpression": ""}, "retry.every should not be empty"),
    ],
)
def test_a_facet_that_validate_would_refuse_is_left_out(
    schedule: dict[str, Any], told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it is only as a whole that no manifest may say it."""
    del here
    sandbox = Sandbox()
    seed = documents_seed()
    stream = next(each for each in seed["domo"]["streams"] if each["dataSource"]["id"] == IDS[0])
    stream |= schedule
    sandbox.seed(seed)
    adopt(sandbox, "--id", IDS[0])
    out, err = capsys.readouterr()
    assert EMPTY in out
    assert f"schedule is left out of the manifest, so it is unmanaged: {told}\n" in err


def test_an_import_goes_on_where_it_was_broken_off(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files that are there are not written again, even where somebody edited them meanwhile."""
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url))
        assert run(["import", "--target", "acme", "--id", IDS[0], "--id", IDS[1]]) == 0
        mine = next((here / "manifests/datasets").iterdir())
        mine.write_text(mine.read_text().replace("spec:", "# mine\nspec:"))
        mine.rename(here / "manifests/elsewhere.yaml")
        edited = (here / "manifests/elsewhere.yaml").read_text()
        capsys.readouterr()
        assert run(["import", "--target", "acme", *[w for i in IDS for w in ("--id", i)], "--id", "no-such"]) == 1
        out, err = capsys.readouterr()
    assert "Import: 3 datasets imported" in out
    assert "2 datasets had a manifest before" in out
    assert "read-failed acme/no-such: " in err
    assert (here / "manifests/elsewhere.yaml").read_text() == edited
    assert len(list((here / "manifests/datasets").iterdir())) == 4


@pytest.mark.usefixtures("here")
def test_what_another_target_of_the_account_governs_is_not_imported_again(capsys: pytest.CaptureFixture[str]) -> None:
    """Two manifests about one dataset would be an error of the next validate."""
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        again = f"  again: {{provider: domo, url: {server.url}, token: {{env: DOMO_TOKEN}}}}\n"
        Path("manifests/workspace.yaml").write_text(
            WORKSPACE.format(url=server.url).replace("  vision:", f"{again}  vision:")
        )
        assert run(["import", "--target", "acme", "--id", IDS[0]]) == 0
        before = files()
        capsys.readouterr()
        assert run(["import", "--target", "again", "--id", IDS[0]]) == 0
        assert capsys.readouterr().out == "Import: 0 datasets imported, 1 dataset had a manifest before.\n"
    assert files() == before
    assert run(["validate"]) == 0


LINK = "manifests/datasets:1:1: unreadable-file the file cannot be read: it is a link, and links are not followed\n"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda folder: folder.write_text(""),
            (
                "not-imported: manifests/datasets cannot be written: it is not a folder\n"
                "  Imported datasets belong in it, and nothing was written. Correct that, then run the import again.\n"
            ),
        ),
        (lambda folder: folder.symlink_to("nowhere"), LINK),
        (lambda folder: folder.symlink_to("../elsewhere"), LINK),
    ],
    ids=["a file", "a link that leads nowhere", "a link to a folder"],
)
def test_what_is_no_folder_of_datasets_is_told_before_anything_is_written(
    make: Callable[[Path], object], told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No people, no file, and an end; from the vendor as from a document."""
    (here / "elsewhere").mkdir()
    (here / "t.json").write_text('{"name": "t", "fields": [{"name": "a", "type": "string"}]}')
    make(here / "manifests/datasets")
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url))
        before = files()
        for asked in (["--id", IDS[0]], ["--from", "frictionless", "t.json"]):
            assert run(["import", "--target", "acme", *asked]) == 1
            assert capsys.readouterr() == ("", f"Error:\n{told}")
    assert files() == before
    assert list((here / "elsewhere").iterdir()) == []


def test_a_dataset_that_cannot_be_written_is_told_and_leaves_nothing_behind(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk, or a folder that takes no more files."""

    def full(_descriptor: int) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url="https://acme.example"))
    (here / "t.json").write_text('{"name": "t", "fields": [{"name": "a", "type": "string"}]}')
    monkeypatch.setattr(os, "fsync", full)
    assert run(["import", "--target", "acme", "--from", "frictionless", "t.json"]) == 1
    assert capsys.readouterr().err == (
        "Error:\nnot-imported: manifests/datasets/t.yaml cannot be written: No space left on device\n"
        "  Nothing of this dataset was written; what was imported before stays. "
        "Correct that, then run the import again.\n"
    )
    assert list((here / "manifests/datasets").iterdir()) == []


def test_an_id_that_is_no_text_is_a_mistake_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A shell can pass any bytes on, and no address can hold them."""
    assert run(["import", "--target", "acme", "--id", "x\udcff"]) == 64
    assert capsys.readouterr().err.endswith("Error: --id x\\xff is no id: it has bytes that are no UTF-8.\n")
