"""Connections to one server, side by side: whoever asks takes a free one, the one used last first.

httpcore's own pool looks at each of its connections for each request (encode/httpx#3215); with 100 of them that takes
ten times as long as the request does. A pool of one, as it is used through a proxy, has nothing to look through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue

import httpx


class Lanes(httpx.BaseTransport):
    """At most `most` transports for one connection each, made when first needed. Safe to use from several threads."""

    def __init__(self, make: Callable[[], httpx.BaseTransport], most: int) -> None:
        self._make = make
        self._made: list[httpx.BaseTransport] = []
        self._free = _Free(most)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        lane = self._free.take()
        try:
            lane = lane or self._new()
            response = lane.handle_request(request)
        except BaseException:
            self._free.give(lane)
            raise
        if response.is_closed:
            # A recorded answer is there as a whole: nobody will end it.
            self._free.give(lane)
        else:
            response.stream = _Lent(response, lane, self._free)
        return response

    def close(self) -> None:
        for lane in self._made:
            lane.close()

    def _new(self) -> httpx.BaseTransport:
        lane = self._make()
        self._made.append(lane)
        return lane


class _Free:
    """Lanes that nobody uses, those that are not made yet below the others.

    A queue that gives back what came last is written in Python, and takes five times as long.
    """

    def __init__(self, most: int) -> None:
        self._lanes: list[httpx.BaseTransport | None] = [None] * most
        self._turns: SimpleQueue[None] = SimpleQueue()
        for _ in range(most):
            self._turns.put(None)

    def take(self) -> httpx.BaseTransport | None:
        """Wait for one; None: it is to be made."""
        self._turns.get()
        return self._lanes.pop()

    def give(self, lane: httpx.BaseTransport | None) -> None:
        """Take it back."""
        self._lanes.append(lane)
        self._turns.put(None)


class _Lent(httpx.SyncByteStream):
    """An answer on its way; its end gives the connection back."""

    def __init__(self, response: httpx.Response, lane: httpx.BaseTransport, free: _Free) -> None:
        self._stream, self._lane, self._free = response.stream, lane, free
        self._back = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)  # type: ignore[arg-type]

    def close(self) -> None:
        if self._back:
            return
        self._back = True
        try:
            self._stream.close()  # type: ignore[union-attr]
        finally:
            self._free.give(self._lane)
