"""Bytes to a server and back, over TCP or TLS, each piece within its time.

A socket with a timeout lets go of the interpreter up to four times for each piece that is sent or received; among a
hundred threads, each time is somebody else's turn. This one does what can be done at once, and waits only for the rest.
"""

from __future__ import annotations

import select
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from math import ceil, inf
from time import monotonic
from typing import TypeVar

import httpx

A = TypeVar("A")
T = TypeVar("T")

READ, WRITE = 1, 2


class Line:
    """An open connection. Only `end` may come from another thread than everything else."""

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(0.0)
        self._socket = connected
        self._read_already: Callable[[], int] = connected.pending if isinstance(connected, ssl.SSLSocket) else int
        """How many bytes TLS has of what nobody took yet: nobody can wait for these."""
        self._silent = False
        """Whether nothing was there a moment ago."""

    @classmethod
    def open(cls, host: bytes, port: int, tls: ssl.SSLContext | None, seconds: float | None) -> Line:
        """Connect to `host`, a name in ASCII or an address, with TLS if `tls` says how.

        Raises:
            httpx.ConnectTimeout: it took longer than `seconds`.
            httpx.ConnectError: there is no such server, or it is not to be trusted.
        """
        try:
            return cls(_connected(host, port, tls, seconds))
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error
        except (ValueError, OverflowError) as error:
            raise httpx.ConnectError(f"there can be no such host or port: {error}") from error

    def send(self, data: bytes, seconds: float | None, late: float = inf) -> None:
        """Send all of `data`.

        Raises:
            httpx.WriteTimeout: for `seconds` nothing of it could be sent, or not all by the moment `late`.
            httpx.WriteError: the connection broke.
        """
        left = memoryview(data)
        try:
            while left:
                _in_time(late)
                left = left[self._done(self._socket.send, left, WRITE, seconds) :]
        except TimeoutError as error:
            raise httpx.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpx.WriteError(str(error)) from error

    def receive(self, most: int, seconds: float | None) -> bytes:
        """What comes next, `most` bytes at most; nothing once the server has said everything.

        Raises:
            httpx.ReadTimeout: for `seconds` nothing came.
            httpx.ReadError: the connection broke.
        """
        try:
            return self._done(self._socket.recv, most, READ, seconds)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error

    def is_silent(self) -> bool:
        """Whether the connection is open and nothing has come over it: no answer, no end, no part of either."""
        try:
            self._silent = not self._read_already() and not _ready(self._socket, READ, 0)
        except ValueError:
            # Whoever ends everything has closed it: it has no number.
            self._silent = False
        return self._silent

    def end(self) -> None:
        """Let nothing come or go any more; whoever works with it is told so. Its number stays taken until `close`."""
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give it back."""
        self._socket.close()

    def _done(self, act: Callable[[A], T], given: A, event: int, seconds: float | None) -> T:
        """What `act` gives, once it can be done.

        Raises:
            TimeoutError: it could not for so many `seconds`.
            OSError: it cannot any more.
        """
        until = None if seconds is None else monotonic() + seconds
        if self._silent and event == READ:
            # To ask is to let go of the interpreter, and the answer is known.
            self._silent = False
            if not self._read_already():
                self._wait(READ, until)
        while True:
            try:
                return act(given)
            except BlockingIOError:
                wanted = event
            except ssl.SSLWantReadError:
                wanted = READ
            except ssl.SSLWantWriteError:
                wanted = WRITE
            self._wait(wanted, until)

    def _wait(self, event: int, until: float | None) -> None:
        left = None if until is None else max(0.0, until - monotonic())
        if not _ready(self._socket, event, left):
            raise TimeoutError("timed out")


def _in_time(late: float) -> None:
    if monotonic() > late:
        raise TimeoutError("timed out")


if sys.platform == "win32":

    def _ready(connection: socket.socket, event: int, seconds: float | None) -> bool:
        asked = ([connection], [], []) if event == READ else ([], [connection], [connection])
        return any(select.select(*asked, seconds))
else:

    def _ready(connection: socket.socket, event: int, seconds: float | None) -> bool:
        # select.select knows files up to the 1023rd.
        poll = select.poll()
        poll.register(connection, select.POLLIN if event == READ else select.POLLOUT)
        return bool(poll.poll(None if seconds is None else ceil(seconds * 1000)))


def _connected(host: bytes, port: int, tls: ssl.SSLContext | None, seconds: float | None) -> socket.socket:
    # A text would be encoded by a codec that takes a millisecond to import.
    made = socket.create_connection((host, port), seconds)  # type: ignore[arg-type]
    try:
        # With Nagle's algorithm a body waits 40 ms for an answer to its head.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made if tls is None else tls.wrap_socket(made, server_hostname=host.decode("ascii"))
    except BaseException:
        made.close()
        raise
