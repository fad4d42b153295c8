"""One connection through a proxy: httpx's own, whose every piece has its time and whose whole has none.

The body of an answer is given up when it takes too long. httpx keeps to itself how long it waits for the head: a server
behind a proxy that sends a little of one now and then, or only 1xx, is waited for.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from time import monotonic

import httpx


class Through(httpx.BaseTransport):
    """At most one connection through `proxy`; whatever breaks a request off closes it.

    A request and its answer may take so many seconds: `whole`.
    """

    def __init__(self, proxy: httpx.Proxy, tls: ssl.SSLContext | None, whole: float) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self._out, self._whole = httpx.HTTPTransport(verify=tls or True, limits=limits, proxy=proxy), whole

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        late = monotonic() + self._whole
        try:
            response = self._out.handle_request(request)
        except BaseException:
            # httpcore takes a tunnel in which no TLS came about for one at work: the next request waits for its end.
            self._out.close()
            raise
        response.stream = _Timed(response, late)
        return response

    def close(self) -> None:
        self._out.close()


class _Timed(httpx.SyncByteStream):
    """An answer's body until it is late."""

    def __init__(self, response: httpx.Response, late: float) -> None:
        self._stream, self._late = response.stream, late

    def __iter__(self) -> Iterator[bytes]:
        pieces: Iterable[bytes] = self._stream  # type: ignore[assignment]
        for piece in pieces:
            if monotonic() > self._late:
                raise httpx.ReadTimeout("the answer does not end")
            yield piece

    def close(self) -> None:
        self._stream.close()  # type: ignore[union-attr]
