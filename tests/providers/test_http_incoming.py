"""Answers of every shape, and what is none: the same whichever pieces they come in."""

from __future__ import annotations

from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.providers.http.incoming import MOST_HEAD, Incoming
from reconciler.providers.http.outgoing import wire

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

WHOLE = {
    "a length": (OK + b"Content-Length: 2\r\n\r\n{}", "200 OK, '{}', lasting"),
    "no body": (b"HTTP/1.1 204 No Content\r\n\r\n", "204 No Content, '', lasting"),
    "not modified": (b"HTTP/1.1 304 -\r\nContent-Length: 5\r\n\r\n", "304 -, '', lasting"),
    "no words": (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 , '', lasting"),
    "closing": (OK + b"Connection: x, Close\r\nContent-Length: 1\r\n\r\n1", "200 OK, '1', last"),
    "1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1", "200 OK, '1', last"),
    "1.0, lasting": (
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1",
        "200 OK, '1', lasting",
    ),
    "chunks": (CHUNKED + b"1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n", "200 OK, '{}', lasting"),
    "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\nX: y\r\n\r\n", "200 OK, '{}', lasting"),
    "a coding behind": (CHUNKED + b"2\r\n{}\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n", "200 OK, '{}', last"),
    "capitals": (OK + b"TRANSFER-ENCODING:\t Chunked \r\n\r\n1\r\n1\r\n0\r\n\r\n", "200 OK, '1', lasting"),
    "informed": (b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n", "200 OK, '', lasting"),
    "a line ahead": (b"\r\n" + OK + b"Content-Length: 0\r\n\r\n", "200 OK, '', lasting"),
}
"""Answers that are there as a whole."""
BEHIND = {
    "another": (
        OK + b"Content-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2",
        "200 OK, '1', last",
    ),
    "rubbish": (OK + b"Content-Length: 1\r\n\r\n1\x00", "200 OK, '1', last"),
    "more than the last": (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n12", "200 OK, '1', last"),
}
"""Answers with something behind them."""
ENDING = {
    "no length": (OK + b"\r\n12", "200 OK, '12', last"),
    "half a length": (
        OK + b"Content-Length: 2\r\n\r\n1",
        "the server closed the connection before the end of its answer",
    ),
    "half a chunk": (CHUNKED + b"2\r\n1", "the server closed the connection before the end of its answer"),
    "no last chunk": (CHUNKED + b"1\r\n1\r\n", "the server closed the connection before the end of its answer"),
    "half a trailer": (CHUNKED + b"0\r\nX: ", "the server closed the connection before the end of its answer"),
    "half a head": (OK + b"Content-", "the server closed the connection without an answer"),
    "informed only": (b"HTTP/1.1 100 -\r\n\r\n", "the server closed the connection without an answer"),
    "nothing": (b"", "the server closed the connection without an answer"),
}
"""What is there when the connection ends."""
NONE = {
    "mail": b"220 mail.example ESMTP\r\n\r\n",
    "another version": b"HTTP/2 200 OK\r\n\r\n",
    "a long status": b"HTTP/1.1 2000 OK\r\n\r\n",
    "a status that there is not": b"HTTP/1.1 099 -\r\nContent-Length: 0\r\n\r\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n123",
    "a length and chunks": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n",
    "packed on the way": OK + b"Transfer-Encoding: gzip\r\n\r\n1",
    "packed in chunks": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
    "packed, then chunks": OK + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
    "less than nothing": OK + b"Content-Length: -1\r\n\r\n",
    "beyond all bounds": OK + b"Content-Length: 99999999999999999999\r\n\r\n",
    "chunks beyond all bounds": CHUNKED + b"fffffffffffffffff\r\n",
    "no such chunk": CHUNKED + b"x\r\n",
    "a space before the colon": OK + b"Content-Length : 2\r\n\r\n12",
    "no colon": OK + b"Content-Length\r\n\r\n",
    "a header over two lines": OK + b"X: a\r\n b\r\n\r\n",
    "an end within": OK + b"X: a\x00b\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 -\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "informed with a body": b"HTTP/1.1 150 -\r\nContent-Length: 2\r\n\r\n[]" + OK + b"Content-Length: 2\r\n\r\n{}",
    "informed in chunks": b"HTTP/1.1 199 -\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n0\r\n\r\n" + OK + b"\r\n{}",
    "informed for ever": b"HTTP/1.1 103 -\r\n\r\n" * 11 + OK + b"Content-Length: 0\r\n\r\n",
}
"""What is no answer."""


def heard(data: bytes, cuts: list[int]) -> str:
    """What comes of `data` in pieces that end at `cuts`."""
    incoming = Incoming()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for begin, end in pairwise(places):
        if not incoming.complete:
            incoming.take(data[begin:end])
    return told(incoming)


def told(incoming: Incoming) -> str:
    """The status, the body, and what becomes of the connection."""
    body = b"".join(incoming.pieces).decode()
    lasting = "" if not incoming.complete else ", lasting" if incoming.lasting else ", last"
    return f"{incoming.status} {incoming.reason.decode()}, {body!r}{lasting}"


CUTS = st.lists(st.integers(0, 400), max_size=6)


@pytest.mark.parametrize(("data", "what"), [pytest.param(*case, id=name) for name, case in WHOLE.items()])
@given(cuts=CUTS)
def test_an_answer_is_the_same_in_whichever_pieces_it_comes(data: bytes, what: str, cuts: list[int]) -> None:
    assert heard(data, cuts) == what


@pytest.mark.parametrize(("data", "what"), [pytest.param(*case, id=name) for name, case in BEHIND.items()])
def test_what_comes_behind_an_answer_ends_its_connection(data: bytes, what: str) -> None:
    """It would be taken for the answer to the next request."""
    assert heard(data, []) == what


@pytest.mark.parametrize(("data", "what"), [pytest.param(*case, id=name) for name, case in ENDING.items()])
def test_the_end_of_a_connection_is_the_end_of_an_answer_that_tells_no_length(data: bytes, what: str) -> None:
    """Of any other it is a part, which may read like something else."""
    incoming = Incoming()
    if data:
        incoming.take(data)
    try:
        incoming.take(b"")
        found = told(incoming)
    except httpx.RemoteProtocolError as error:
        found = str(error)
    assert found == what


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in NONE.items()])
@given(cuts=CUTS)
def test_what_is_no_answer_is_refused(data: bytes, cuts: list[int]) -> None:
    """Nobody knows where it ends, or whose it is."""
    with pytest.raises(httpx.RemoteProtocolError):
        heard(data, cuts)


def test_headers_are_taken_as_they_came() -> None:
    """Repeated ones, too; without the space around their values."""
    incoming = Incoming()
    incoming.take(OK + b"Retry-After: \t 7 \t\r\nX: \xe4\r\nx:\r\nContent-Length: 0\r\n\r\n")
    assert incoming.headers == [(b"Retry-After", b"7"), (b"X", b"\xe4"), (b"x", b""), (b"Content-Length", b"0")]


@pytest.mark.parametrize("beginning", [OK, CHUNKED + b"1\r\n1\r\n0\r\n"], ids=["head", "trailers"])
@pytest.mark.parametrize("more", [b"X: y\r\n", b"x"], ids=["many", "one"])
def test_headers_do_not_go_on_for_ever(beginning: bytes, more: bytes) -> None:
    """In one line or in many, ahead of the body or behind it."""
    incoming = Incoming()
    incoming.take(beginning + b"X: ")

    def go_on() -> None:
        for _ in range(MOST_HEAD):
            incoming.take(more * 100)

    with pytest.raises(httpx.RemoteProtocolError, match="100 KiB without a body"):
        go_on()


def test_one_answer_after_the_other_is_taken_from_one_connection() -> None:
    """Nothing of the first is left in the second."""
    incoming = Incoming()
    incoming.take(OK + b"X: y\r\nContent-Length: 1\r\n\r\n1")
    incoming.begin()
    incoming.take(b"HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\n2")
    assert (told(incoming), incoming.headers) == ("500 -, '2', lasting", [(b"Content-Length", b"1")])


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", "https://acme.example/a", headers={"X": "a\nb"}),
        httpx.Request("GET", "https://acme.example/a", headers={"X": "a\rb"}),
        httpx.Request("GET", "https://acme.example/a", headers={"X": "a\x00b"}),
        httpx.Request("GET", "https://acme.example/a", headers={"X": " a"}),
        httpx.Request("GET", "https://acme.example/a", headers={"X:": "a"}),
        httpx.Request("GET", "https://acme.example/a", headers={"X y": "a"}),
        httpx.Request("GET", "https://acme.example/a", headers={"": "a"}),
        httpx.Request("GET /b", "https://acme.example/a"),
        httpx.Request("POST", "https://acme.example/a", content=iter([b"1"])),
        httpx.Request("POST", "https://acme.example/a", content=iter([])),
        httpx.Request("POST", "https://acme.example/a", content=b"12", headers={"Content-Length": "1"}),
        httpx.Request("POST", "https://acme.example/a", content=b"12", headers={"Transfer-Encoding": "chunked"}),
        httpx.Request("GET", "https://acme.example/a", headers={"Content-Length": "1"}),
    ],
)
def test_what_would_be_taken_for_something_else_is_not_sent(request_: httpx.Request) -> None:
    """A line break would end a header; a wrong length would make a request of the rest of a body."""
    with pytest.raises(httpx.LocalProtocolError) as caught:
        wire(request_)
    assert str(caught.value) == "a header or an address holds characters that cannot be sent"
