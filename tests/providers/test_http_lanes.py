"""Connections side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import httpx
import pytest

from reconciler.providers.http.gate import way_out
from reconciler.providers.http.lanes import Lanes
from tests.providers.peer import JSON, peer


class Lane(httpx.BaseTransport):
    """A transport that notes how many requests it has at a time, and whether it is closed."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.answer, self.now, self.most, self.closed = answer, 0, 0, False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        del request
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            response = self.answer()
        finally:
            self.now -= 1
        return response

    def close(self) -> None:
        self.closed = True


def lanes(most: int, answer: Callable[[], httpx.Response]) -> tuple[Lanes, list[Lane]]:
    made: list[Lane] = []

    def make() -> Lane:
        made.append(Lane(answer))
        return made[-1]

    return Lanes(make, most), made


def streamed() -> httpx.Response:
    """An answer as it comes from a network."""
    return httpx.Response(200, stream=httpx.ByteStream(b"1"))


def slow() -> httpx.Response:
    """Long enough for another request to come."""
    time.sleep(0.05)
    return streamed()


REQUEST = httpx.Request("GET", "https://acme.example/")


def test_one_after_the_other_takes_one_connection() -> None:
    """The one used last is warm."""
    made, transports = lanes(8, streamed)
    for _ in range(20):
        made.handle_request(REQUEST).close()
    assert len(transports) == 1


def test_no_more_connections_than_allowed_and_one_request_on_each() -> None:
    """Twelve threads on four: eight wait."""
    together = Barrier(4)

    def answer() -> httpx.Response:
        together.wait(10)
        return streamed()

    made, transports = lanes(4, answer)
    with ThreadPoolExecutor(12) as pool:
        for response in pool.map(lambda _: made.handle_request(REQUEST).close(), range(24)):
            assert response is None
    assert [lane.most for lane in transports] == [1, 1, 1, 1]
    made.close()
    assert all(lane.closed for lane in transports)


@pytest.mark.parametrize("answer", [streamed, lambda: httpx.Response(200, content=b"1")], ids=["streamed", "recorded"])
@pytest.mark.parametrize("end", ["read", "closed unread", "closed twice", "failed"])
def test_every_end_of_a_request_gives_its_connection_back(end: str, answer: Callable[[], httpx.Response]) -> None:
    """A single one serves all, and never two at a time."""
    numbers = count()

    def answered() -> httpx.Response:
        if end == "failed" and next(numbers) % 2:
            raise httpx.ReadError("x")
        return answer()

    made, transports = lanes(1, answered)
    for _ in range(6):
        try:
            response = made.handle_request(REQUEST)
        except httpx.ReadError:
            continue
        if end == "read":
            assert response.read() == b"1"
        response.close()
        if end == "closed twice" and isinstance(response.stream, httpx.SyncByteStream):
            response.stream.close()
    transports[0].answer = slow
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: made.handle_request(REQUEST).close(), range(2)))
    assert [lane.most for lane in transports] == [1], "one given back twice would be two"


def test_connections_are_kept_between_requests() -> None:
    """Forty requests of four threads over the real way out: four connections at most."""
    with peer((JSON,) * 40) as server, ThreadPoolExecutor(4) as pool:
        out = way_out(httpx.URL(server.url), 4)
        answers = list(pool.map(lambda _: out.handle_request(httpx.Request("GET", server.url)).read(), range(40)))
        out.close()
    assert answers == [b"{}"] * 40
    assert 1 <= len(server.connections) <= 4
