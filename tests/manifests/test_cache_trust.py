"""Which program's cache counts, and where one may lie."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import reconciler
from reconciler.app.caching import cache_folder
from reconciler.app.unchanged import unchanged
from reconciler.app.workspaces import Selection, check, desired, open_workspace
from reconciler.manifests.cache import Cache, Known, context_of
from reconciler.manifests.yaml import plain

TEXTS = {
    "workspace.yaml": """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: "https://acme.example", token: {env: T}, actor: "user:#900"}
""",
    "one.yaml": """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: d, target: acme, id: '1'}
spec: {tags: [x]}
""",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "manifests"
    root.mkdir()
    for name, text in TEXTS.items():
        (root / name).write_text(text)
    return root


def packages(folder: Path, *names: str) -> str:
    """A folder in which so many packages are installed."""
    for name in names:
        (folder / name).mkdir(parents=True)
    return str(folder)


def installed(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a folder hold what pip installed of this package, and this be it."""
    record = folder / f"reconciler-{reconciler.__version__}.dist-info" / "RECORD"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(source)
    monkeypatch.setattr(reconciler, "__file__", str(folder / "reconciler/__init__.py"))


def test_a_package_more_or_less_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By names and versions; whatever else changes where packages are, and whatever time it says, is no matter."""
    folder = packages(tmp_path / "lib", "a-1.0.dist-info", "a")
    monkeypatch.setattr(sys, "path", [*sys.path, folder, str(tmp_path / "nowhere")])
    before = context_of([])
    (tmp_path / "lib/a/module.pyc").write_text("")
    (tmp_path / "lib/__pycache__").mkdir()
    assert context_of([]) == before
    packages(tmp_path / "lib", "b-1.0.dist-info")
    assert context_of([]) != before
    (tmp_path / "lib/b-1.0.dist-info").rmdir()
    (tmp_path / "lib/a-1.0.dist-info").rename(tmp_path / "lib/a-1.1.dist-info")
    assert context_of([]) != before


def test_another_commit_of_the_same_version_is_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files may have the same names and times: their digests are in what pip noted."""
    installed(tmp_path, "reconciler/app/x.py,sha256=a,1\n", monkeypatch)
    before = context_of([])
    assert context_of([]) == before
    installed(tmp_path, "reconciler/app/x.py,sha256=b,1\n", monkeypatch)
    assert context_of([]) != before


def test_where_the_program_cannot_be_told_there_is_no_cache(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside an archive, or where files go away meanwhile: everything is read."""
    (tmp_path / "app.pyz").write_bytes(b"PK")
    monkeypatch.setattr(reconciler, "__file__", str(tmp_path / "app.pyz/reconciler/__init__.py"))
    for _ in range(2):
        assert check(workspace, caches=tmp_path / "caches").manifests == 2
        assert unchanged(workspace, tmp_path / "caches") is None
    assert not (tmp_path / "caches").exists()


def test_a_path_to_packages_that_are_not_there_is_no_reason_to_complain(workspace: Path, tmp_path: Path) -> None:
    """Python passes over it, too."""
    for _ in range(2):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", "from reconciler.cli import main; main()", "validate", "-w", str(workspace)],
            env={"PYTHONPATH": "/nope/site-packages", "RECONCILER_CACHE": str(tmp_path / "caches")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "2 manifests are valid.\n"), done.stderr


def test_what_was_found_counts_where_the_fast_parser_has_gone(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan then reads with care what the cache knows."""
    before = desired(open_workspace(workspace, tmp_path / "caches"), Selection()).datasets[0].sections
    monkeypatch.setattr(plain, "parse", None)
    after = desired(open_workspace(workspace, tmp_path / "caches"), Selection()).datasets[0].sections
    assert dict(after) == dict(before) != {}


def test_what_could_not_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """No part of a cache beside the place where it should be."""
    cache = Cache(tmp_path, Path("manifests"))
    cache.save(Known("x"))
    (file,) = tmp_path.iterdir()
    file.unlink()
    (file / "in-the-way").mkdir(parents=True)
    cache.save(Known("x"))
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"RECONCILER_CACHE": "/x"}, "/x"),
        ({"RECONCILER_CACHE": "", "HOME": "/home/a"}, None),
        ({"RECONCILER_CACHE": "caches"}, None),
        ({"RECONCILER_CACHE": "{checkout}/caches"}, None),
        ({"RECONCILER_CACHE": "{checkout}/../link"}, None),
        ({"XDG_CACHE_HOME": "{checkout}/.cache"}, None),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/home/a"}, "/x/reconciler"),
        ({"HOME": "/home/a"}, "/home/a/.cache/reconciler"),
        ({"HOME": "{checkout}"}, None),
        ({}, None),
    ],
)
def test_no_checkout_can_bring_a_cache_along(environ: Mapping[str, str], folder: str | None, tmp_path: Path) -> None:
    """It lies neither in the workspace's repository nor, by a relative name, wherever this happens to run."""
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to(checkout)
    told = {name: text.replace("{checkout}", str(checkout)) for name, text in environ.items()}
    assert cache_folder(told, checkout / "manifests") == (Path(folder) if folder else None)


def test_without_a_repository_the_workspace_itself_brings_none_along(tmp_path: Path) -> None:
    """An archive of manifests may have been unpacked there."""
    assert cache_folder({"RECONCILER_CACHE": str(tmp_path / "manifests/c")}, tmp_path / "manifests") is None
    assert cache_folder({"RECONCILER_CACHE": str(tmp_path / "c")}, tmp_path / "manifests") == tmp_path / "c"
