"""How much of an answer is read, and how it may be packed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest
import stamina

from reconciler.providers.http import HttpError
from reconciler.providers.http.body import MOST
from tests.providers.wired import CREATE, GET, SAID, wire

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


@pytest.mark.parametrize("code", [401, 403])
@pytest.mark.parametrize("headers", [{"Content-Encoding": "br"}, {}], ids=["packed", "endless"])
def test_a_refusal_that_cannot_be_read_is_still_that_refusal(code: int, headers: dict[str, str]) -> None:
    """A proxy packs its page as it likes, or does not end it; what to do about it, the status says."""
    made = wire([httpx.Response(code, headers=headers, content=iter([SPACES] * MANY))])
    with pytest.raises(HttpError) as caught:
        made.client.send(GET)
    assert caught.value.summary == dict(SAID)[code]
    assert (caught.value.status, len(made.sent)) == (code, 1)


def test_a_pause_is_kept_to_where_its_answer_cannot_be_read() -> None:
    """Retry-After comes ahead of the body."""
    busy = httpx.Response(429, headers={"Content-Encoding": "br", "Retry-After": "7"}, content=iter([b"never read"]))
    made = wire([busy, httpx.Response(200, json={})])
    with stamina.set_testing(True, attempts=2):
        made.client.send(GET)
    assert sum(made.clock.slept) >= 7


def test_what_is_packed_as_asked_for_is_read() -> None:
    """As real servers and proxies do."""
    reply = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=iter([gzip.compress(b'{"a": 1}')]))
    assert wire([reply]).client.send(GET).value == {"a": 1}
