"""Threads that ask side by side, and where they work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reconciler.app import crew as crews
from reconciler.app.crew import MANY, crew

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads roam")


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system tells of how much runs: nothing but this test."""
    told = tmp_path / "loadavg"
    told.write_text("0.20 0.18 0.12 1/80 11206\n", "ascii")
    monkeypatch.setattr(crews, "LOAD", told)
    return told


def cores(workers: int) -> list[set[int]]:
    """The cores that each of `workers` threads may use."""
    with crew(workers, "read") as pool:
        return list(pool.map(lambda _: os.sched_getaffinity(0), range(4 * workers)))


def test_many_threads_keep_to_one_core(load: Path) -> None:
    """On several, each would wake others that cannot work yet."""
    del load
    assert {len(each) for each in cores(MANY)} == {1}


def test_few_threads_roam(load: Path) -> None:
    """They wait for answers most of the time."""
    del load
    assert cores(MANY - 1) == [os.sched_getaffinity(0)] * 4 * (MANY - 1)


def test_threads_roam_where_others_need_the_cores(load: Path) -> None:
    """One that is shared could not be left."""
    load.write_text(f"9.20 8.18 7.12 {len(os.sched_getaffinity(0)) + 1}/80 11206\n", "ascii")
    assert cores(MANY) == [os.sched_getaffinity(0)] * 4 * MANY


@pytest.mark.parametrize("told", ["", "0.2 0.1 0.1", "0.2 0.1 0.1 x/1 1"])
def test_threads_roam_where_nothing_is_known(load: Path, told: str) -> None:
    """A container may hide what runs."""
    load.write_text(told, "ascii")
    assert cores(MANY) == [os.sched_getaffinity(0)] * 4 * MANY


def test_whoever_has_read_roams_again(load: Path) -> None:
    """Whatever ends the reading."""
    del load
    before = os.sched_getaffinity(0)
    cores(MANY)
    assert os.sched_getaffinity(0) == before

    def interrupted() -> None:
        with crew(MANY, "read"):
            assert len(os.sched_getaffinity(0)) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert os.sched_getaffinity(0) == before
