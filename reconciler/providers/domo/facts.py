"""What a server supports, learned from its answers to reads: once per session, for all threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from reconciler.providers.http import HttpError

T = TypeVar("T")


class Facts:
    """Which of the endpoints that only some servers have this one has."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._lock = RLock()

    def ask(self, endpoint: str, ask: Callable[[], T], prove: Callable[[], object]) -> T | None:
        """What `ask` answers; None when this server has no such endpoint.

        A 404 may also mean that the dataset is gone; `prove` raises if it is, and nothing is learned then.
        """
        if endpoint not in self._known:
            with self._lock:
                if endpoint not in self._known:
                    return self._learn(endpoint, ask, prove)
        return ask() if self._known[endpoint] else None

    def knows(self, endpoint: str) -> bool:
        """Whether it is known that this server has the endpoint."""
        return self._known.get(endpoint, False)

    def has(self, endpoint: str, ask: Callable[[], object], prove: Callable[[], object]) -> bool:
        """Whether this server has the endpoint; `ask` is only called to find out."""
        if endpoint not in self._known:
            with self._lock:
                if endpoint not in self._known:
                    self._learn(endpoint, ask, prove)
        return self._known[endpoint]

    def _learn(self, endpoint: str, ask: Callable[[], T], prove: Callable[[], object]) -> T | None:
        try:
            answer = ask()
        except HttpError as failure:
            if not failure.absent:
                raise
            prove()
            self._known[endpoint] = False
            return None
        self._known[endpoint] = True
        return answer
