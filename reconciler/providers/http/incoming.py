"""Answers as they come in over one connection, piece by piece, taken apart by llhttp."""

from __future__ import annotations

from collections import deque

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

MOST_INFORMED = 10
"""Answers with 1xx ahead of the answer; nobody asked for any, and a server may send them forever."""
MOST_HEAD = 100 * 2**10
"""Bytes that come without any of a body, as httpcore has it for heads; what follows a body's last chunk counts, too."""
INFORMATIONAL = range(100, 200)


class Incoming:
    """The answer to the request at work. It does not know of HEAD and CONNECT, whose answers have no body.

    Attributes:
        status: its HTTP status; 0 until its head is there.
        reason: the words behind it.
        headers: in the order in which they came.
        pieces: what came of its body and is not taken yet.
        complete: whether all of it is there.
        lasting: whether the connection may have another request, once it is complete.
    """

    def __init__(self) -> None:
        """Wait for the first byte of a new connection."""
        self._parser = HttpResponseParser(self)
        self.begin()

    def begin(self) -> None:
        """Wait for the answer to another request; that to the one before is complete."""
        self.status, self.reason = 0, b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: deque[bytes] = deque()
        self.complete = self.lasting = False
        self._until_closed = False
        """Whether its end is that of the connection."""
        self._informed = self._without = 0
        self._wrong = ""

    def take(self, data: bytes) -> None:
        """What came next; nothing, once the server has closed the connection.

        Raises:
            httpx.RemoteProtocolError: it is no answer, or not all of one.
        """
        if not data:
            self._end()
            return
        self._without += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._wrong = "the server speaks another protocol from now on"
        except HttpParserError as error:
            self._wrong = self._wrong or f"the answer is not HTTP: {error}"
        if self.complete:
            # Whatever came behind it belongs to no request.
            self.lasting = self.lasting and not self._wrong
            return
        if self._without > MOST_HEAD:
            self._wrong = self._wrong or f"more than {MOST_HEAD >> 10} KiB without a body"
        if self._wrong:
            raise httpx.RemoteProtocolError(self._wrong)

    def _end(self) -> None:
        if not self.status:
            raise httpx.RemoteProtocolError("the server closed the connection without an answer")
        if not self._until_closed:
            raise httpx.RemoteProtocolError("the server closed the connection before the end of its answer")
        self.complete = True

    def on_message_begin(self) -> None:
        """A first byte: of this answer, of one ahead of it, or of one that nobody asked for."""
        if self.complete:
            self._wrong = "there is more than one answer"

    def on_status(self, reason: bytes) -> None:
        """A piece of what is said behind the status."""
        if not self.status:
            self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the head; those behind a last chunk mean nothing to us."""
        if not self.status:
            self.headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """The end of a head."""
        if self.status or self._wrong:
            return
        status, self._without = self._parser.get_status_code(), 0
        if status in INFORMATIONAL:
            self._informed += 1
            if self._informed > MOST_INFORMED:
                self._wrong = f"there are more than {MOST_INFORMED} informational answers"
            self.headers, self.reason = [], b""
            return
        codings = self._said(b"transfer-encoding")
        if status < INFORMATIONAL.start or codings not in ([], [b"chunked"]):
            self._wrong = "the answer has a status or a coding that there is not"
            return
        self._until_closed = not codings and not self._said(b"content-length")
        self.status = status

    def _said(self, wanted: bytes) -> list[bytes]:
        return [value.lower() for name, value in self.headers if name.lower() == wanted]

    def on_body(self, piece: bytes) -> None:
        """A piece of a body: of this answer, or of another that has none (RFC 9110, section 15.2)."""
        if not self.status:
            # llhttp has no body for 100, 102 and 103, and one for every other.
            self._wrong = self._wrong or "an informational answer has a body"
        elif not self.complete:
            self._without = 0
            self.pieces.append(piece)

    def on_message_complete(self) -> None:
        """An end: of this answer, or of one ahead of it."""
        if self.status and not self.complete:
            self.complete, self.lasting = True, self._parser.should_keep_alive()
