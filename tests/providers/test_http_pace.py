"""How fast a target is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import monotonic

import pytest

from reconciler.core.ports import Target
from reconciler.providers.http.pace import Pace, shared_pace
from tests.providers.wired import Clock


@pytest.mark.parametrize("rate", [0.5, 1, 3, 3.5, 10, 50])
def test_no_second_has_more_starts_than_allowed(rate: float) -> None:
    """Half of them at once, the others evenly; below one a second, one in as many seconds."""
    clock = Clock()
    pace = Pace(rate, clock, clock.sleep)
    starts = []
    for _ in range(120):
        pace.take()
        starts.append(clock.now)
    most = max(1, int(rate))
    assert all(later - earlier > max(1, 1 / rate) for earlier, later in zip(starts, starts[most:], strict=False))
    at_once = sum(start == 0 for start in starts)
    assert at_once == (most + 1) // 2


def test_a_late_start_makes_no_other_late() -> None:
    """Waking takes a while, each time; of 50 a second 48 are used all the same."""
    clock = Clock()
    pace = Pace(50, clock, lambda seconds, _: clock.sleep(seconds + 0.005))
    for _ in range(500):
        pace.take()
    assert clock.now < 500 / 48 + 0.01


def test_whoever_wakes_late_counts_from_then() -> None:
    """A thread may sleep a fifth of a second too long; no second has more than allowed all the same."""
    clock, chance = Clock(), Random(7)  # noqa: S311 - the same in every run
    pace = Pace(50, clock, lambda seconds, _: clock.sleep(seconds + (0.2 if chance.random() < 0.05 else 0.0)))
    starts = []
    for _ in range(1000):
        pace.take()
        starts.append(clock.now)
    assert all(later - earlier > 1.0 for earlier, later in zip(starts, starts[50:], strict=False))


def test_what_arrives_unevenly_is_in_no_second_too_often() -> None:
    """On its way every attempt takes up to 40 ms longer than another; the server counts arrivals."""
    clock, chance = Clock(), Random(7)  # noqa: S311 - the same in every run
    pace = Pace(50, clock, clock.sleep)
    arrivals = []
    for _ in range(2000):
        pace.take()
        arrivals.append(clock.now + chance.uniform(0.0, 0.04))
    arrivals.sort()
    assert all(later - earlier >= 1.0 for earlier, later in zip(arrivals, arrivals[50:], strict=False))


def test_threads_share_one_pace() -> None:
    """Eight threads are not eight times as fast."""
    pace = Pace(50)
    starts: list[float] = []

    def work(_: int) -> None:
        pace.take()
        starts.append(monotonic())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(101)))
    assert max(starts) - min(starts) >= 2.0


def test_a_pause_holds_everybody() -> None:
    """One 429 stops all threads of a target."""
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)
    pace.take()
    pace.pause(7)
    pace.pause(3)
    pace.take()
    assert clock.now == 7.0


def test_two_sessions_with_one_target_share_its_pace() -> None:
    """A plan's reads and the writes of the apply that follows count together."""
    target = Target("acme", "domo", "https://acme.example", "canary-domo-token-4711", requests_per_second=2)
    assert shared_pace(target) is shared_pace(target)
    assert shared_pace(target) is not shared_pace(Target("acme", "domo", "https://acme.example", "t"))
