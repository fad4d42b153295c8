"""How much of an answer is read, and how it may be packed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest

from reconciler.providers.http import HttpError
from reconciler.providers.http.body import MOST
from tests.providers.wired import CREATE, GET, wire

SPACES = b" " * 2**20
MANY = 200


def long(sent: list[int], headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
    """Answers of 200 MiB each; what is taken of them is counted in `sent`."""

    def packed() -> Iterator[bytes]:
        packer = zlib.compressobj(wbits=31) if headers else None
        for _ in range(MANY):
            sent.append(len(SPACES))
            yield packer.compress(SPACES) + packer.flush(zlib.Z_SYNC_FLUSH) if packer else SPACES

    while True:
        yield httpx.Response(200, headers=headers, content=packed())


@pytest.mark.parametrize("headers", [None, {"Content-Encoding": "gzip"}], ids=["plain", "packed"])
def test_an_answer_beyond_the_bound_is_not_read_to_its_end(headers: dict[str, str] | None) -> None:
    """Packed answers count as what they unpack to: 200 MiB of spaces are 200 KiB on the wire."""
    sent: list[int] = []
    endless = long(sent, headers)
    with pytest.raises(HttpError) as caught:
        wire([next(endless)]).client.send(CREATE)
    assert caught.value.summary == "target acme answered POST /a with more than 64 MiB"
    assert caught.value.hint
    assert caught.value.uncertain
    assert sum(sent) <= MOST + len(SPACES)


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd", "deflate"])
def test_a_packing_that_was_not_asked_for_is_not_unpacked(packing: str) -> None:
    """Packed twice, some kilobytes are gigabytes."""
    replies = [
        httpx.Response(200, headers={"Content-Encoding": packing}, content=iter([b"never read"])) for _ in range(3)
    ]
    made = wire(replies)
    with pytest.raises(HttpError) as caught:
        made.client.send(GET)
    found = "something that is packed in a way that was not asked for"
    assert caught.value.summary == f"target acme answered GET /a with {found}"
    assert [request.headers["Accept-Encoding"] for request in made.sent] == ["gzip"] * 3


def test_what_is_packed_as_asked_for_is_read() -> None:
    """As real servers and proxies do."""
    reply = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=iter([gzip.compress(b'{"a": 1}')]))
    assert wire([reply]).client.send(GET).value == {"a": 1}
