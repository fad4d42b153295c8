"""Whoever asks to end gets nothing further sent, or waited for, but what settles or finishes what was sent before."""

from __future__ import annotations

from contextlib import nullcontext
from threading import Event
from time import monotonic

import httpx
import pytest
import stamina

from reconciler.core.ports import Ended
from reconciler.providers.http import Call, Client, Pace
from tests.providers.wired import AGING, CREATE, GET, POST, TARGET, ok, status


def sent(call: Call, *replies: httpx.Response, stop: Event, settles: bool = False) -> int:
    """How often `call` is sent; somebody asks to end as the first one arrives, if nobody has before."""
    left, arrived = list(replies), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal arrived
        del request
        stop.set()
        arrived += 1
        return left.pop(0)

    transport = httpx.MockTransport(answer)
    client = Client(TARGET, "write", header="X-Token", transport=transport, pace=Pace(100_000), stop=stop)
    try:
        with client.settling() if settles else nullcontext():
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


@pytest.mark.parametrize("settles", [False, True])
@pytest.mark.parametrize("call", [GET, SEARCH, POST, AGING, CREATE], ids=["get", "search", "index", "put", "create"])
def test_only_what_settles_or_finishes_is_sent(call: Call, stopped: Event, *, settles: bool) -> None:
    """An index may be sent anyhow: without it nobody sees what was written."""
    times = call is POST or (settles and not call.writes)
    assert sent(call, *[ok([1])] * times, stop=stopped, settles=settles) == times


@pytest.mark.parametrize("settles", [False, True])
@pytest.mark.parametrize("call", [GET, SEARCH, POST, CREATE], ids=["get", "search", "index", "create"])
def test_a_further_attempt_is_a_request_like_any_other(call: Call, *, settles: bool) -> None:
    """A creation that was turned away would be sent again."""
    times = 1 + (call is POST or (settles and not call.writes))
    assert sent(call, *[status(429), ok([1])][:times], stop=Event(), settles=settles) == times


ASKED = [status(429, **{"Retry-After": "60"}), status(503, **{"Retry-After": "60"})]


@pytest.mark.parametrize("reply", ASKED, ids=["429", "503"])
def test_nobody_waits_for_what_will_not_be_sent(reply: httpx.Response) -> None:
    """However long the target asks to wait."""
    begun = monotonic()
    with stamina.set_testing(False):
        assert sent(GET, reply, stop=Event()) == 1
    assert monotonic() - begun < 1


def test_what_is_read_behind_a_write_settles_it(stopped: Event) -> None:
    """Until the write is over."""
    stopped.clear()
    client = Client(TARGET, "write", header="X-Token", transport=httpx.MockTransport(lambda _: ok([1])), stop=stopped)
    with client.writing():
        client.send(AGING)
        stopped.set()
        client.send(GET)
    with pytest.raises(Ended):
        client.send(GET)
