"""How fast a target may be asked: one gate for all threads, passed by every attempt."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from math import isfinite
from threading import Event, Lock
from typing import TypeAlias

from msgspec import Struct

from reconciler.core.ports import Target

LONGEST_PAUSE = 60.0
"""A server may ask for hours (`Retry-After: 3600`); nobody waits that long for a plan."""
SHORTEST_PAUSE = 0.2
"""Domo sends 429 without Retry-After."""
NEVER = Event()
"""What never happens: who waits until then waits as long as it takes."""
Sleep: TypeAlias = Callable[[float, Event], object]
"""Lets seconds pass, as many as there are until something happens."""
MARGIN = 1.04
"""Requests that leave a second apart may arrive closer together: this keeps 96 % of the rate, and 40 ms for the way."""


def sleep_until(seconds: float, happens: Event) -> None:
    """Let `seconds` pass, or as many as there are until it `happens`."""
    happens.wait(seconds)


class _Start(Struct):
    """When an attempt was to start, and when it did."""

    planned: float
    at: float


class Pace:
    """Lets at most `per_second` attempts start in any second, and none while the target asks to wait.

    The first half of a second's attempts may start together, so that a small plan does not wait; the others start
    evenly apart, since a crowd of threads gets on its way neither at once nor in order.

    A thread that wakes later than the moment it took, when others have counted theirs from that moment, may make
    one more start in a second, as may each that is late with it. A target that minds says 429, which all wait for.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = sleep_until,
    ) -> None:
        most = max(1, int(per_second))
        # Of 3.5 a second, three start in a second: the rest would be a fourth.
        self._window = max(1.0, 1 / per_second) * MARGIN
        self._apart, self._together = self._window / most, (most + 1) // 2
        self._starts: deque[_Start] = deque(maxlen=most)
        self._paused_until = 0.0
        self._clock, self._lock = clock, Lock()
        self.sleep = sleep

    def take(self, until: Event = NEVER) -> float:
        """Wait until the next attempt may start; for how many seconds the target let nobody start, of those.

        Once `until` happens there is nothing to wait for.
        """
        came = self._clock()
        while True:
            # Each takes a moment of its own: whoever wakes late makes nobody else late, but counts from when it woke.
            start = self._claim()
            wait = start.at - self._clock()
            if wait > 0:
                self.sleep(wait, until)
            with self._lock:
                start.at = max(start.at, self._clock())
                if self._paused_until <= start.at or until.is_set():
                    return max(0.0, self._paused_until - came)

    def pause(self, asked: float | None) -> None:
        """Let nobody start for the time that the target `asked` for."""
        seconds = max(SHORTEST_PAUSE, min(asked or 0.0, LONGEST_PAUSE))
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def _claim(self) -> _Start:
        with self._lock:
            start, starts = max(self._clock(), self._paused_until), self._starts
            if len(starts) == starts.maxlen:
                start = max(start, starts[0].at + self._window)
            if len(starts) >= self._together and starts[-self._together].at + self._window > start:
                start = max(start, starts[-1].planned + self._apart)
            starts.append(_Start(start, start))
            return starts[-1]


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
