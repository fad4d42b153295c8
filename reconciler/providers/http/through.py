"""One connection through a proxy: httpx's own, whose every piece has its time and whose whole has none.

The body of an answer is given up when it takes too long. httpx keeps to itself how long it waits for the head, so the
connection of a server, or a proxy, that sends a little of one now and then, or only 1xx, is ended under it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from threading import Timer
from time import monotonic
from typing import Any

import httpx
from msgspec import Struct

BEHIND = {"proxy.start_tls.started", "socks.start_tls.started"}
"""What httpcore tells once a proxy has led to where TLS is spoken."""
ASKED = {"http11.send_request_headers.started"}
"""What it tells once the request itself leaves; a proxy that is asked to lead is sent a request, too."""


class Variables(Struct, frozen=True):
    """The environment's variables that say how an address is reached."""

    proxy: str
    """What names the proxy."""
    exempt: str
    """What names the hosts that are reached without one."""


class AstrayError(httpx.ProxyError):
    """A proxy led nowhere; nothing was sent to whom it should have led to.

    Attributes:
        variables: what led there.
    """

    def __init__(self, variables: Variables, error: httpx.TransportError) -> None:
        super().__init__(f"{variables.proxy} names a proxy that {_done(error)}")
        self.variables = variables

    def hint(self, whom: str) -> str:
        """What to do, so that `whom` can be reached."""
        proxy, exempt = self.variables.proxy, self.variables.exempt
        return f"Check {proxy}, or name the host of {whom} in {exempt} if it can be reached without a proxy."


def _done(error: httpx.TransportError) -> str:
    """What a proxy did, without a word of its own: nobody knows who answers there, or repeats a password."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return f"cannot be reached: {str(error) or type(error).__name__}"
        case httpx.ProxyError():
            status = str(error)[:3]
            return f"refuses to lead there ({status})" if status.isdecimal() else "refuses to lead there"
        case httpx.TimeoutException():
            return "does not answer in time"
        case _:
            return "does not answer as one"


class Through(httpx.BaseTransport):
    """At most one connection through `proxy`, which `variables` name; whatever breaks a request off closes it.

    A request and its answer may take so many seconds: `whole`.
    """

    def __init__(self, proxy: httpx.Proxy, variables: Variables, tls: ssl.SSLContext | None, whole: float) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        self._out, self._whole = httpx.HTTPTransport(verify=tls or True, limits=limits, proxy=proxy), whole
        self._variables, self._ender = variables, _Ender()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        late, way = monotonic() + self._whole, _Way(request.url.scheme, self._ender)
        request.extensions = {**request.extensions, "trace": way.follow}
        watch = self._ender.after(self._whole)
        try:
            response = self._out.handle_request(request)
        except BaseException as error:
            # httpcore takes a tunnel in which no TLS came about for one at work: the next request waits for its end.
            self._out.close()
            endless = httpx.ReadTimeout("the answer does not end") if self._ender.ended else None
            if way.ahead and isinstance(error, httpx.TransportError):
                raise AstrayError(self._variables, endless or error) from error
            if endless and isinstance(error, httpx.TransportError):
                raise endless from error
            raise
        finally:
            watch.cancel()
        response.stream = _Timed(response, late)
        return response

    def close(self) -> None:
        self._out.close()


class _Ender:
    """Ends the connection that was made last, from another thread than the one that waits for something over it."""

    def __init__(self) -> None:
        self._connection: socket.socket | None = None
        self.ended = False

    def know(self, connection: socket.socket) -> None:
        """There is a new one, or TLS over the one that there was."""
        self._connection = connection

    def after(self, seconds: float) -> Timer:
        """End it in so many seconds, unless that is cancelled."""
        self.ended = False
        timer = Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        return timer

    def _end(self) -> None:
        connection, self.ended = self._connection, True
        if connection is not None:
            with suppress(OSError):
                # That of TLS would take the connection apart under whoever works with it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Way:
    """How far a request got: whether the proxy still has to lead it there."""

    def __init__(self, scheme: str, ender: _Ender) -> None:
        self._there = BEHIND if scheme == "https" else ASKED
        self._ender = ender
        self.ahead = False

    def follow(self, event: str, told: Mapping[str, Any]) -> None:
        """Note what httpcore tells."""
        self.ahead = event.endswith(".connect_tcp.started") or (self.ahead and event not in self._there)
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._ender.know(told["return_value"].get_extra_info("socket"))


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
