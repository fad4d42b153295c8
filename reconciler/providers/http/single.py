"""One connection to a server, without a pool.

httpx's transport asks httpcore's pool, which takes three times as long as what has to be done for a request: `outgoing`
says what goes out, `incoming` what came, `line` how it travels. Through a proxy httpx's own way is used: proxies are
its business.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from math import inf
from time import monotonic

import httpx

from .incoming import Incoming
from .line import Line
from .outgoing import wire

REST = 5.0
"""Seconds that a connection may wait for its next request, as httpx has it: firewalls forget one without a word."""
WHOLE = 300.0
"""Seconds from a request's first byte to its answer's last. One that says a little now and then is never late with any
piece of it; the longest answer that is read, 64 MiB, comes in that time over 2 Mbit/s."""
PIECE = 64 * 2**10
"""Bytes that are taken from a connection at a time."""
PORTS = {"http": 80, "https": 443}


class Single(httpx.BaseTransport):
    """At most one direct connection, opened when needed and kept between requests. Serves one request at a time.

    Whatever breaks a request off closes the connection, and nothing is sent twice. Closing it may come from another
    thread.

    Args:
        tls: how TLS is spoken where the url says https; None for httpx's way.
        rest: how many seconds it may wait for the next request.
        whole: how many seconds a request and its answer may take, once there is a connection.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, rest: float = REST, whole: float = WHOLE) -> None:
        self._tls, self._rest, self._whole = tls, rest, whole
        self._late = inf
        """When the request at work has taken too long."""
        self._line: Line | None = None
        self._answer = Incoming()
        self._until: float | None = None
        """When it has rested long enough; None while it is at work."""
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds: Mapping[str, float | None] = request.extensions.get("timeout", {})
        line = self._ready(request.url, seconds.get("connect"))
        self._late = monotonic() + self._whole
        try:
            broken = self._send(request, line, seconds.get("write"))
            self._hear_head(seconds.get("read"), broken)
        except BaseException:
            self.drop()
            raise
        answer, body = self._answer, _Body(self, seconds.get("read"), sound=broken is None)
        said = {"reason_phrase": answer.reason}
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=said)

    def close(self) -> None:
        """Close the connection, and each one from now on behind its request; one of another thread is broken off."""
        self._closed = True
        if self._until is not None:
            self.drop()
        elif self._line is not None:
            # Closed under the thread that works with it, its number may be another file's by the next read. So it only
            # ends: that thread will notice, and close it.
            self._line.end()

    def drop(self) -> None:
        """Close the connection for good."""
        line, self._line, self._until = self._line, None, None
        if line is not None:
            line.close()

    def rest(self) -> None:
        """Keep the connection for another request, if it is fit for one."""
        if self._answer.complete and self._answer.lasting and not self._closed:
            self._until = monotonic() + self._rest
        else:
            self.drop()

    def piece(self, seconds: float | None) -> bytes:
        """What comes next of the answer's body; nothing at its end."""
        answer = self._answer
        while not answer.pieces and not answer.complete:
            self._hear(seconds)
        return answer.pieces.popleft() if answer.pieces else b""

    def _ready(self, url: httpx.URL, seconds: float | None) -> Line:
        """A connection on which nobody has said anything yet."""
        line, until, self._until = self._line, self._until, None
        if line and until and monotonic() < until and line.is_silent():
            self._answer.begin()
            return line
        self.drop()
        self._answer = Incoming()
        tls = None
        if url.scheme == "https":
            tls = self._tls or httpx.create_ssl_context()
            tls.set_alpn_protocols(["http/1.1"])
        already = self._closed
        line = self._line = Line.open(url.raw_host, url.port or PORTS[url.scheme], tls, seconds)
        if self._closed and not already:
            self.drop()
            raise httpx.ConnectError("closed while it was opened")
        return line

    def _send(self, request: httpx.Request, line: Line, seconds: float | None) -> httpx.WriteError | None:
        """Send `request`; what broke the connection meanwhile, if anything did.

        A server may refuse a request before it has read all of it: what it said then is still there.
        """
        try:
            line.send(wire(request), seconds, self._late)
        except httpx.WriteError as error:
            return error
        return None

    def _hear_head(self, seconds: float | None, broken: httpx.WriteError | None) -> None:
        """Listen until the head of the answer is there."""
        try:
            while not self._answer.status:
                self._hear(seconds)
        except (httpx.NetworkError, httpx.ProtocolError):
            if broken is None:
                raise
            raise broken from None

    def _hear(self, seconds: float | None) -> None:
        """Take in what comes next."""
        if monotonic() > self._late:
            raise httpx.ReadTimeout("the answer does not end")
        self._answer.take(self._line.receive(PIECE, seconds) if self._line else b"")


class _Body(httpx.SyncByteStream):
    """The body of an answer; its end decides what becomes of the connection."""

    def __init__(self, connection: Single, seconds: float | None, *, sound: bool) -> None:
        self._connection, self._seconds, self._sound = connection, seconds, sound
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            while piece := self._connection.piece(self._seconds):
                yield piece
        except BaseException:
            self._sound = False
            self.close()
            raise

    def close(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self._sound:
            self._connection.rest()
        else:
            self._connection.drop()
