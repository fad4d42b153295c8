"""Files that several processes look at are told of as if one had; whatever becomes of the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.app.liftable import GUARD_CODES
from reconciler.manifests import Loaded
from reconciler.manifests.files import File, on_disk
from reconciler.manifests.hands import MOST, WORTH_IT, hands, seen_ahead
from reconciler.manifests.loader import load_files
from reconciler.manifests.reading import Folder, read_file
from reconciler.providers import by_name
from tests.manifests.test_cache import DATASET, TODAY, WORKSPACE, told, write

CAPABILITIES = {name: provider.capabilities for name, provider in by_name().items()}


def loaded(root: Path, count: int, reader: Callable[[File], Folder] = read_file) -> Loaded:
    return load_files(root, on_disk(root), CAPABILITIES, GUARD_CODES, reader, today=TODAY, count=lambda _: count)


def descriptors() -> int:
    """How many files are open here, where that can be told."""
    opened = Path("/proc/self/fd")
    return len([*opened.iterdir()]) if opened.is_dir() else 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**64), count=st.integers(2, 4))
def test_many_hands_tell_what_one_tells(seed: int, count: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Good files and bad ones, twice the same name: the same findings, places, counts and datasets."""
    root, random = tmp_path_factory.mktemp("edits"), Random(seed)  # noqa: S311
    (root / "workspace.yaml").write_text(WORKSPACE)
    for _ in range(25):
        write(root, random)
    assert told(loaded(root, count)) == told(loaded(root, 1))


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0], ids=["killed", "failed"])
def test_what_a_process_leaves_undone_is_looked_at(end: Callable[[], object], tmp_path: Path) -> None:
    """It ends at its third file; nothing is missing, nothing is told twice, and no process is left behind."""
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    for number in range(12):
        (tmp_path / f"{number:02}.yaml").write_text(DATASET.format(number, "", "{tags: [x]}"))
    here = os.getpid()

    def reader(file: File) -> Folder:
        if os.getpid() != here and file.path.endswith("05.yaml"):
            end()
        return read_file(file)

    assert told(loaded(tmp_path, 2, reader)) == told(loaded(tmp_path, 1))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_whoever_asks_no_further_leaves_no_process_behind() -> None:
    """An interrupt, say: the others end although they have more to tell than a pipe holds."""
    files = [File(f"{number}.yaml", b"") for number in range(50_000)]
    before = descriptors()
    answers = seen_ahead(files, lambda _: None, lambda _: 4)
    assert [next(answers) for _ in range(5)] == [None] * 5
    answers.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert descriptors() == before


@pytest.mark.parametrize("left", [0, 1])
def test_where_no_process_is_to_be_had_one_does_all(left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files nor findings are lost, and no pipe is left open."""
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    for number in range(12):
        (tmp_path / f"{number:02}.yaml").write_text(DATASET.format(number % 9, "", "{tags: [x]}"))
    expected, before, fork, more = told(loaded(tmp_path, 1)), descriptors(), os.fork, [None] * left

    def scarce() -> int:
        if not more:
            raise BlockingIOError
        more.pop()
        return fork()

    monkeypatch.setattr(os, "fork", scarce)
    assert told(loaded(tmp_path, 4)) == expected
    assert descriptors() == before


def test_a_process_with_threads_is_not_doubled() -> None:
    """A lock that another thread holds would be held for good in the double."""
    assert hands(WORTH_IT - 1) == 1
    assert 1 <= hands(10**6) <= MOST
