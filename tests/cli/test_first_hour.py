"""What a new user does first."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.app.codes import CODES
from reconciler.cli.entry import run
from reconciler.planning import DATASET_GUARDS, GUARD_CODES
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


@pytest.mark.parametrize("name", ["manifests", "schemas"])
def test_init_writes_through_no_link(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A checkout may have one that leads elsewhere; a workspace behind one is refused by every other command."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / name).symlink_to("../elsewhere")
    assert run(["init", "here"]) == 1
    assert (
        capsys.readouterr().err == f"Error: here/{name} cannot be written: it is a link, and links are not followed.\n"
    )
    assert list((tmp_path / "elsewhere").iterdir()) == []


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


OWN = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  prod: {provider: domo, url: "https://prod.domo.com", token: {env: DOMO_TOKEN}, actor: "user:#900"}
"""


def test_init_adds_no_example_to_manifests_of_one_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two workspaces in one folder are none, and nobody asked for an example to be governed; schemas come."""
    monkeypatch.chdir(tmp_path)
    Path("manifests").mkdir()
    Path("manifests/all.yaml").write_text(OWN)
    assert run(["init"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("wrote .gitignore\nwrote schemas/workspace.schema.json\n")
    assert err == "manifests has manifests already, so no example was added.\nNext:\n  reconciler plan -w manifests\n"
    assert [str(path) for path in Path("manifests").rglob("*")] == ["manifests/all.yaml"]
    assert Path("schemas/dataset.schema.json").exists()


def test_init_brings_no_example_back_that_was_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two manifests of one dataset are an error; what lacks is written, such as a schema."""
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    Path("manifests/datasets/mock_clients.yaml").rename("manifests/datasets/clients.yaml")
    Path("schemas/dataset.schema.json").unlink()
    assert run(["init"]) == 0
    assert Path("schemas/dataset.schema.json").exists()
    assert run(["validate"]) == 0


@pytest.mark.parametrize("flags", [[], ["--ci", "github"]], ids=["plain", "ci"])
@pytest.mark.parametrize("most", [1_500, 20_000], ids=["most schemas", "the largest schema"])
def test_init_leaves_no_file_by_halves(
    most: int, flags: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room, what is there is whole: run again, `init` keeps it and writes the rest."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "whole", *flags]) == 0
    whole = {path.relative_to("whole"): path.read_bytes() for path in Path("whole").rglob("*") if path.is_file()}
    room = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); "
    words = [sys.executable, "-c", room + "from reconciler.cli import main; main()", "init", "part", *flags]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1, done.stdout
    part = {path.relative_to("part"): path.read_bytes() for path in Path("part").rglob("*") if path.is_file()}
    assert part.items() < whole.items()
    assert run(["init", "part", *flags]) == 0
    assert {path: Path("part", path).read_bytes() for path in whole} == whole


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


@pytest.mark.parametrize("line", [".reconciler/", ".reconciler", "/.reconciler/"])
def test_init_asks_for_nothing_that_a_gitignore_has(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own, above all, when it is run again."""
    monkeypatch.chdir(tmp_path)
    Path(".gitignore").write_text(f"*.log\n{line}\n")
    assert run(["init"]) == 0
    assert ".gitignore" not in capsys.readouterr().err


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


def test_what_is_shown_to_be_typed_next_can_be_typed_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is about the same workspace, and names that a shell would take apart are quoted."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    Path("policy.yaml").write_text("retention: {keepLast: 5}\n")

    def follow(*words: str) -> list[str]:
        """Run a command, and the one that it says comes next; the words of that."""
        assert run(list(words)) == 0
        (told,) = re.findall(r"reconciler .*", capsys.readouterr().err.replace("FILE", "policy.yaml"))
        _, *following = shlex.split(told)
        assert run(following) == 0, following
        capsys.readouterr()
        return following

    here = ["-w", "my own/manifests"]
    roles = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
    assert follow("init", "my own") == ["plan", *here]
    assert follow("import", "--target", "acme", "--id", roles, *here) == ["plan", *here]
    assert follow("retention", "simulate", "--policy", "policy.yaml", "--save-snapshot", "a b", *here) == [
        *("retention", "simulate", "--snapshot", "a b", "--policy", "policy.yaml", *here)
    ]
    assert follow("apply", "--auto-approve", *here)[::2] == ["apply", "-w"]
    assert follow("plan", "--out", "the plan", *here) == ["apply", "the plan", *here]
    assert follow("plan", "--as-of", "2099-01-01", "--out", "that day", *here) == ["show", "that day"]
