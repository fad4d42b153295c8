"""How often a write is made anew, and how long that takes."""

from __future__ import annotations

import pytest

from reconciler.core.ports import ProviderError
from reconciler.execution.tries import ATTEMPTS, Tries


@pytest.mark.parametrize(
    ("again", "waits"),
    [(None, []), (0.0, [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]), (2.0, [2.0] * 5 + [3.2] + [5.0] * 3)],
)
def test_each_wait_is_longer_and_none_shorter_than_was_asked_for(again: float | None, waits: list[float]) -> None:
    """Ten attempts, as at anything that is read."""
    slept: list[float] = []
    tries = Tries(slept.append)
    while tries.further(ProviderError("busy", again=again)):
        pass
    assert slept == waits
    assert ATTEMPTS == 10


def test_what_may_have_been_done_stays_uncertain() -> None:
    """A refusal of the next attempt does not tell about the one before."""
    tries = Tries(lambda _: None)
    found = [tries.after(ProviderError("x", uncertain=each)).uncertain for each in (False, True, False)]
    assert found == [False, True, True]
