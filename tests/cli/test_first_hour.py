"""What a new user does first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.app.codes import CODES
from reconciler.app.liftable import DATASET_GUARDS, GUARD_CODES
from reconciler.cli.entry import run
from tests.support.playing import TOKEN
from tests.support.terminal import on_a_terminal


def test_the_demo_runs_from_end_to_end_and_cleans_up(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """validate, plan, a refused change, apply, an empty second plan, drift found and named; 80 columns."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    import tempfile  # noqa: PLC0415

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["demo"]) == 0
    out, err = capfd.readouterr()
    assert [line for line in out.splitlines() if line.startswith("$ reconciler")] == [
        "$ reconciler validate",
        "$ reconciler plan --out plan.json",
        "$ reconciler plan --dataset covid-tracker --facet schema",
        "$ reconciler apply plan.json",
        "$ reconciler plan",
        "$ reconciler drift --detailed-exitcode",
    ]
    plan = out.split("$ reconciler plan --out plan.json\n")[1]
    for facet in ("schema", "tags", "permissions", "owner", "schedule", "retention"):
        assert f"\n      {facet} " in plan
    assert "Guards: 1 blocked (column-dropped)" in out
    assert out.count("No changes. Live state matches the manifests.\n") == 1
    assert "extra    user:bryan CAN_EDIT" in out
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_demo_fits_a_terminal_of_80_columns() -> None:
    """On a terminal nothing is wider than the window, and colour only repeats what symbols say."""
    shown = on_a_terminal("demo", columns=80)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", re.sub(r"[^\n]*\r\x1b\[K", "", shown)).replace("\r", "")
    assert [line for line in plain.splitlines() if len(line) > 80] == []
    assert "\x1b[32m+\x1b[0m" in shown
    assert "(exit code 2: there is drift.)" in plain


def test_init_writes_a_workspace_that_plans_applies_and_is_then_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `init` writes works as it is, and writing it again changes nothing."""
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)
    assert run(["init", "mine"]) == 0
    first = {path: path.read_bytes() for path in Path("mine").rglob("*") if path.is_file()}
    assert run(["init", "mine"]) == 0
    assert {path: path.read_bytes() for path in Path("mine").rglob("*") if path.is_file()} == first
    monkeypatch.chdir(tmp_path / "mine")
    assert run(["validate"]) == 0
    assert run(["plan", "--detailed-exitcode"]) == 2
    assert run(["apply", "--auto-approve"]) == 0
    capsys.readouterr()
    assert run(["plan", "--detailed-exitcode"]) == 0
    assert capsys.readouterr().out == "No changes. Live state matches the manifests.\n"


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain CODE` says what it means and what to do."""
    assert run(["explain", code]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{code}: ")
    assert len(out.splitlines()) >= 3
    assert (f"--allow {code}" in " ".join(out.split())) == (code in GUARD_CODES)
    assert (f"--allow {code}@ADDRESS" in " ".join(out.split())) == (code in DATASET_GUARDS)


def test_the_list_of_codes_tells_which_are_guards(capsys: pytest.CaptureFixture[str]) -> None:
    """Each code with its title; at the end, in whole words, what --allow lifts."""
    assert run(["explain"]) == 0
    listed, guards = capsys.readouterr().out.split("\n\n")
    assert [line.split()[0] for line in listed.splitlines()] == sorted(CODES)
    assert " ".join(guards.split()) == f"Guards, which --allow lifts: {', '.join(sorted(GUARD_CODES))}."


def test_init_tells_what_a_gitignore_that_is_there_should_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays as it is, and journals are not committed unawares."""
    monkeypatch.chdir(tmp_path)
    Path(".gitignore").write_text("*.log\n")
    assert run(["init"]) == 0
    assert "Add .reconciler/ to .gitignore" in capsys.readouterr().err
    assert Path(".gitignore").read_text() == "*.log\n"


def test_the_sandbox_is_reset_and_seeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`seed` merges, `reset` goes back to the documents' own examples, a broken seed is refused."""
    monkeypatch.chdir(tmp_path)
    Path("seed.json").write_text('{"domo": {"users": [{"id": "77", "name": "New"}]}}')
    Path("broken.json").write_text("{")
    assert run(["sandbox", "reset"]) == 0
    assert run(["sandbox", "seed", "seed.json"]) == 0
    assert run(["sandbox", "seed", "broken.json"]) == 1
    assert run(["sandbox", "seed", "nowhere.json"]) == 64
    assert "broken.json is not JSON" in capsys.readouterr().err
