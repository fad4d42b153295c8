"""Waiting for work that a server does after it has answered, with growing pauses and a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reconciler.core.ports import ProviderError

from .http import Client

T = TypeVar("T")

BOUND = 60.0
"""Seconds that it may take; what takes longer is read by the next plan."""
IN_THE_END = 3.0
"""Seconds that it may take once somebody has asked to end: whoever stops processes kills them in ten."""
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


def wait_for(http: Client, ask: Callable[[], T], underway: Callable[[T], bool]) -> T:
    """What `ask` answers when the work is done, or, after as long as may be waited, while it is not."""
    answer = _watched(ask, underway, BOUND, lambda seconds: http.rest(seconds, http.stop))
    if http.stop.is_set() and underway(answer):
        answer = _watched(ask, underway, IN_THE_END, http.rest)
    return answer


def _watched(ask: Callable[[], T], underway: Callable[[T], bool], bound: float, rest: Callable[[float], bool]) -> T:
    waited, wait = 0.0, FIRST_WAIT
    while underway(answer := ask()) and waited < bound and not rest(wait):
        waited, wait = waited + wait, min(2 * wait, LONGEST_WAIT)
    return answer


def unfinished(http: Client, what: str) -> ProviderError:
    """The failure of work that was not done when nobody waited any more; `what` says that it was accepted."""
    summary = f"{what}; it was ended before that was done" if http.stop.is_set() else what
    return ProviderError(summary, hint="Plan again in a few minutes.", retryable=True, uncertain=True)
