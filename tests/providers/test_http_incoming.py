"""Answers as they come over a connection: where they end, and which of them are none."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import pairwise

import h11
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.providers.http.incoming import MOST_HEAD, MOST_INTERIM, PIECE, Incoming

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
Read = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""


@contextmanager
def coming(*pieces: bytes) -> Iterator[socket.socket]:
    """A connection over which these pieces come, whose other end is closed behind them."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        ours.settimeout(5)
        for piece in pieces:
            theirs.sendall(piece)
        theirs.close()
        yield ours


def read(*pieces: bytes, method: str = "GET") -> Read:
    """What these pieces come to."""
    with coming(*pieces) as sock:
        incoming = Incoming(sock, method)
        return incoming.status, incoming.headers, b"".join(incoming.body())


def reusable(answer: bytes, method: str = "GET") -> bool:
    """Whether a connection may be used again behind `answer`."""
    with coming(answer) as sock:
        incoming = Incoming(sock, method)
        list(incoming.body())
        return incoming.reusable


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (OK + b"Content-Length: 5, 5\r\ncontent-length:5\r\n\r\nhello", b"hello"),
        (OK + b"\r\nhello", b"hello"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", b"hello"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2 + OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello", b""),
        (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (CHUNKED + b"0005;name=value\r\nhello\r\n0;last\r\n\r\n", b"hello"),
        (CHUNKED + b"A  \r\nhellohello\r\na \r\nhellohello\r\n0\r\nX-Checked: yes\r\nY:\r\n\r\n", b"hello" * 4),
        (OK + b"Transfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
    ],
)
def test_a_body_ends_where_its_head_says(answer: bytes, body: bytes) -> None:
    """By its length, in chunks, with the connection, or not at all."""
    assert read(answer)[2] == body
    assert read(*(answer[at : at + 1] for at in range(len(answer))))[2] == body


def test_an_answer_to_head_has_the_headers_only() -> None:
    """Its length is that of the body which GET would get."""
    assert read(OK + b"Content-Length: 5\r\n\r\n", method="HEAD")[2] == b""
    assert reusable(OK + b"Content-Length: 5\r\n\r\n", "HEAD")


def test_headers_come_as_they_were_sent() -> None:
    """Repeated ones too, in any bytes, without the spaces around them; one may go on in the next line."""
    head = b"A:1\r\nb: \t two words \t\r\nA: 2\r\nC: caf\xe9 \xc3\x85\x85\r\nd:\r\nE: one,\r\n  two\r\n\tthree\r\n"
    (_, headers, _) = read(OK + head + b"\r\n")
    assert headers == [
        (b"A", b"1"),
        (b"b", b"two words"),
        (b"A", b"2"),
        (b"C", b"caf\xe9 \xc3\x85\x85"),
        (b"d", b""),
        (b"E", b"one, two three"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n" + OK + b"\r\n",
        b"<html>no HTTP at all</html>\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x15\x03\x01\x00\x02\x02F",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2OO OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"HTTP/1.1 200 O\x00K\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
    ],
)
def test_what_is_not_http_is_no_answer(answer: bytes) -> None:
    """Whoever listens there speaks something else."""
    with pytest.raises(httpx.RemoteProtocolError):
        read(answer)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 5\r\n\r\nhello",
        OK + b"Content-Type: application/json\r\n\r\n",
        CHUNKED + b"5\r\nhello\r\n3;x\r\nyou\r\n0\r\nA: b\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_short_is_no_answer(answer: bytes) -> None:
    """Wherever it is cut: a head without its end could be one without a body."""
    for at in range(len(answer)):
        with pytest.raises(httpx.RemoteProtocolError):
            read(answer[:at])
    read(answer)


@pytest.mark.parametrize(
    "header",
    [
        b"no colon",
        b": no name",
        b"two words: x",
        b"Name : x",
        b"\xc3\xa4: x",
        b"Name: \x00",
        b"Name: a\rb",
        b" Name: folded before there was any",
        b"Content-Length: five",
        b"Content-Length: -5",
        b"Content-Length: +5",
        b"Content-Length: 5_0",
        b"Content-Length: 0x5",
        b"Content-Length: 5 5",
        b"Content-Length:",
        b"Content-Length: 5, 6",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: " + b"9" * 5000,
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding:",
    ],
)
def test_a_head_that_can_be_understood_in_two_ways_is_not_understood(header: bytes) -> None:
    """Another on the way may understand it otherwise."""
    with pytest.raises(httpx.RemoteProtocolError):
        read(OK + header + b"\r\nServer: x\r\n\r\nhello")


@pytest.mark.parametrize(
    "size",
    [b"", b"-5", b"+5", b"0x5", b" 5", b"5_0", b"five", b"5 5", b"5\r;x", b"5\x00", b"\xd9\xa5", b"0" * 17, b"f" * 17],
)
def test_a_size_of_a_chunk_is_digits_and_nothing_else(size: bytes) -> None:
    """http.client reads up to the end of the connection for `-5`."""
    with pytest.raises(httpx.RemoteProtocolError):
        read(CHUNKED + size + b"\r\nhello\r\n0\r\n\r\n")


@pytest.mark.parametrize("end", [b"", b"\n", b"xx", b"\rx", b"hello\r\n", b"\n\r\n"])
def test_a_chunk_ends_where_its_size_says(end: bytes) -> None:
    """Whatever else stands there is of the next chunk, or of another answer."""
    with pytest.raises(httpx.RemoteProtocolError):
        read(CHUNKED + b"5\r\nhello" + end + b"0\r\n\r\n")


def test_what_follows_a_chunked_body_is_headers() -> None:
    """Not an answer that nobody waits for."""
    with pytest.raises(httpx.RemoteProtocolError):
        read(CHUNKED + b"0\r\n" + OK + b"\r\n")


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 200 " + b"x" * 4 * MOST_HEAD,
        OK + b"X: " + b"x" * 4 * MOST_HEAD,
        OK + b"X: x\r\n" * MOST_HEAD,
        OK + b"X: x\r\n" + b" x\r\n" * MOST_HEAD,
        CHUNKED + b"5;" + b"x" * 4 * MOST_HEAD,
        CHUNKED + b"0\r\n" + b"X: x\r\n" * MOST_HEAD,
        b"HTTP/1.1 100 Continue\r\n\r\n" * (MOST_INTERIM + 1) + OK + b"\r\n",
    ],
    ids=["status", "header", "headers", "folded", "chunk", "trailers", "interim"],
)
def test_what_does_not_end_is_not_read_to_its_end(endless: bytes) -> None:
    """It would take the memory, or the thread."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        ours.settimeout(5)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * MOST_HEAD)
        theirs.settimeout(5)
        theirs.sendall(endless)
        with pytest.raises(httpx.RemoteProtocolError):
            list(Incoming(ours, "GET").body())


def test_a_head_may_be_as_long_as_any_that_was_seen() -> None:
    """A hundred headers and more."""
    (_, headers, _) = read(OK + b"".join(b"X-%d: %s\r\n" % (number, b"x" * 300) for number in range(200)) + b"\r\n")
    assert len(headers) == 200


@pytest.mark.parametrize(
    "head", [OK + b"Content-Length: %d\r\n\r\n" % (4 * PIECE), OK + b"\r\n", CHUNKED + b"40000\r\n"]
)
def test_a_body_is_handed_on_in_pieces(head: bytes) -> None:
    """Whoever reads may stop at any of them."""
    body = bytes(range(256)) * (PIECE // 64)
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * PIECE)
        theirs.settimeout(5)
        theirs.sendall(head + body + b"\r\n0\r\n\r\n" * head.startswith(CHUNKED))
        theirs.close()
        pieces = list(Incoming(ours, "GET").body())
    assert b"".join(pieces) == body
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= PIECE


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (OK + b"Content-Length: 5\r\n\r\nhello", True),
        (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", True),
        (OK + b"Connection: keep-alive\r\nContent-Length: 0\r\n\r\n", True),
        (OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n", False),
        (OK + b"Connection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n", False),
        (OK + b"Connection: x\r\nconnection: close\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", False),
        (OK + b"\r\nhello", False),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", False),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", False),
        (OK + b"Content-Length: 5\r\n\r\nhello!", False),
        ((OK + b"Content-Length: 5\r\n\r\nhello") * 2, False),
        (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n\r\n", False),
        (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", False),
    ],
)
def test_a_connection_is_used_again_only_behind_a_whole_answer(answer: bytes, again: bool) -> None:  # noqa: FBT001
    """With nothing left of it, and unless the server ends it there."""
    assert reusable(answer) == again


def test_a_connection_is_not_used_again_before_its_answer_was_read() -> None:
    """What is left of it would be taken for the next one."""
    with coming(OK + b"Content-Length: 5\r\n\r\nhello") as sock:
        incoming = Incoming(sock, "GET")
        assert not incoming.reusable
        next(incoming.body())
        assert not incoming.reusable


GOOD = [
    *(b"Content-Length: 5", b"content-length: 5, 5", b"Transfer-Encoding: chunked", b"transfer-encoding:CHUNKED"),
    *(b"Connection: close", b"X: y", b"X:", b"Y: caf\xe9", b" folded"),
]
BAD = [
    b"Content-Length: 6",
    b"Content-Length: x",
    b"Transfer-Encoding: gzip",
    b"bad header",
    b"X : y",
    b"X: \x00",
    b"X: a\rb",
]
BODIES = [
    *(b"hello", b"hell", b"hello!", b"", b"5\r\nhello\r\n0\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n"),
    *(b"5\r\nhello\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"5\r\nhello0\r\n\r\n", b"2\r\nhe\r\n3 \r\nllo\r\n0\r\n\r\n"),
    *(b"0\r\n\r\n", b"0\r\nno trailer\r\n\r\n", b"g\r\n", b"5\nhello\n0\n\n", b"0x5\r\nhello\r\n0\r\n\r\n"),
]
STARTS = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 404",
    b"HTTP/1.1 204 -",
    b"HTTP/1.1 600 \xff",
    b"HTTP/1.1 20 OK",
]


@given(
    start=st.sampled_from(STARTS),
    lines=st.lists(st.sampled_from(GOOD), max_size=2),
    bad=st.lists(st.sampled_from(BAD), max_size=1),
    body=st.sampled_from(BODIES),
    end=st.sampled_from([b"\r\n", b"\n"]),
    cuts=st.lists(st.integers(0, 120)),
)
def test_answers_are_understood_as_h11_understands_them(
    start: bytes, lines: Sequence[bytes], bad: Sequence[bytes], body: bytes, end: bytes, cuts: Sequence[int]
) -> None:
    """It reads for httpx's own transport; in whatever pieces they come."""
    answer = end.join([start, *lines, *bad, b"", body])
    places = [0, *sorted(cuts), len(answer)]
    pieces = [answer[first:last] for first, last in pairwise(places)]
    try:
        found: Read | None = normal(read(*pieces))
    except httpx.RemoteProtocolError:
        found = None
    assert found == by_h11(answer)


def by_h11(answer: bytes) -> Read | None:
    """What h11 reads; None where it cannot."""
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    reader.send(h11.EndOfMessage())
    reader.receive_data(answer)
    reader.receive_data(b"")
    body = b""
    try:
        head = reader.next_event()
        assert isinstance(head, h11.Response)
        while isinstance(event := reader.next_event(), h11.Data):
            body += event.data
    except h11.RemoteProtocolError:
        return None
    return normal((head.status_code, list(head.headers.raw_items()), body))


def normal(answer: Read) -> Read:
    """`answer` without the headers that h11 writes anew."""
    status, headers, body = answer
    anew = {b"content-length", b"transfer-encoding"}
    return status, [(name, value) for name, value in headers if name.lower() not in anew], body
