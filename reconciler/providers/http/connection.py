"""A direct connection to a server: httpx's seam over the connection of the standard library.

httpx's own transport (httpcore, h11) takes four times the processor's time for a request, and that is what a plan over
a hundred connections waits for. Through a proxy it is used all the same: proxies are its business.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Lock

import httpx

from .incoming import Incoming

REST = 5.0
"""Seconds that a connection may wait for its next request, as httpx has it: firewalls forget one without a word."""
PORTS = {"http": 80, "https": 443}


class Connection(httpx.BaseTransport):
    """At most one connection, opened when needed and kept between requests. Serves one request at a time.

    Whatever breaks a request off closes the connection, and nothing is sent twice.

    Args:
        tls: how TLS is spoken with the server; None for a server that is spoken with in clear.
        rest: how many seconds it may wait for the next request.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, rest: float = REST) -> None:
        self._tls = tls
        self._line = _Line(rest)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {})
        connection = self._opened(request.url, seconds.get("connect"))
        if connection.sock is None:
            return _recorded(connection, request)
        try:
            incoming = _exchanged(connection, request, seconds)
        except BaseException:
            self._line.drop()
            raise
        body, said = _Body(incoming, self._line), {"reason_phrase": incoming.reason}
        return httpx.Response(incoming.status, headers=incoming.headers, stream=body, extensions=said)

    def close(self) -> None:
        """Close the connection; this may come from another thread, whose request is broken off."""
        self._line.close()

    def _opened(self, url: httpx.URL, seconds: float | None) -> http.client.HTTPConnection:
        """What http.client sends one request with: over the socket that was kept, or over a new one."""
        # Recorders (vcrpy) put classes of theirs into http.client: they are looked up there each time.
        host, port = url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]
        if self._tls is None:
            connection = http.client.HTTPConnection(host, port, timeout=seconds)
        else:
            connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=self._tls)
        connection.sock = self._line.take()
        if connection.sock is None:
            _connect(connection)
            self._line.use(connection.sock)
        return connection


class _Line:
    """The socket of a connection: at work, at rest, or none. Closing it may come from another thread."""

    def __init__(self, rest: float) -> None:
        self._longest = rest
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._resting: float | None = None
        """Since when; None while it is at work."""
        self._closed = False

    def take(self) -> socket.socket | None:
        """The socket for another request, if it rests and is good for one."""
        with self._lock:
            found, since, self._resting = self._socket, self._resting, None
        if found is None or since is None:
            return None
        if time.monotonic() - since <= self._longest and _silent(found):
            return found
        self.drop()
        return None

    def use(self, opened: socket.socket | None) -> None:
        """Let `opened` be at work."""
        with self._lock:
            self._socket, self._resting = opened, None

    def rest(self) -> None:
        """Keep the socket for another request."""
        with self._lock:
            if self._closed:
                self._shut()
            else:
                self._resting = time.monotonic()

    def drop(self) -> None:
        """Close the socket."""
        with self._lock:
            self._shut()

    def close(self) -> None:
        """Close the socket, and from now on each when its request has ended."""
        with self._lock:
            self._closed = True
            if self._resting is not None:
                self._shut()
            elif self._socket is not None:
                # Closed under the thread that works with it, its number may be another file's by the next read, and
                # a TLS socket may go on in clear. So it only ends: that thread will notice, and close it.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _shut(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = self._resting = None


class _Body(httpx.SyncByteStream):
    """The body of an answer; its end decides what becomes of the connection."""

    def __init__(self, incoming: Incoming, line: _Line) -> None:
        self._incoming, self._line = incoming, line
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._incoming.body()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self._incoming.reusable:
            self._line.rest()
        else:
            self._line.drop()


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except (OSError, ValueError, OverflowError) as error:
        # Besides what a network says: certificates that are not right, and hosts and ports that cannot be.
        connection.close()
        kind = httpx.ConnectTimeout if isinstance(error, TimeoutError) else httpx.ConnectError
        raise kind(str(error)) from error


def _exchanged(
    connection: http.client.HTTPConnection, request: httpx.Request, seconds: Mapping[str, float | None]
) -> Incoming:
    """Send `request`, and read the head of what is answered."""
    _prepare(connection, request)
    _limit(connection.sock, seconds.get("write"))
    broken = _sent(connection, request.read())
    _limit(connection.sock, seconds.get("read"))
    try:
        incoming = Incoming(connection.sock, request.method)
    except httpx.TransportError:
        if broken is None:
            raise
        raise httpx.WriteError(str(broken)) from broken
    if broken is not None:
        incoming.let_go()
    return incoming


def _prepare(connection: http.client.HTTPConnection, request: httpx.Request) -> None:
    """Put the head of `request` together as httpx has it; nothing is sent yet."""
    with suppress(ValueError, http.client.HTTPException):
        target = request.url.raw_path.decode("ascii")
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            connection.putheader(name.decode("latin-1"), value.decode("latin-1"))
        return
    # Raised out here it has no cause: that would show the header that cannot be sent, which may be the token.
    raise httpx.LocalProtocolError("a header or an address holds characters that cannot be sent")


def _sent(connection: http.client.HTTPConnection, body: bytes) -> OSError | None:
    """Send what was put together, and `body` behind it; what broke the connection meanwhile, if anything did.

    A server may refuse a request before it has read all of it: what it said then is still there.
    """
    try:
        connection.endheaders(body or None)
    except TimeoutError as error:
        raise httpx.WriteTimeout(str(error)) from error
    except OSError as error:
        return error
    return None


def _recorded(connection: http.client.HTTPConnection, request: httpx.Request) -> httpx.Response:
    """The answer of a recorder that stands in for the connection: it has no socket that could be read."""
    _prepare(connection, request)
    _sent(connection, request.read())
    answer = connection.getresponse()
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.getheaders()]
    return httpx.Response(answer.status, headers=headers, stream=httpx.ByteStream(answer.read()))


def _limit(sock: socket.socket, seconds: float | None) -> None:
    """Let each further step of `sock` take at most so long."""
    if sock.gettimeout() != seconds:
        sock.settimeout(seconds)


def _silent(sock: socket.socket) -> bool:
    """Whether the server has neither closed nor said anything, which nobody had asked for."""
    if not hasattr(select, "poll"):
        return not select.select([sock], [], [], 0)[0]
    # select.select knows no socket whose number is beyond 1023.
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)
