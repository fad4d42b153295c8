"""A review is safe on a stranger's fork: it opens nothing outside, runs nothing but git, and asks no network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from zoneinfo import TZPATH

import pytest

from reconciler.cli.entry import run

from .audited import HERE, Auditor, children
from .clone_tricks import LEFT
from .repository import WORKSPACE, commit, dataset, git, repository, write
from .tricks import COMMITTED

CANARY = "canary-outside-the-repository"
OURS = tuple(os.path.realpath(place) for place in (sys.prefix, sys.base_prefix, *TZPATH, str(HERE), os.devnull))
"""Python, with what it knows of time zones, and the product."""


@pytest.fixture(scope="module")
def auditor() -> Iterator[Auditor]:
    process = Auditor()
    yield process
    process.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound repository with one change, and what must not be read beside it."""
    whole = tmp_path_factory.mktemp("template")
    write(whole / "outside", {"secret.yaml": dataset(CANARY, "{tags: [x]}", "77")})
    (whole / "fork").mkdir()
    files = {"manifests/workspace.yaml": WORKSPACE, "manifests/a.yaml": dataset("a", "{tags: [x]}")}
    repository(whole / "fork", files, {**files, "manifests/a.yaml": dataset("a", "{tags: [y]}")})
    return whole


@pytest.mark.parametrize("head", [["--head", "change"], []], ids=["commit", "disk"])
@pytest.mark.parametrize("trick", [*COMMITTED, *LEFT])
def test_a_fork_cannot_make_a_review_run_or_read_anything(
    trick: str, head: list[str], tmp_path: Path, template: Path, auditor: Auditor
) -> None:
    """No program but git, none that git starts, no connection, no file outside, no word of it; within five seconds."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True, symlinks=True)
    fork = tmp_path / "fork"
    {**COMMITTED, **LEFT}[trick](fork)
    if trick in COMMITTED:
        commit(fork, "trick")
    (tmp_path / "hit").unlink(missing_ok=True)  # committing is not what is tested
    begun = time.monotonic()
    seen = auditor.run(fork, tmp_path / "trace", ["review", "--base", "refs/heads/main", *head])
    assert time.monotonic() - begun < 5
    assert seen.code in {0, 1}, seen.printed
    assert [word for word in (CANARY, "Traceback", "should not have happened") if word in seen.printed] == []
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", seen.printed) is None
    assert seen.started <= {"git"}
    assert seen.by_git == ()
    assert [path for path in seen.opened if not path.startswith((f"{fork}/", *OURS))] == []
    assert list(tmp_path.rglob("hit")) == []


def test_what_a_review_does_is_seen(tmp_path: Path, template: Path, auditor: Auditor) -> None:
    """The controls: what it opens and starts is noted, and what porcelain would have started is."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    fork, trace = tmp_path / "fork", tmp_path / "trace"
    seen = auditor.run(fork, trace, ["review", "--base", "main"])
    assert (seen.code, sorted(seen.started), len(seen.by_git)) == (0, ["git"], 0)
    assert str(fork / "manifests/a.yaml") in seen.opened
    COMMITTED["programs for the rest"](fork)
    environment = {**os.environ, "GIT_TRACE2_EVENT": str(trace)}
    subprocess.run(["git", "status"], cwd=fork, env=environment, check=False, capture_output=True)  # noqa: S607
    assert "touch" in str(children(trace))
    assert (tmp_path / "hit").exists()


def test_a_workspace_that_is_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the folder itself nor one on the way to it: no command reads, quotes or rewrites what lies elsewhere."""
    repository(tmp_path, {"real/manifests/workspace.yaml": WORKSPACE}, {"real/manifests/workspace.yaml": WORKSPACE})
    monkeypatch.chdir(tmp_path)
    Path("manifests").symlink_to("real/manifests")
    Path("way").symlink_to("real")
    commands = (["review", "--base", "main"], ["validate"], ["plan"], ["access", "--dataset", "*"], ["fmt"])
    for workspace, command in product(("manifests", "way/manifests"), commands):
        assert run([*command, "-w", workspace]) == 1
        assert "is a link, and links are not followed" in capsys.readouterr().err
    assert run(["review", "--base", "main", "-w", "real/manifests"]) == 0


@pytest.mark.parametrize("ref", ["nowhere", "--all", "-x", "HEAD:manifests", "", "main..change", "a\nb", "x" * 5_000])
def test_what_is_no_commit_is_said_to_be_none(
    ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with a way out; a ref cannot become a flag of git."""
    repository(tmp_path, {"manifests/workspace.yaml": WORKSPACE}, {"manifests/workspace.yaml": WORKSPACE})
    monkeypatch.chdir(tmp_path)
    assert run(["review", f"--base={ref}"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error:\ngit-unreadable: ")


@pytest.mark.parametrize("ref", ["main", "main~0", "origin/main", "SHORT"])
def test_a_tag_cannot_stand_for_what_it_is_named_after(
    ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git would take the tag, whatever it has been told of warnings; what is named in full means one thing."""
    base, _ = repository(tmp_path, {"manifests/workspace.yaml": WORKSPACE}, {"manifests/workspace.yaml": WORKSPACE})
    git(tmp_path, "update-ref", "refs/remotes/origin/main", base)
    ref = ref.replace("SHORT", base[:8])
    for name in ("main", "origin/main", base[:8], base, "refs/heads/main"):
        git(tmp_path, "update-ref", f"refs/tags/{name}", "HEAD")
    git(tmp_path, "update-ref", "refs/heads/HEAD", base)
    git(tmp_path, "config", "core.warnAmbiguousRefs", "false")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    for command in (["review", "--base", ref], ["review", "--base", "HEAD", "--head", ref]):
        assert run(command) == 1
        assert capsys.readouterr().err == (
            f"Error:\ngit-unreadable: {ref!r} has more than one meaning here, such as a branch and a tag\n"
            "  Name it in full, such as refs/heads/main or refs/remotes/origin/main; a commit, by its whole id.\n"
        )
    for full in ("refs/heads/main", "refs/remotes/origin/main", "refs/heads/main~0", base):
        assert run(["review", "--base", full]) == 0
        assert capsys.readouterr().out.startswith(f"{base[:12]} -> work tree")


def test_outside_a_repository_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["review", "--base", "main"]) == 1
    assert "is in no git work tree" in capsys.readouterr().err
