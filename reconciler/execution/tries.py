"""How often, and after how long, a write that failed is made anew."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from reconciler.core.patience import ATTEMPTS, MOST_MANGLED, PATIENCE
from reconciler.core.ports import Ended, ProviderError

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


class Tries:
    """The attempts at one write.

    Args:
        sleep: how to wait.
    """

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep, self._begun_at, self._made = sleep, monotonic(), 0
        self._lost: ProviderError | None = None
        self._begun = False
        self.idle = False
        """Whether the last attempt did nothing, and none before it may still do anything."""
        self.owed: Callable[[], object] | None = None
        """What finishes what was done, should there be no further attempt."""
        self._mangled = 0

    def after(self, error: ProviderError) -> ProviderError:
        """`error`, uncertain or begun if any attempt before it was: that one may have taken effect.

        That it was ended says nothing of the one that was lost before: then it is that one's failure.
        """
        traced = error.traced
        self._begun = self._begun or error.begun
        self.owed = error.owed or self.owed
        if error.uncertain:
            self._lost = error
        elif self._lost is not None and isinstance(error, Ended):
            error = self._lost
            error.again = None
        error.uncertain, error.begun = self._lost is not None, self._begun
        self.idle = not traced and not error.uncertain
        return error

    def anew(self) -> None:
        """Count from here: what was tried got further than before."""
        self._begun_at, self._made, self._mangled = monotonic(), 0, 0

    def further(self, error: ProviderError) -> bool:
        """Wait for as long as `error` says, and longer each time; False when there is no further attempt."""
        self._made += 1
        self._mangled += error.mangled
        spent = self._made >= ATTEMPTS or self._mangled >= MOST_MANGLED or monotonic() - self._begun_at >= PATIENCE
        if error.again is None or spent:
            return False
        self._sleep(max(error.again, min(FIRST_WAIT * 2 ** (self._made - 1), LONGEST_WAIT)))
        return True
