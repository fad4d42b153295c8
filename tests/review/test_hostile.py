"""A review is safe on a stranger's fork: it opens nothing outside, runs nothing but git, and asks no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.entry import run

from .repository import WORKSPACE, commit, dataset, git, repository, write

CANARY = "canary-outside-the-repository"

AUDITED = """
import json, sys
seen = []
def note(event, arguments):
    if event in {"subprocess.Popen", "os.exec", "os.system", "socket.connect", "socket.getaddrinfo", "os.posix_spawn"}:
        seen.append([event, str(arguments[0])])
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        seen.append([event, str(arguments[0])])
sys.addaudithook(note)
from reconciler.cli.entry import run
code = run(sys.argv[1:])
sys.stderr.write("\\0" + json.dumps([code, seen]))
"""


def link_file(folder: Path) -> None:
    (folder / "manifests/secret.yaml").symlink_to(folder.parent / "outside/secret.yaml")


def link_folder(folder: Path) -> None:
    (folder / "manifests/linked").symlink_to(folder.parent / "outside")


def link_upwards(folder: Path) -> None:
    (folder / "manifests/loop").symlink_to("..")


def strange_names(folder: Path) -> None:
    for number, name in enumerate(("-rf", "new\nline", "::error::x", "$(touch hit)", "'; touch hit #", "\x1b[31m")):
        write(folder, {f"manifests/{name}.yaml": dataset(f"d{number}", "{tags: [x]}", str(number + 10))})


def attributes(folder: Path) -> None:
    """Programs that porcelain would run."""
    write(folder, {".gitattributes": "* diff=evil filter=evil merge=evil\n"})
    for name in ("diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager", "filter.evil.smudge"):
        git(folder, "config", name, f"touch {folder.parent}/hit; cat")


def hooks(folder: Path) -> None:
    for name in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change"):
        path = folder / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {folder.parent}/hit\n")
        path.chmod(0o755)


def submodule(folder: Path) -> None:
    write(folder, {".gitmodules": '[submodule "x"]\n\tpath = manifests/sub\n\turl = http://127.0.0.1:9/x\n'})
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},manifests/sub")


def large(folder: Path) -> None:
    """Compresses to nothing in git, and is far more than is read."""
    with (folder / "manifests/large.yaml").open("wb") as file:
        file.truncate(50 * 2**20)


def bomb(folder: Path) -> None:
    write(folder, {"manifests/bomb.yaml": "[" * 500_000, "manifests/alias.yaml": "a: &a [x]\nb: [*a, *a]\n"})


TRICKS = (link_file, link_folder, link_upwards, strange_names, attributes, hooks, submodule, large, bomb)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
@pytest.mark.parametrize("head", [["--head", "change"], []], ids=["commit", "disk"])
def test_a_fork_cannot_make_a_review_run_or_read_anything(
    trick: Callable[[Path], None], head: list[str], tmp_path: Path
) -> None:
    """Python's own audit events tell every process, connection and file; all within five seconds."""
    outside, folder = tmp_path / "outside", tmp_path / "repository"
    write(outside, {"secret.yaml": dataset(CANARY, "{tags: [x]}", "77")})
    folder.mkdir()
    files = {"manifests/workspace.yaml": WORKSPACE, "manifests/a.yaml": dataset("a", "{tags: [x]}")}
    repository(folder, files, {**files, "manifests/a.yaml": dataset("a", "{tags: [y]}")})
    trick(folder)
    commit(folder, "trick")
    (tmp_path / "hit").unlink(missing_ok=True)  # committing is not what is tested
    begun = time.monotonic()
    code, seen, out, err = audited(folder, "review", "--base", "main", *head)
    assert time.monotonic() - begun < 5
    assert code in {0, 1}
    assert CANARY not in out + err
    assert "Traceback" not in err
    assert {what for event, what in seen if event != "open"} <= {"git"}
    allowed = (str(folder), *map(os.path.realpath, (sys.prefix, sys.base_prefix)), str(Path(__file__).parents[2]))
    opened = {what for event, what in seen if event == "open" and Path(what).is_absolute()}
    assert [what for what in opened if not os.path.realpath(what).startswith((*allowed, "/dev/null"))] == []
    assert str(outside) not in str(opened)
    assert not (tmp_path / "hit").exists()


def audited(folder: Path, *arguments: str) -> tuple[int, list[tuple[str, str]], str, str]:
    """A command in a process that notes what it opens, runs and connects to."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", AUDITED, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    err, _, notes = done.stderr.rpartition("\0")
    code, seen = json.loads(notes)
    return code, [(event, what) for event, what in seen], done.stdout, err


def test_a_workspace_that_is_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the folder itself nor one on the way to it."""
    repository(tmp_path, {"real/manifests/workspace.yaml": WORKSPACE}, {"real/manifests/workspace.yaml": WORKSPACE})
    monkeypatch.chdir(tmp_path)
    Path("manifests").symlink_to("real/manifests")
    Path("way").symlink_to("real")
    for workspace in ("manifests", "way/manifests"):
        assert run(["review", "--base", "main", "-w", workspace]) == 1
        assert "leads through a symbolic link" in capsys.readouterr().err
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


def test_outside_a_repository_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["review", "--base", "main"]) == 1
    assert "is in no git work tree" in capsys.readouterr().err
