"""How fast a target may be asked: one gate for all threads, passed by every attempt."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from math import isfinite
from threading import Lock

from reconciler.core.ports import Target

LONGEST_PAUSE = 60.0
"""A server may ask for hours (`Retry-After: 3600`); nobody waits that long for a plan."""
SHORTEST_PAUSE = 0.2
"""Domo sends 429 without Retry-After."""
MARGIN = 1.02
"""Requests that leave a second apart may arrive closer together."""


class Pace:
    """Lets at most `per_second` attempts start in any second, and none while the target asks to wait."""

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        burst = max(1, int(per_second))
        self._window = burst / per_second * MARGIN
        self._starts: deque[float] = deque(maxlen=burst)
        self._paused_until = 0.0
        self._clock, self._sleep, self._lock = clock, sleep, Lock()

    def take(self) -> None:
        """Wait until the next attempt may start."""
        while (wait := self._claim()) > 0:
            self._sleep(wait)

    def pause(self, asked: float | None) -> None:
        """Let nobody start for the time that the target `asked` for."""
        seconds = max(SHORTEST_PAUSE, min(asked or 0.0, LONGEST_PAUSE))
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _claim(self) -> float:
        with self._lock:
            now = self._clock()
            start = max(now, self._paused_until)
            if len(self._starts) == self._starts.maxlen:
                start = max(start, self._starts[0] + self._window)
            if start <= now:
                self._starts.append(now)
            return start - now


def shared_pace(target: Target) -> Pace:
    """The one pace of `target`: a plan and the apply that follows it ask the same server within the same second."""
    pace = target.shared.setdefault("pace", Pace(target.requests_per_second))
    if not isinstance(pace, Pace):
        raise TypeError(pace)
    return pace


def seconds_of(retry_after: str | None) -> float | None:
    """The seconds a Retry-After header asks for; None for a date, which would need a common clock, and for nonsense."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return seconds if isfinite(seconds) and seconds >= 0 else None
