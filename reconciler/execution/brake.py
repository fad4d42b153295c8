"""When no further step is begun, and why."""

from __future__ import annotations

import threading

from msgspec import Struct, field

from .outcomes import INTERRUPTED, Failed


class Brake(Struct):
    """Shared by all threads of one run.

    A journal that cannot be written stops everything. A failure that concerns a whole target (token refused, not
    reachable) keeps further datasets of that target from being begun; the ones that are begun go on as far as they get.
    """

    stop: threading.Event
    """Set from outside: the user wants it to end."""
    keep_going: bool = False
    """Begin further datasets of a target although it failed as a whole."""
    _all: str | None = None
    _targets: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, reason: str) -> None:
        """Let nothing further begin, in no target."""
        with self._lock:
            self._all = self._all or reason

    def feel(self, failed: Failed) -> None:
        """Take note of a failure."""
        if failed.code == "journal-failed":
            self.hold(failed.step.id)
        elif failed.whole and not self.keep_going:
            with self._lock:
                self._targets.setdefault(failed.step.address.target, failed.step.id)

    def reason(self, target: str, *, begun: bool) -> str | None:
        """Why no further step is begun, if that is so: a failed step's id, or in words."""
        with self._lock:
            if self._all is not None:
                return self._all
            if not begun and target in self._targets:
                return self._targets[target]
        return INTERRUPTED if self.stop.is_set() else None
