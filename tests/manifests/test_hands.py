"""Files that several processes look at are told of as if one had; whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.manifests import Loaded
from reconciler.manifests.cache import Fact
from reconciler.manifests.files import File, on_disk
from reconciler.manifests.hands import MOST, WORTH_IT, Seen, allotted, hands, seen_ahead
from reconciler.manifests.loader import load_files
from reconciler.planning import DATASET_GUARDS
from reconciler.providers import by_name
from tests.manifests.test_cache import DATASET, TODAY, WORKSPACE, told, write

CAPABILITIES = {name: provider.capabilities for name, provider in by_name().items()}


def loaded(root: Path, count: int) -> Loaded:
    return load_files(root, on_disk(root), CAPABILITIES, DATASET_GUARDS, today=TODAY, worth=lambda _: count)


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


def workspace(root: Path) -> Path:
    """Twelve datasets."""
    (root / "workspace.yaml").write_text(WORKSPACE)
    for number in range(12):
        (root / f"{number:02}.yaml").write_text(DATASET.format(number, "", "{tags: [x]}"))
    return root


SEEN = Seen(Fact("acme", "d", None, (), ("tags",), 3, 11), b"packed")


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0], ids=["killed", "failed"])
def test_what_a_process_leaves_undone_is_not_told(end: Callable[[], object]) -> None:
    """It ends at its third file; whoever asked looks at that one himself, and at the others."""

    def look(file: File) -> Seen | None:
        if file.path == "5":
            end()
        return SEEN

    files = [File(str(number), b"") for number in range(9)]
    assert list(seen_ahead(files, look, lambda _: 2)) == [None, SEEN, None, SEEN, None, None, None, None, None]
    assert_alone()


def assert_alone() -> None:
    """No other process of ours is left, not even one that has ended."""
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("look", [lambda _: None, lambda _: time.sleep(60)], ids=["many", "slow"])
def test_whoever_asks_no_further_leaves_no_process_behind(look: Callable[[File], None]) -> None:
    """An interrupt, say: the others end at once, with more to tell than a pipe holds or in the middle of a file."""
    files = [File(f"{number}.yaml", b"") for number in range(50_000)]
    before, begun = descriptors(), time.monotonic()
    answers = seen_ahead(files, look, lambda _: 4)
    assert next(answers) is None
    answers.close()
    assert time.monotonic() - begun < 10
    assert_alone()
    assert descriptors() == before


def test_it_is_no_matter_who_buries_the_processes(tmp_path: Path) -> None:
    """A supervisor may have left SIGCHLD ignored: then nobody can be waited for."""
    expected = told(loaded(workspace(tmp_path), 1))
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert told(loaded(tmp_path, 3)) == expected
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_signal_at_the_fork_is_for_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was there before; the other goes on as if nothing had been, and is ended."""
    fork = os.fork

    def interrupted() -> int:
        process = fork()
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        return process

    monkeypatch.setattr(os, "fork", interrupted)
    answers = seen_ahead([File(str(number), b"") for number in range(9)], lambda _: SEEN, lambda _: 2)
    # Whoever starts these tests in the background has the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(answers)
    finally:
        signal.signal(signal.SIGINT, before)
    assert_alone()


@pytest.mark.parametrize("left", [0, 1])
def test_where_no_process_is_to_be_had_one_does_all(left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files nor findings are lost, and no pipe is left open."""
    workspace(tmp_path)
    expected, before, fork, more = told(loaded(tmp_path, 1)), descriptors(), os.fork, [None] * left

    def scarce() -> int:
        if not more:
            raise BlockingIOError
        more.pop()
        return fork()

    monkeypatch.setattr(os, "fork", scarce)
    assert told(loaded(tmp_path, 4)) == expected
    assert descriptors() == before


@pytest.mark.parametrize(
    ("said", "cores"),
    [
        ({}, inf),
        ({"cpu.max": "max 100000\n"}, inf),
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": ""}, inf),
        ({"cpu/cpu.cfs_quota_us": "200000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 2.0),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, inf),
        ({"cpu/cpu.cfs_quota_us": "200000\n", "cpu/cpu.cfs_period_us": "0\n"}, inf),
        ({"cpu/cpu.cfs_quota_us": "200000\n"}, inf),
    ],
    ids=range(8),
)
def test_a_container_may_allot_less_than_all_cores(said: dict[str, str], cores: float, tmp_path: Path) -> None:
    """More processes than that would only wait for each other."""
    (tmp_path / "cpu").mkdir()
    for name, text in said.items():
        (tmp_path / name).write_text(text)
    assert allotted(tmp_path) == cores


def test_a_process_with_threads_is_not_doubled() -> None:
    """A lock that another thread holds would be held for good in the double."""
    assert hands(WORTH_IT - 1) == 1
    assert 1 <= hands(10**6) <= MOST
