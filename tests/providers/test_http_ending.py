"""Whoever asks to end gets no further change sent; what is read, or finishes a change, still is."""

from __future__ import annotations

from threading import Event

import httpx
import pytest

from reconciler.core.ports import Ended
from reconciler.providers.http import Call, Client
from tests.providers.wired import AGING, CREATE, GET, POST, TARGET, ok, status


def sent(call: Call, *replies: httpx.Response, stop: Event) -> int:
    """How often `call` is sent; somebody asks to end as the first one arrives, if nobody has before."""
    left, arrived = list(replies), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal arrived
        del request
        stop.set()
        arrived += 1
        return left.pop(0)

    client = Client(TARGET, "write", header="X-Token", transport=httpx.MockTransport(answer), stop=stop)
    try:
        client.send(call)
    except Ended as ended:
        assert (ended.uncertain, ended.again, ended.hint) == (False, None, Ended.GO_ON)  # noqa: PT017
        return arrived
    assert not left
    return arrived


@pytest.fixture
def stopped() -> Event:
    stop = Event()
    stop.set()
    return stop


SEARCH = Call("POST", "/a", body={}, reads=True)


@pytest.mark.parametrize(("call", "times"), [(GET, 1), (SEARCH, 1), (POST, 1), (AGING, 0), (CREATE, 0)])
def test_only_what_changes_nothing_more_is_sent(call: Call, times: int, stopped: Event) -> None:
    """An index may be sent anyhow: without it nobody sees what was written."""
    assert sent(call, *[ok([1])] * times, stop=stopped) == times


@pytest.mark.parametrize(("call", "times"), [(GET, 2), (SEARCH, 2), (POST, 2), (CREATE, 1)])
def test_a_further_attempt_is_a_request_like_any_other(call: Call, times: int) -> None:
    """A creation that was turned away would be sent again."""
    assert sent(call, *[status(429), ok([1])][:times], stop=Event()) == times
