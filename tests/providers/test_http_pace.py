"""How fast a target is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from reconciler.core.ports import Target
from reconciler.providers.http.pace import Pace, shared_pace
from tests.providers.wired import Clock


@pytest.mark.parametrize("rate", [0.5, 1, 3, 10])
def test_no_second_has_more_starts_than_allowed(rate: float) -> None:
    """A burst at first, then one for each that left the second."""
    clock = Clock()
    pace = Pace(rate, clock, clock.sleep)
    starts = []
    for _ in range(40):
        pace.take()
        starts.append(clock.now)
    burst = max(1, int(rate))
    assert all(later - earlier >= burst / rate for earlier, later in zip(starts, starts[burst:], strict=False))


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
