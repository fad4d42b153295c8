"""Every code that a room declares is raised by something, and the codes that only a command can raise, by command."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.app.codes import CODES
from reconciler.cli.entry import run
from tests.review.repository import commit, git, write
from tests.support.playing import PRINCIPALS, TOKEN, WORKSPACE

ROOT = Path(__file__).parents[1]
DATASET = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: roles, target: acme, id: 94a4edfa-5926-4f0c-ad1e-a341f53f6113}
spec: {tags: [gold], retention: {keepLast: 1, prune: false}}
"""
COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
IGNORING = '\ndriftIgnore:\n  - {dataset: roles, facet: tags, key: "*", reason: DATA-7, until: 2099-12-31}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    files = {"workspace.yaml": WORKSPACE.format(url='"sandbox:"'), "principals.yaml": PRINCIPALS, "roles.yaml": DATASET}
    write(tmp_path, {f"manifests/{name}": text for name, text in files.items()})
    return tmp_path


def committed(path: str, text: str) -> Callable[[Path], None]:
    """A commit `base` that holds one file."""

    def prepare(folder: Path) -> None:
        kept = {name.name: name.read_text("utf-8") for name in (folder / "manifests").iterdir()}
        for name in kept:
            (folder / "manifests" / name).unlink()
        git(folder, "init", "--quiet", "--initial-branch", "base")
        write(folder, {path: text})
        commit(folder, "base")
        (folder / path).unlink()
        write(folder, {f"manifests/{name}": held for name, held in kept.items()})

    return prepare


def planned_elsewhere(folder: Path) -> None:
    assert run(["plan", "--out", "plan.json"]) == 0
    more = "\n  beta:\n    provider: domo\n    url: https://beta.example\n    token: {env: T}\n    concurrency: 1"
    text = (folder / "manifests/workspace.yaml").read_text("utf-8")
    write(folder, {"manifests/workspace.yaml": text.replace("\nguards:", f"{more}\nguards:")})


def ignoring(folder: Path) -> None:
    text = (folder / "manifests/workspace.yaml").read_text("utf-8")
    write(folder, {"manifests/workspace.yaml": text + IGNORING})


def in_two(folder: Path) -> None:
    del folder
    assert run(["plan", "--shard", "1/2", "--out", "part.json"]) == 0


def taken_before(folder: Path) -> None:
    assert run(["retention", "simulate", "--save-snapshot", "versions.json"]) == 0
    other = DATASET.replace("name: roles", "name: covid").replace("94a4edfa-5926-4f0c-ad1e-a341f53f6113", COVID)
    write(folder, {"manifests/covid.yaml": other})


def as_it_is(folder: Path) -> None:
    del folder


RAISED: dict[str, tuple[Callable[[Path], None], str, int]] = {
    "metrics-unwritten": (as_it_is, "drift --metrics nowhere/metrics", 1),
    "guards-absent": (committed("README", "nothing yet"), "plan --guards-from base", 0),
    "guards-unreadable": (committed("manifests/a.yaml", "kind: Nothing\n"), "plan --guards-from base", 1),
    "plan-foreign": (planned_elsewhere, "apply plan.json", 4),
    "drift-ignored": (ignoring, "drift --format github", 0),
    "shard-missing": (in_two, "plan merge part.json", 1),
    "snapshot-unreadable": (as_it_is, "retention simulate --snapshot nowhere.json", 1),
    "snapshot-incomplete": (taken_before, "retention simulate --snapshot versions.json", 1),
    "no-rhythm": (as_it_is, "retention simulate --cadence", 0),
}
"""For each code: what is done before, the command that then raises it, and its exit code."""


@pytest.mark.parametrize("code", RAISED)
def test_a_code_is_raised_by_a_command(code: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On either stream, where the command tells findings."""
    prepare, line, leaves = RAISED[code]
    prepare(folder)
    capsys.readouterr()
    assert run(line.split()) == leaves
    out, err = capsys.readouterr()
    assert code in out + err


UNSEEN = {
    "cannot-change": "a vendor that fixes who owns a dataset says so of a dataset that was made for somebody else",
    "create-settled": "a creation was sent and not answered, and the vendor lists nothing like it",
}
"""Codes that no test looks for by name yet, and what raises them. It may only become shorter."""


def test_every_code_is_raised_by_a_test() -> None:
    """What a scenario prints or a test looks for; whoever declares a code shows that something raises it."""
    files = [path for kind in ("*.txtar", "*.py") for path in ROOT.rglob(kind) if path != Path(__file__)]
    told = "\n".join(path.read_text("utf-8").replace("\\n", " ") for path in files)
    seen = {code for code in CODES if re.search(rf"(?<![a-z-]){code}(?![a-z-])", told)} | set(RAISED)
    assert sorted(set(CODES) - seen) == sorted(UNSEEN)
