"""What is too long for a comment is cut, and the command that shows all of it is one to be typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.report.drift import drift_markdown
from tests.report.report_examples import hostile
from tests.review.repository import WORKSPACE, dataset, repository
from tests.sinks.rendered import differences

GRANTS = [f"{{principal: 'user:#{number}', access: CAN_VIEW}}" for number in range(40)]
SPEC = f"{{permissions: [{', '.join(GRANTS)}]}}"
FILES = {f"prod/{number}.yaml": dataset(f"d{number}", SPEC, str(number)) for number in range(25)}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, {"prod/workspace.yaml": WORKSPACE}, {"prod/workspace.yaml": WORKSPACE, **FILES})
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("named", [("-w", "prod"), ()])
@pytest.mark.parametrize("head", [("--head", "change"), ()])
def test_a_review_names_its_workspace_and_commits(
    named: tuple[str, ...], head: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the workspace was named."""
    monkeypatch.setenv("RECONCILER_WORKSPACE", "" if named else "prod")
    assert run(["review", "--base", "main", *head, *named, "--format", "markdown"]) == 0
    told = capsys.readouterr().out
    again = " ".join(["reconciler", "review", "--base", "main", *head, "-w", "prod"])
    notes = [line for line in told.splitlines() if " not shown " in line]
    assert notes
    assert all(note.endswith(f". `{again}` shows all of it._") for note in notes)


def test_access_names_its_workspace_and_what_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Of what only leaves some of it out nothing is repeated."""
    for number in range(100):
        Path(f"prod/x{number}.yaml").write_text(dataset(f"{'long' * 60}{number}", SPEC, f"x{number}"))
    asked = ("--dataset", "*", "--as-of", "2026-01-01", "-w", "prod")
    assert run(["access", *asked, "--target", "acme", "--format", "markdown"]) == 0
    again = "reconciler access '--dataset=*' --as-of=2026-01-01 -w prod"
    assert f" are not shown here. `{again}` shows all of it._\n" in capsys.readouterr().out


def test_drift_names_its_workspace_in_every_table() -> None:
    """Also in the one of its errors: no plan was saved that could be shown."""
    told = drift_markdown(hostile("x"), differences("x") * 50, (), "reconciler drift -w prod", limit=3_000)
    notes = [line for line in told.splitlines() if " not shown " in line]
    assert notes
    assert all(note.endswith(". `reconciler drift -w prod` shows all of it._") for note in notes)
