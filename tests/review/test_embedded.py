"""A bare repository that a branch brings along is not taken for the repository, and no filter is run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.app.git import GitError, checkout
from reconciler.app.source import plan_source
from reconciler.app.workspaces import check
from reconciler.cli.entry import run

from .repository import WORKSPACE, commit, dataset, git, repository, write
from .tricks import HIT, embedded

BASE = {"manifests/workspace.yaml": WORKSPACE, "manifests/a.yaml": dataset("a", "{tags: [x]}")}
HEAD = {**BASE, "manifests/a.yaml": dataset("a", "{tags: [y]}")}
OLDER = """\
#!/bin/bash
for word; do
  if [ "$word" = safe.bareRepository=explicit ]; then unset 'words[-1]'; else words+=("$word"); fi
done
exec {git} "${{words[@]}}"
"""


@pytest.fixture(params=["this git", "an older git"])
def fork(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a bare one in its folder of manifests; the older git knows no `safe.bareRepository`."""
    fork = tmp_path / "fork"
    fork.mkdir()
    repository(fork, BASE, HEAD)
    embedded(fork)
    monkeypatch.chdir(fork)
    if request.param == "an older git":
        older = tmp_path / "bin/git"
        older.parent.mkdir()
        older.write_text(OLDER.format(git=shutil.which("git")))
        older.chmod(0o755)
        monkeypatch.setenv("PATH", str(older.parent), prepend=os.pathsep)
    return fork


@pytest.mark.parametrize("head", [["--head", "change"], []], ids=["commit", "disk"])
def test_it_does_not_hide_what_changes(fork: Path, head: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its base is its head; that of the repository is not."""
    assert (fork / "manifests/HEAD").exists()
    assert run(["review", "--base", "main", *head]) == 0
    assert "Review: 1 changed, 0 new, 0 no longer governed." in capsys.readouterr().out


def test_it_does_not_say_where_a_plan_comes_from(fork: Path) -> None:
    """The commit is the repository's own, and whatever runs when files are compared did not."""
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    source = plan_source(workspace)
    assert (source.commit, source.dirty) == (git(fork, "rev-parse", "HEAD"), False)
    assert not (fork.parent / "hit").exists()


def _pipe(at: Path) -> None:
    os.mkfifo(at)


def _circle(at: Path) -> None:
    at.symlink_to(at.name)


def _folder(**files: str) -> Callable[[Path], None]:
    def make(at: Path) -> None:
        at.mkdir()
        write(at, files)

    return make


def _file(content: bytes) -> Callable[[Path], object]:
    return lambda at: at.write_bytes(content)


NO_REPOSITORIES: Mapping[str, Callable[[Path], object]] = {
    "a broken one": _folder(HEAD="ref: ../../outside"),
    "an empty folder": _folder(),
    "a pipe": _pipe,
    "a link to itself": _circle,
    "a file": _file(b"x"),
    "a file that leads nowhere": _file(b"gitdir: nowhere\n"),
    "a file that leads to no name": _file(b"gitdir: \0\n"),
}


@pytest.mark.parametrize("found", NO_REPOSITORIES)
def test_it_does_not_stand_in_for_a_repository_that_git_cannot_read(fork: Path, found: str) -> None:
    """Git goes on looking where a `.git` is none, first in the same folder."""
    for name in ("HEAD", "config", "objects", "refs", "index", "info"):
        (fork / "manifests" / name).rename(fork / name)
    shutil.rmtree(fork / ".git")
    NO_REPOSITORIES[found](fork / ".git")
    with pytest.raises(GitError, match=r"git does not take .*/\.git for a repository"):
        checkout(Path("manifests"))


def test_a_clones_own_filter_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in a file is what counts, not what a filter would make of it; a mere touch changes nothing."""
    fork = tmp_path / "fork"
    fork.mkdir()
    repository(fork, BASE, {**HEAD, ".gitattributes": "* filter=evil\n"})
    git(fork, "config", "filter.evil.clean", HIT.format(at=fork))
    monkeypatch.chdir(fork)
    for path in Path("manifests").iterdir():
        path.touch()
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    assert plan_source(workspace).dirty is False
    assert not (tmp_path / "hit").exists()


@pytest.mark.parametrize(
    ("files", "dirty"),
    [
        ({}, False),
        ({"manifests/a.yaml": HEAD["manifests/a.yaml"].replace("\n", "\r\n")}, False),
        ({"manifests/a.yaml": BASE["manifests/a.yaml"]}, True),
        ({"manifests/new.yaml": dataset("new", "{tags: [x]}", "2")}, True),
        ({"manifests/notes.txt": "x", "elsewhere.yaml": "x"}, False),
    ],
    ids=["nothing", "line ends", "a change", "a new manifest", "what is no manifest"],
)
def test_what_counts_as_not_committed(
    files: dict[str, str], *, dirty: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Manifests, whoever tracks them; how a checkout ends its lines does not."""
    repository(tmp_path, BASE, HEAD)
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        Path(name).write_bytes(text.encode())
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    assert plan_source(workspace).dirty is dirty


def test_a_manifest_that_is_gone_is_not_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, BASE, HEAD)
    monkeypatch.chdir(tmp_path)
    Path("manifests/a.yaml").unlink()
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    assert plan_source(workspace).dirty is True


@pytest.mark.parametrize("bare", [False, True])
def test_a_linked_work_tree_has_its_own_commit(*, bare: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its `.git` is a file; the repository it leads to may be a bare one."""
    (tmp_path / "one").mkdir()
    base, _ = repository(tmp_path / "one", BASE, HEAD)
    git(tmp_path, "clone", "--quiet", *(["--bare"] if bare else []), "one", "two")
    git(tmp_path / "two", "worktree", "add", "--quiet", "--detach", "../three", base)
    monkeypatch.chdir(tmp_path / "three")
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    source = plan_source(workspace)
    assert (source.commit, source.dirty) == (base, False)


def test_a_submodule_has_its_own_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that of the repository around it."""
    for name in ("inner", "outer"):
        (tmp_path / name).mkdir()
    _, inner = repository(tmp_path / "inner", BASE, HEAD)
    repository(tmp_path / "outer", {"README": "x"}, {"README": "y"})
    allowed = ("-c", "protocol.file.allow=always")
    git(tmp_path / "outer", *allowed, "submodule", "--quiet", "add", "../inner", "sub")
    monkeypatch.chdir(tmp_path / "outer/sub")
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    source = plan_source(workspace)
    assert (source.commit, source.dirty) == (inner, False)


def test_what_hooks_are_told_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git tells a hook's programs where its repository is, from where it stood; a workspace is where it lies."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        repository(tmp_path / name, BASE, HEAD)
    monkeypatch.chdir(tmp_path / "one")
    expected = commit(tmp_path / "one", "later")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "two/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "two"))
    workspace = check(Path("manifests")).workspace
    assert workspace is not None
    assert plan_source(workspace).commit == expected


def test_a_file_that_is_not_what_its_id_says_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git gives out what is stored under an id unread: ids are checked, lest a base be forged."""
    repository(tmp_path, BASE, HEAD)
    monkeypatch.chdir(tmp_path)
    names = [git(tmp_path, "rev-parse", f"{ref}:manifests/a.yaml") for ref in ("main", "change")]
    old, new = (tmp_path / ".git/objects" / name[:2] / name[2:] for name in names)
    old.chmod(0o644)
    shutil.copyfile(new, old)
    assert run(["review", "--base", "main"]) == 1
    assert f"the file with id {names[0][:12]} holds something else" in capsys.readouterr().err
