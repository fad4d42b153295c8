"""How old what a write is made from has become by waiting, for each thread."""

from __future__ import annotations

import threading
from time import monotonic

LONG = 1.0
"""Seconds of waiting that are borne from the first: where three in ten requests fail, hardly any look goes without."""
LONGEST = 16.0
"""Seconds that are borne at most."""


class Age(threading.local):
    """Counts what a thread waits for a target that fails or asks it to, from the look on that its writes rest on.

    A write that has waited for too long is not sent any more: it has to be made anew, from another look. But a target
    may take so few requests that a look and a write never come close together: each time that a write was given up, the
    next one like it may be older.
    """

    def __init__(self) -> None:
        self._waited = self._before = 0.0
        self._begun = monotonic()
        self._given_up, self._borne = "", 0.0

    def look(self) -> None:
        """Begin to read."""
        self._waited = 0.0

    def begin(self) -> None:
        """A request begins; should its first attempt fail, all that comes after is waiting."""
        self._before, self._begun = self._waited, monotonic()

    def hold(self, seconds: float) -> None:
        """The target let it wait for so long before it could be sent."""
        self._waited += seconds

    def fail(self) -> None:
        """An attempt failed."""
        self._waited = max(self._waited, self._before + monotonic() - self._begun)

    def bears(self, write: str) -> bool:
        """Whether `write`, which was not tried yet, may still be sent."""
        return self._waited <= max(LONG, self._borne_by(write))

    def bears_again(self, write: str, seconds: float) -> bool:
        """Whether `write` may be tried once more as it is, `seconds` from now; not if none was ever given up."""
        return self._waited + seconds <= self._borne_by(write)

    def give_up(self, write: str) -> None:
        """It is made anew."""
        self._given_up, self._borne = write, min(max(LONG, 2 * self._borne_by(write)), LONGEST)

    def sent(self) -> None:
        """A write was done."""
        self._given_up = ""

    def _borne_by(self, write: str) -> float:
        return self._borne if write == self._given_up else 0.0
