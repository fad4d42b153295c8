"""What is read once for each dataset is read for many datasets at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from reconciler.providers.once import once

BOTH = threading.Barrier(2, timeout=5)


class Thing:
    def __init__(self) -> None:
        self.asked = 0

    @once
    def value(self) -> int:
        self.asked += 1
        BOTH.wait()
        return self.asked


def test_two_objects_are_worked_out_at_the_same_time() -> None:
    """Neither waits for the other, and each is asked once: `functools.cached_property` would make them queue."""
    things = Thing(), Thing()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda thing: thing.value, things)) == [1, 1]
    assert [thing.value for thing in things] == [1, 1]
