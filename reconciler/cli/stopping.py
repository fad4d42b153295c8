"""An event that a signal sets."""

from __future__ import annotations

import threading


class Stopping(threading.Event):
    """An event that a signal's handler may set wherever its thread is: in a wait for it, or in the handler itself.

    The lock of `threading.Event` would be waited for by the very thread that holds it. It is set once and for all.
    """

    def __init__(self) -> None:
        super().__init__()
        self._set, self._once, self._closed = False, threading.Lock(), threading.Lock()
        self._closed.acquire()

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._set

    def set(self) -> None:
        """Set it."""
        if self._once.acquire(blocking=False):
            self._set = True
            self._closed.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, or for `timeout` seconds; whether it is set."""
        if not self._set and self._closed.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            # For the next one who waits.
            self._closed.release()
        return self._set
