"""One answer as it comes over a connection: its head, its body, and whether another answer may follow it.

http.client's own reader takes a head that was cut short for a whole one, `-5` and `0x5` for a size, anything for the
end of a chunk, and leaves out all headers behind one that it cannot read. Whoever reads to a wrong end takes what is
left for the answer to the next request. So answers are read as RFC 9112 says, and as h11 does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from socket import socket

import httpx

PIECE = 64 * 2**10
"""Bytes that are taken from the connection, or handed on, at a time."""
MOST_HEAD = 64 * 2**10
"""Bytes that the headers of an answer may take, and the trailers of a chunked body."""
MOST_INTERIM = 16
"""Answers that only announce one (1xx), although nobody asked for that."""

STATUS = re.compile(rb"HTTP/1\.(\d) ([1-9]\d\d)(?: ((?:[ \t]|[^\x00\s])*))?\r?")
FIELD = re.compile(rb"([-!#$%&'*+.^_`|~0-9a-zA-Z]+):[ \t]*((?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?)[ \t]*\r?")
LENGTH = re.compile(rb"\d{1,18}")
CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r]*)?\r")
BEGINNING = b"HTTP/1."
BODILESS = frozenset({HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class Incoming:
    """Reads one answer from a socket: its head at once, its body when asked for.

    Args:
        sock: where it comes from; its timeout is that of each read.
        method: what was asked: the answer to HEAD has no body.

    Raises:
        httpx.ReadTimeout: nothing more came in time.
        httpx.ReadError: the connection broke.
        httpx.RemoteProtocolError: it was closed too early, or what came is no answer.
    """

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    """As they came, repeated ones too."""

    def __init__(self, sock: socket, method: str) -> None:
        self._sock = sock
        self._came, self._at = b"", 0
        """What came last, and how much of it was taken."""
        for _ in range(MOST_INTERIM + 1):
            version = self._read_head()
            if self.status >= HTTPStatus.OK or self.status == HTTPStatus.SWITCHING_PROTOCOLS:
                break
        else:
            raise httpx.RemoteProtocolError("the server announces an answer again and again")
        self._measure(version, method)

    @property
    def reusable(self) -> bool:
        """Whether it was read to its end, and the connection is fit for another request."""
        return self._ended and self._keeps and self._at == len(self._came)

    def let_go(self) -> None:
        """Make this the last answer of its connection."""
        self._keeps = False

    def body(self) -> Iterator[bytes]:
        """The body, in pieces of at most `PIECE` bytes. Raises what the class does."""
        if self._chunked:
            yield from self._chunks()
        elif self._length is None:
            while self._at < len(self._came) or self._more():
                yield self._taken(PIECE)
        else:
            yield from self._counted(self._length)
        self._ended = True

    def _read_head(self) -> int:
        """Read a status line and the headers below it; which version of HTTP/1 it is."""
        match = STATUS.fullmatch(self._line(BEGINNING))
        if match is None:
            raise httpx.RemoteProtocolError("what came is not HTTP/1")
        version, status, reason = match.groups(b"")
        self.status, self.reason, self.headers = int(status), reason, self._fields()
        return int(version)

    def _measure(self, version: int, method: str) -> None:
        """Find out where the body ends, and whether the connection stays open behind it."""
        said: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            said.setdefault(name.lower(), []).append(value)
        lengths = set(_listed(said.get(b"content-length", ())))
        codings = _listed(said.get(b"transfer-encoding", ()))
        if codings not in ([], [b"chunked"]):
            raise httpx.RemoteProtocolError("the body is coded in a way that was not asked for")
        if len(lengths) > 1 or not all(map(LENGTH.fullmatch, lengths)):
            raise httpx.RemoteProtocolError("the length of the body is no number, or several")
        bodiless = method == "HEAD" or self.status in BODILESS
        self._chunked = bool(codings) and not bodiless
        self._length = 0 if bodiless else int(lengths.pop()) if lengths and not codings else None
        self._ended = self._length == 0
        # Where both are said, somebody on the way may go by the other, and the next answer be a part of this one.
        ambiguous = bool(codings and lengths)
        closes = version == 0 or b"close" in _listed(said.get(b"connection", ())) or self.status < HTTPStatus.OK
        self._keeps = not (ambiguous or closes) and (self._chunked or self._length is not None)

    def _counted(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes."""
        while size:
            if self._at == len(self._came) and not self._more():
                raise httpx.RemoteProtocolError("the server closed the connection before the end of the body")
            piece = self._taken(min(size, PIECE))
            size -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        """A chunked body, and what follows it."""
        while size := self._size():
            yield from self._counted(size)
            if self._line() != b"\r":
                raise httpx.RemoteProtocolError("a chunk of the body does not end where it should")
        self._fields()

    def _size(self) -> int:
        """The size of the next chunk; the last one has none."""
        match = CHUNK.fullmatch(self._line())
        if match is None:
            raise httpx.RemoteProtocolError("the size of a chunk is no number")
        return int(match[1], 16)

    def _fields(self) -> list[tuple[bytes, bytes]]:
        """Headers or trailers, up to the empty line."""
        lines: list[bytes] = []
        size = 0
        while (line := self._line()) not in {b"\r", b""}:
            size += len(line)
            if size > MOST_HEAD:
                raise httpx.RemoteProtocolError(f"the headers take more than {MOST_HEAD // 2**10} KiB")
            if lines and line[:1] in {b" ", b"\t"}:
                # A value that goes on below its line: nobody should write it any more, everybody has to read it.
                lines[-1] = lines[-1].rstrip(b"\r") + b" " + line.lstrip(b" \t")
            else:
                lines.append(line)
        return [_field(line) for line in lines]

    def _line(self, beginning: bytes = b"") -> bytes:
        """What comes next up to a line feed, which is left out; it has to begin with `beginning`."""
        while (end := self._came.find(b"\n", self._at)) < 0:
            length = len(self._came) - self._at
            if length > MOST_HEAD or not self._came.startswith(beginning[:length], self._at):
                raise httpx.RemoteProtocolError("what came is not HTTP/1")
            if not self._more():
                raise httpx.RemoteProtocolError("the server closed the connection before the end of its answer")
        line = self._came[self._at : end]
        self._at = end + 1
        return line

    def _taken(self, most: int) -> bytes:
        """What came and was not taken, up to `most` bytes of it."""
        taken = self._came[self._at : self._at + most]
        self._at += len(taken)
        return taken

    def _more(self) -> bool:
        """Wait until more comes; whether it did, or the server closed the connection."""
        try:
            came = self._sock.recv(PIECE)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error
        self._came, self._at = self._came[self._at :] + came, 0
        return bool(came)


def _field(line: bytes) -> tuple[bytes, bytes]:
    match = FIELD.fullmatch(line)
    if match is None:
        raise httpx.RemoteProtocolError("a header cannot be read")
    return match[1], match[2]


def _listed(values: Sequence[bytes]) -> list[bytes]:
    """What is written between the commas of a header that may stand there several times."""
    return [each.strip() for each in b",".join(values).lower().split(b",")] if values else []
