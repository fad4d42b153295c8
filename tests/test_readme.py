"""What the README shows and claims holds: each command is typed, each output compared, each link followed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from reconciler.app.workspaces import check
from reconciler.cli.entry import run
from reconciler.cli.group import reconciler
from reconciler.cli.overview import COMMANDS
from tests.review.picture import TEXT, comment

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SH = [text for kind, text in BLOCKS if kind == "sh"]
SESSIONS = [text for kind, text in BLOCKS if kind == "console"]
COMMIT = re.compile(r"\b[0-9a-f]{12}\b")


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    """Commands, sessions, a plan, a manifest."""
    assert {kind for kind, _ in BLOCKS} == {"sh", "console", "text", "yaml"}
    assert len(BLOCKS) == len(re.findall(r"^```\w", README, re.MULTILINE))


def test_ci_runs_both_commands_word_for_word() -> None:
    """What CI proves from a clean checkout is what a reader types."""
    assert len(SH) == 2
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert [block.strip() in lines for block in SH] == [True, True]


def typed(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell prints, in a folder of its own, where this environment is the virtual environment."""
    identity = {
        f"GIT_{who}_{what}": "ada@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "HOME": str(folder), "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}
    command = ["bash", "-e", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("block", SH, ids=["demo", "tests"])
def test_a_set_up_command_runs(block: str, tmp_path: Path) -> None:
    """Its last part is typed as it stands; the environment that the first two make is the present one."""
    making, installing, running = block.strip().split(" && ")
    assert making == "python3 -m venv .venv"
    assert re.fullmatch(
        r"\.venv/bin/pip install --quiet --disable-pip-version-check (\.|--editable '\.\[dev\]')", installing
    )
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    # The tests cannot run inside of themselves: one of them stands for all.
    inside = " --numprocesses 0 tests/test_imports.py" if "pytest" in running else ""
    done = typed(running + inside, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("session", SESSIONS)
def test_a_session_prints_what_it_shows(session: str, tmp_path: Path) -> None:
    """Line by line; a command whose output is not shown only has to succeed."""
    parts = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    commands = [part.partition("\n")[0] for part in parts]
    shown = [part.partition("\n")[2] for part in parts]
    done = typed("\nprintf '\\0'\n".join(commands), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    printed = [told if wanted else "" for told, wanted in zip(done.stdout.split("\0"), shown, strict=True)]
    assert [COMMIT.sub("", text) for text in printed] == [COMMIT.sub("", text) for text in shown]


def test_the_last_apply_is_undone_as_it_says(tmp_path: Path) -> None:
    """Where there were others before it, each with an undo plan of its own."""
    (undo,) = re.findall(r"^\$ (reconciler apply .*undo.*?) *#", README, re.MULTILINE)
    script = f"""
        export DOMO_TOKEN=sandbox-token
        reconciler init .
        reconciler apply --auto-approve
        sed -i 's/values: .clients./values: [clients, x]/' manifests/datasets/mock_clients.yaml
        reconciler apply --auto-approve
        {undo}
        test "$(ls .reconciler/undo | wc -l)" = 3
        reconciler plan
    """
    done = typed(script, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-5:-1] == [
        "  ~ acme/mock_clients",
        '      tags         + tag "x"',
        "",
        "Plan: 0 to create, 1 to change, 0 unchanged.",
    ]


@pytest.mark.parametrize("manifest", [text for kind, text in BLOCKS if kind == "yaml"])
def test_a_manifest_is_valid(manifest: str, tmp_path: Path) -> None:
    """As it stands, beside what `init` has made for its reader, unless it brings a workspace of its own."""
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    if "kind: Workspace" not in manifest:
        assert run(["init", str(tmp_path)]) == 0
    (manifests / "manifest.yaml").write_text(manifest, "utf-8")
    assert check(manifests).diagnostics == ()


def test_the_plan_in_the_readme_is_real() -> None:
    """It is the plan of the scenario that the README links to."""
    (plan,) = [text for kind, text in BLOCKS if kind == "text"]
    assert plan in (ROOT / "tests/apply/every-facet-is-applied.txtar").read_text("utf-8")


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


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_in_the_readme_leads_somewhere(link: str) -> None:
    """Claims are linked to what proves them."""
    assert (ROOT / link).exists()


CLAIMS = re.findall(
    r"^- (It never .*?)(?=^- |^\n)", README.partition("## What it never does")[2], re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: "-".join(claim.split()[2:6]))
def test_every_claim_is_linked_to_its_test(claim: str) -> None:
    """A scenario, a test that pytest collects, or a campaign with a command of its own."""
    proofs = [ROOT / link for link in re.findall(r"\]\(([^)]+)\)", claim)]
    assert proofs
    for proof in proofs:
        text = proof.read_text("utf-8")
        assert proof.is_relative_to(ROOT / "tests")
        runs = "def test_" in text if proof.name.startswith("test_") else "__main__" in text
        assert proof.suffix == ".txtar" or runs


def test_what_is_measured_can_be_measured_again() -> None:
    """Each command in the table names what is there."""
    table = README.partition("## Measured")[2].partition("\n## ")[0]
    commands = re.findall(r"\| `([^`]+)` \|$", table, re.MULTILINE)
    assert len(commands) == len(re.findall(r"^\| (?!what|---)", table, re.MULTILINE))
    for command in commands:
        words = command.split()
        place = find_spec(words[2]) if words[0] == "python" else (ROOT / words[1]).exists()
        assert place, command
