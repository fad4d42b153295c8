"""`retention simulate` from the command line: table, JSON, picture; offline from a snapshot; beside a proposal."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, documents_seed
from tests.providers.clarifai_bench import CANARY, JULY, JUNE, OF_004

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  vision: {{provider: clarifai, url: "{url}", token: {{env: CLARIFAI_PAT}}, userId: acme, appId: catalog}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: vehicles, target: vision, id: vehicles}}
spec:
  retention: {{keepLast: 1, prune: true, pins: [{{id: {june}, reason: paper, until: 2026-11-30}}]}}
"""
TABLE = """\
Simulated from 2026-11-01 for 60 days: one prune a day,
no new versions (--cadence assumes them).

vision/vehicles
  date        deleted
  2026-11-01  2: vehicles-2021-07 and dataset-version-1633032673
  2026-12-01  1: vehicles-2021-06
  stays 2021-08-15  a4b032e9083f4cbfbdfe5617b1a4d5e7: made for a model's
                    training
  stays 2021-10-31  vehicles-2021-10: failed uploads stay
  stays 2021-11-10  f1b3c1a7b2f84c6e9d7a5e0c3b2a1f40: made for a model's
                    training
  stays 2021-12-31  vehicles-2021-12: last 1 of 1, the newest good version
  stays 2022-01-15  vehicles-2022-01: still being made
  3 of 8 versions go.
"""
HERE = "{name: vehicles, target: vision, id: vehicles}"
NEW = "{name: orders, target: acme}"
ACME = "  acme: {provider: domo, url: https://acme.domo.com, token: {env: DOMO_TOKEN}}\n  vision:"
WHEN = ("--as-of", "2026-11-01", "--days", "60")
SAVED = ("--snapshot", "history.json")

Told = tuple[int, str, str]
Ask = Callable[..., Told]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The command in a workspace; what it prints on stdout and on stderr. The vendor is asked once, for a snapshot."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLARIFAI_PAT", CANARY)
    monkeypatch.setenv("COLUMNS", "80")

    def command(*words: str) -> Told:
        code = run(("retention", "simulate", *words))
        told = capsys.readouterr()
        return code, told.out, told.err

    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    Path("manifests").mkdir()
    with sandbox.serve() as server:
        Path("manifests/all.yaml").write_text(WORKSPACE.format(url=server.url, june=JUNE))
        assert command("--save-snapshot", "history.json")[0] == 0
    assert {request.method for request in sandbox.requests} == {"GET"}
    sandbox.close()
    monkeypatch.delenv("CLARIFAI_PAT")
    return command


def test_a_snapshot_is_private_and_enough(ask: Ask) -> None:
    """Nobody else may read it, it holds no token, and neither vendor nor token is needed afterwards."""
    path = Path("history.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert CANARY not in path.read_text()
    assert ask(*SAVED, *WHEN) == (0, TABLE, "")


def test_without_a_snapshot_the_token_is_needed(ask: Ask) -> None:
    """A missing token is said, not guessed."""
    code, out, err = ask(*WHEN)
    assert (code, out) == (1, "")
    assert "the token of target vision is missing" in err


def test_a_proposal_is_compared_over_the_real_history(ask: Ask) -> None:
    """Rules are the proposal's, the pin it does not mention stays; what differs is one sentence."""
    Path("policy.yaml").write_text("retention: {keepLast: 3}\n")
    code, out, err = ask(*SAVED, *WHEN, "--policy", "policy.yaml")
    assert (code, err) == (0, "")
    head, proposed = out.split("  proposed policy\n")
    assert "    2026-12-01  1: vehicles-2021-06\n" in head
    assert proposed.startswith("    date        deleted\n    2026-12-01  1: vehicles-2021-06\n    stays 2021-07-31")
    expected = f"The proposal deletes nothing more, and keeps 2 versions ({JULY} and {OF_004}) more."
    assert " ".join(proposed.split()).endswith(expected)


def test_a_declared_version_stays_in_a_simulation(ask: Ask) -> None:
    """As it does in a plan."""
    text = Path("manifests/all.yaml").read_text()
    Path("manifests/all.yaml").write_text(f"{text}  versions: [{{id: {JULY}}}]\n")
    _, out, _ = ask(*SAVED, *WHEN)
    assert f"stays 2021-07-31  {JULY}: declared under versions\n" in out


def test_machines_get_everything(ask: Ask) -> None:
    """Each version with its fate and all reasons."""
    code, out, _ = ask(*SAVED, *WHEN, "--format", "json")
    told = json.loads(out)
    dataset = told["datasets"][0]["present"]
    assert (code, told["days"], dataset["deleted"], len(dataset["versions"])) == (0, 60, 3, 8)
    assert dataset["versions"][0] == {
        "id": JUNE,
        "created": "2021-06-30T18:00:00.125000Z",
        "modified": "2021-06-30T18:00:00.125000Z",
        "status": "ready",
        "assumed": False,
        "deleted": "2026-12-01",
        "reasons": [{"word": "unkept", "text": "kept by no rule"}],
    }


def test_the_picture_is_one_file_that_loads_nothing(ask: Ask) -> None:
    """Well-formed, without a script or an address but its namespace; a lane for each version."""
    code, out, _ = ask(*SAVED, *WHEN, "--format", "svg")
    root = ET.fromstring(out)  # noqa: S314 - our own text
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert code == 0
    assert set(re.findall(r"https?://[^\"]+", out)) == {"http://www.w3.org/2000/svg"}
    assert "script" not in out
    assert [text for text in texts if text.startswith("deleted ")] == [
        "deleted 2026-12-01",
        "deleted 2026-11-01",
        "deleted 2026-11-01",
    ]
    assert "3 of 8 versions go." in texts


def test_a_foreign_name_draws_nothing(ask: Ask) -> None:
    """A version whose id is markup is letters in the picture and in the table."""
    text = Path("history.json").read_text().replace(f'"id": "{JULY}"', '"id": "</text><script>\\u001b[31m"')
    Path("history.json").write_text(text)
    for shape in ("svg", "table", "json"):
        _, out, _ = ask(*SAVED, *WHEN, "--format", shape)
        assert "\x1b" not in out
        assert shape != "svg" or "<script" not in out


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("retention: {keepLast: 0}", "policy.yaml:1:12: retention-empty"),
        ("retention: {keepLats: 1}", "policy.yaml:1:13: unknown-key"),
        ("keepLast: 1", "policy.yaml:1:1: unknown-key"),
        ("retention: {keepLast: 1, keepWithin: soon}", "policy.yaml:1:38: invalid-value"),
        ("[]", "policy.yaml:1:1: invalid-type"),
        ("retention: {keepLast: &a 1}", "policy.yaml:1:23: "),
    ],
)
def test_a_proposal_that_is_none_is_refused_where_it_is_wrong(ask: Ask, text: str, place: str) -> None:
    """As any manifest is."""
    Path("policy.yaml").write_text(text)
    code, out, err = ask(*SAVED, "--policy", "policy.yaml")
    assert (code, out) == (1, "")
    assert f"\n{place}" in err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"format_version": "9"}',
        '{"format_version": "1.0", "as_of": "2026-11-01", "datasets": []}',
        '{"format_version": "1.0", "as_of": "2026-11-01T00:00:00Z", "datasets": [{}]}',
        (
            '{"format_version": "1.0", "as_of": "2026-11-01T00:00:00Z", "datasets": [{"target": "a", "dataset": "b", '
            '"versions": [{"id": "1", "status": "gone"}]}]}'
        ),
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_snapshot_is_refused(ask: Ask, text: str) -> None:
    """Whatever is in it."""
    Path("history.json").write_text(text)
    code, out, err = ask(*SAVED)
    assert (code, out) == (1, "")
    assert "history.json cannot be used as a snapshot of versions: " in err


def test_a_dataset_that_the_snapshot_lacks_is_an_error(ask: Ask) -> None:
    """Nothing is said of what was not read, and the rest is shown."""
    more = Path("manifests/all.yaml").read_text().split("---\n")[1].replace("vehicles", "streets")
    Path("manifests/more.yaml").write_text(more)
    code, out, err = ask(*SAVED, *WHEN)
    assert (code, out) == (1, TABLE)
    assert "the snapshot does not have the versions of vision/streets" in err


def test_uploads_too_many_to_assume_are_not_assumed(ask: Ask) -> None:
    """Two versions a second apart are no reason to make up millions."""
    document = json.loads(Path("history.json").read_text())
    document["datasets"][0]["versions"] = [
        {"id": str(number), "status": "ready", "created": f"2021-01-01T00:00:0{number}Z"} for number in range(3)
    ]
    Path("history.json").write_text(json.dumps(document))
    code, out, err = ask(*SAVED, *WHEN, "--cadence")
    assert code == 0
    assert "no new versions are assumed: they come every 0:00:01, which is too often for 60 days" in err
    assert "2 of 3 versions go." in out


def test_a_dataset_that_does_not_exist_yet_is_not_left_out_in_silence(ask: Ask) -> None:
    """It has a policy and no versions; whoever asked about it is told."""
    more = Path("manifests/all.yaml").read_text().split("---\n")[1]
    Path("manifests/more.yaml").write_text(more.replace(HERE, NEW))
    path = Path("manifests/all.yaml")
    path.write_text(path.read_text().replace("  vision:", ACME))
    code, out, err = ask(*SAVED, *WHEN)
    assert (code, out) == (0, TABLE)
    assert "nothing-to-simulate acme/orders is left out: it has no id yet, and so no versions" in err
    code, out, err = ask(*SAVED, *WHEN, "--dataset", "acme/*")
    assert (code, out) == (0, TABLE.partition("\n\n")[0] + "\n")
    assert "nothing-to-simulate" in err


def test_the_limit_of_the_workspace_is_one_for_all_datasets_of_a_day(ask: Ask) -> None:
    """Two datasets delete two versions each on the first day: either may, both may not."""
    text = Path("manifests/all.yaml").read_text()
    Path("manifests/all.yaml").write_text(text.replace("---\n", "guards: {maxVersionDeletions: 3}\n---\n"))
    assert ask(*SAVED, *WHEN) == (0, TABLE, "")
    Path("manifests/more.yaml").write_text(text.split("---\n")[1].replace(HERE, HERE.replace("vehicles", "streets")))
    document = json.loads(Path("history.json").read_text())
    document["datasets"].append({**document["datasets"][0], "dataset": "streets"})
    Path("history.json").write_text(json.dumps(document))
    code, out, _ = ask(*SAVED, *WHEN, "--format", "json")
    told = json.loads(out)
    held = [prune["held_by"] for dataset in told["datasets"] for prune in dataset["present"]["prunes"]]
    assert code == 0
    assert held == 2 * [["versions-deleted: 4 versions would be deleted; the limit for one apply is 3"], []]


@pytest.mark.parametrize(
    ("share", "first"),
    [
        ("25%", []),
        ("24%", ["versions-deleted: 2 versions would be deleted; the limit for one apply is 1"]),
    ],
)
def test_a_share_is_one_of_all_versions_of_that_day(share: str, first: list[str], ask: Ask) -> None:
    """Two of eight on the first day, which go on it and count; one of six on the other."""
    text = Path("manifests/all.yaml").read_text()
    Path("manifests/all.yaml").write_text(text.replace("---\n", f"guards: {{maxVersionDeletions: {share}}}\n---\n"))
    _, out, _ = ask(*SAVED, *WHEN, "--format", "json")
    prunes = json.loads(out)["datasets"][0]["present"]["prunes"]
    assert [prune["held_by"] for prune in prunes] == [first, []]


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_any_year_can_be_looked_at(ask: Ask, year: str) -> None:
    """A simulation that would go beyond the last day there is ends with it."""
    code, out, err = ask(*SAVED, "--as-of", f"{year}-12-30", "--cadence")
    assert code == 0, err
    assert out.startswith(f"Simulated from {year}-12-30 for {'1 day' if year == '9999' else '365 days'}: ")
