"""What the documents promise holds."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler.app.codes import CODES
from reconciler.cli.group import reconciler
from reconciler.cli.overview import COMMANDS
from reconciler.manifests.yaml import read
from tests.review.picture import TEXT, comment

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SH_BLOCKS = re.findall(r"^```sh\n(.*?)^```", README.partition("## Quick start")[2], re.MULTILINE | re.DOTALL)


def test_quick_start_has_two_commands() -> None:
    """The first runs the main job, the second passes the tests."""
    assert len(SH_BLOCKS) == 2
    assert SH_BLOCKS[0].rstrip().endswith("reconciler demo")
    assert "pytest" in SH_BLOCKS[1]


def test_ci_runs_the_second_command_word_for_word() -> None:
    """What CI proves is what a reader types."""
    assert SH_BLOCKS[1].strip() in (ROOT / ".ci/run").read_text("utf-8").splitlines()


@pytest.mark.parametrize("block", re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_every_session_in_the_readme_runs(block: str, tmp_path: Path) -> None:
    """Its lines are typed into a shell, in an empty folder; none of them fails."""
    (tmp_path / "bin").mkdir()
    tool = tmp_path / "bin/reconciler"
    tool.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c 'from reconciler.cli import main; main()' \"$@\"\n")
    tool.chmod(0o755)
    identity = {
        f"GIT_{who}_{what}": "ada@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    lines = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
    assert lines
    command = ["bash", "-e", "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_picture_of_a_comment_is_of_what_is_printed(tmp_path: Path) -> None:
    """`python -m tests.review.picture` makes the picture from this text."""
    assert TEXT.read_text("utf-8") == comment(tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    """The table in the README has a row for each command, and each says what it does."""
    assert f"| `{name}` |" in README
    command = reconciler.get_command(click.Context(reconciler), name)
    assert command is not None
    assert command.help


def test_the_plan_in_the_readme_is_real() -> None:
    """It is the plan of the scenario that the README links to."""
    plan = re.findall(r"^```text\n(  ~ acme/covid.*?)^```", README, re.MULTILINE | re.DOTALL)[0]
    assert plan in (ROOT / "tests/apply/every-facet-is-applied.txtar").read_text("utf-8")


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_in_the_readme_leads_somewhere(link: str) -> None:
    """Claims are linked to what proves them."""
    assert (ROOT / link).exists()


CODE_AT = {"Diagnostic": 0, "Failed": 1, "Complaint": 1, "blocked": 2, "unknown_name": 0}
"""Which argument of what raises a diagnostic is its code."""


def test_every_code_that_is_raised_is_explained() -> None:
    """Whatever names a code, `reconciler explain` knows it."""
    calls = [
        node
        for path in (ROOT / "reconciler").rglob("*.py")
        if "sandbox" not in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODE_AT
    ]
    named = [call.args[CODE_AT[call.func.id]] for call in calls if isinstance(call.func, ast.Name) and call.args]
    raised = {str(code.value) for code in named if isinstance(code, ast.Constant)}
    assert len(raised) > 20
    assert sorted(raised - set(CODES)) == []


def test_nothing_committed_names_a_package_index() -> None:
    """No lock file, no index address."""
    words = ("pythonhosted", "/simple/", "registry.npm")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()  # noqa: S607
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace") for name in listed.split("\0") if name}
    texts.pop("tests/test_docs.py", None)
    assert [name for name, text in texts.items() if any(word in text for word in words)] == []


def test_the_pre_commit_hooks_are_commands() -> None:
    """What `.pre-commit-hooks.yaml` offers can be run."""
    hooks = read((ROOT / ".pre-commit-hooks.yaml").read_bytes()).documents[0].data
    assert isinstance(hooks, list)
    assert [hook["entry"] for hook in hooks] == ["reconciler validate", "reconciler fmt"]
    assert {hook["entry"].split()[1] for hook in hooks} <= set(COMMANDS)
