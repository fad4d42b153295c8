"""One connection to a server: httpx's transport without its pool.

httpcore's pool, and what it asks of each connection, take three times as long as what has to be done for a request:
h11 says what goes out and what came, httpcore's streams say how it travels. Through a proxy httpx's own way is used:
proxies are its business.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from time import monotonic

import h11
import httpcore
import httpx

REST = 5.0
"""Seconds that a connection may wait for its next request, as httpx has it: firewalls forget one without a word."""
PIECE = 64 * 2**10
"""Bytes that are taken from a connection at a time."""
MOST_HEAD = 100 * 2**10
"""Bytes that the head of an answer may take, as httpcore has it."""


class Single(httpx.HTTPTransport):
    """At most one direct connection, opened when needed and kept between requests. Serves one request at a time.

    Whatever breaks a request off closes the connection, and nothing is sent twice. It is httpx's transport in all but
    its pool, so that recorders know it (vcrpy).

    Args:
        tls: how TLS is spoken where the url says https; None for httpx's way.
        rest: how many seconds it may wait for the next request.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, rest: float = REST) -> None:
        # What httpx asks of its pool is all that this one is asked for.
        self._pool = _Line(tls, rest)  # type: ignore[assignment]


class _Line:
    """The connection. Closing it may come from another thread."""

    def __init__(self, tls: ssl.SSLContext | None, rest: float) -> None:
        self._tls, self._rest = tls, rest
        self._stream: httpcore.NetworkStream | None = None
        self._state = h11.Connection(h11.CLIENT)
        self._until: float | None = None
        """When it has rested long enough; None while it is at work."""
        self._closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        seconds: Mapping[str, float | None] = request.extensions.get("timeout", {})
        self._make_ready(request.url, seconds.get("connect"))
        try:
            broken = self._send(request, seconds.get("write"))
            answer = self._answer(seconds.get("read"), broken)
        except BaseException:
            self.drop()
            raise
        body = _Body(self, seconds.get("read"), sound=broken is None)
        said = {"network_stream": self._stream, "reason_phrase": answer.reason}
        return httpcore.Response(answer.status_code, headers=answer.headers.raw_items(), content=body, extensions=said)

    def close(self) -> None:
        """Close the connection, and each one from now on behind its request; one of another thread is broken off."""
        self._closed = True
        if self._until is not None:
            self.drop()
        elif self._stream is not None:
            # Closed under the thread that works with it, its number may be another file's by the next read. So it only
            # ends: that thread will notice, and close it.
            with suppress(OSError):
                socket.socket.shutdown(self._stream.get_extra_info("socket"), socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close the connection for good."""
        stream, self._stream, self._until = self._stream, None, None
        if stream is not None:
            stream.close()

    def rest(self) -> None:
        """Keep the connection for another request, if it is fit for one."""
        finished = self._state.our_state is h11.DONE and self._state.their_state is h11.DONE
        if finished and not self._closed and not self._state.trailing_data[0]:
            self._state.start_next_cycle()
            self._until = monotonic() + self._rest
        else:
            self.drop()

    def event(self, seconds: float | None) -> object:
        """What comes next of an answer, as h11 has it."""
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                came = self._stream.read(PIECE, seconds) if self._stream else b""
                if not came and self._state.their_state is h11.SEND_RESPONSE:
                    raise httpcore.RemoteProtocolError("the server closed the connection without an answer")
                self._state.receive_data(came)
        except h11.RemoteProtocolError as error:
            raise httpcore.RemoteProtocolError(str(error)) from error
        return event

    def _make_ready(self, url: httpcore.URL, seconds: float | None) -> None:
        """See to it that there is a connection on which nobody has said anything yet."""
        stream, until, self._until = self._stream, self._until, None
        if stream and until and monotonic() < until and not stream.get_extra_info("is_readable"):
            return
        self.drop()
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
        host, port = url.host.decode("ascii"), url.origin.port
        try:
            self._stream = httpcore.SyncBackend().connect_tcp(host, port, seconds)
            if url.scheme == b"https":
                tls = self._tls or httpx.create_ssl_context()
                tls.set_alpn_protocols(["http/1.1"])
                self._stream = self._stream.start_tls(tls, host, seconds)
        except (ValueError, OverflowError) as error:
            self.drop()
            raise httpcore.ConnectError(f"there can be no such host or port: {error}") from error
        except BaseException:
            self.drop()
            raise

    def _send(self, request: httpcore.Request, seconds: float | None) -> httpcore.WriteError | None:
        """Send `request`; what broke the connection meanwhile, if anything did.

        A server may refuse a request before it has read all of it: what it said then is still there.
        """
        content = b"".join(_sync(request.stream))
        with suppress(h11.LocalProtocolError):
            head = h11.Request(method=request.method, target=request.url.target, headers=request.headers)
            sent = [self._state.send(head), self._state.send(h11.Data(content)), self._state.send(h11.EndOfMessage())]
            try:
                if self._stream:
                    self._stream.write(b"".join(each or b"" for each in sent), seconds)
            except httpcore.WriteError as error:
                return error
            return None
        # Raised out here it has no cause: that would show the header that cannot be sent, which may be the token.
        raise httpcore.LocalProtocolError("a header or an address holds characters that cannot be sent")

    def _answer(self, seconds: float | None, broken: httpcore.WriteError | None) -> h11.Response:
        """The head of the answer."""
        try:
            while not isinstance(event := self.event(seconds), h11.Response):
                pass
        except (httpcore.NetworkError, httpcore.ProtocolError):
            if broken is None:
                raise
            raise broken from None
        return event


class _Body:
    """The body of an answer; its end decides what becomes of the connection."""

    def __init__(self, line: _Line, seconds: float | None, *, sound: bool) -> None:
        self._line, self._seconds, self._sound = line, seconds, sound
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            while isinstance(event := self._line.event(self._seconds), h11.Data):
                yield bytes(event.data)
        except BaseException:
            self._sound = False
            self.close()
            raise

    def close(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self._sound:
            self._line.rest()
        else:
            self._line.drop()


def _sync(stream: object) -> Iterable[bytes]:
    if not isinstance(stream, Iterable):
        raise TypeError(stream)
    return stream
