"""Success is status code 10000 in an answer that HTTP calls a success, too; everything else is told apart."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from reconciler.core.ports import ProviderError
from reconciler.providers.clarifai.envelope import judge
from reconciler.providers.clarifai.session import Session
from reconciler.providers.http import Call, Client, HttpError, Mishap, Pace
from reconciler.sandbox import Faults, Sandbox, World, documents_seed
from tests.providers.clarifai_bench import CANARY, JUNE, RETENTION, Clock, ref, serve, target

GET = Call("GET", "/v2/datasets")


def said(code: object, http: int = 200, **more: object) -> httpx.Response:
    """An answer in the envelope."""
    return httpx.Response(http, json={"status": {"code": code, "description": "words", **more}})


def client(replies: Iterable[httpx.Response]) -> tuple[Client, list[httpx.Request]]:
    """A client that gets these replies, the last one again and again; and what it sent."""
    left, sent = list(replies), []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    clock = Clock()
    pace = Pace(100_000, clock, clock.sleep)
    transport = httpx.MockTransport(answer)
    place = target("https://api.clarifai.com")
    return Client(
        place, "write", header="Authorization", scheme="Key", judge=judge, transport=transport, pace=pace
    ), sent


def fail(*replies: httpx.Response, call: Call = GET) -> tuple[HttpError, int]:
    """The failure of a call, and how often it was sent."""
    http, sent = client(replies)
    with pytest.raises(HttpError) as caught:
        http.send(call)
    return caught.value, len(sent)


def test_a_token_does_not_show_where_the_vendor_s_words_are_cut() -> None:
    """Words are cut after 200 characters, wherever in an echoed token that is."""
    echoed = f"{'x' * (200 - len('11100 ') - len(CANARY) + 1)}{CANARY}"
    failure, _ = fail(said(11100, description=echoed))
    assert failure.summary == f"target vision refused GET /v2/datasets (11100 {echoed.removesuffix(CANARY)}(token))"


@pytest.mark.parametrize("code", [10000, "SUCCESS"])
def test_10000_is_success(code: object) -> None:
    """By number or by name; the key goes along as `Key`."""
    http, sent = client([said(code)])
    assert http.send(GET).value == {"status": {"code": code, "description": "words"}}
    assert str(sent[0].url) == "https://api.clarifai.com/v2/datasets"


NO_SUCCESS: list[Any] = [
    {},
    [],
    None,
    "ok",
    {"status": "SUCCESS"},
    {"status": None},
    {"status": {}},
    {"status": {"description": "Ok"}},
    {"code": 10000},
    {"code": 5, "message": "Not Found", "details": []},
    {"dataset_versions": []},
]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("body", NO_SUCCESS, ids=json.dumps)
def test_without_the_envelope_nothing_is_a_success(body: object, method: str) -> None:
    """Not even with HTTP 200: a proxy may have answered. Asked again, then given up."""
    failure, sent = fail(httpx.Response(200, json=body), call=Call(method, "/v2/datasets", repeat="anyhow"))
    assert failure.summary == f"target vision answered {method} /v2/datasets with something without Clarifai's status"
    assert (failure.mishap, failure.uncertain, sent) == (Mishap.UNREADABLE, method == "DELETE", 3)


@pytest.mark.parametrize("text", ["", "<html>Sign in</html>", "OK", '{"status":{"code":10000'])
def test_what_is_not_json_is_no_success(text: str) -> None:
    """A sign-in page, or half an answer."""
    assert fail(httpx.Response(200, text=text))[0].mishap == Mishap.UNREADABLE


def test_10000_with_an_http_error_is_no_success() -> None:
    """Two who disagree: nobody knows."""
    failure, sent = fail(said(10000, 500))
    assert (failure.mishap, failure.status, sent) == (Mishap.LOST, 500, 10)


FAILURES = {
    10010: (Mishap.REFUSED, 1, "target vision did only a part of GET /v2/datasets (10010 words: why)"),
    10020: (Mishap.REFUSED, 1, "target vision refused GET /v2/datasets (10020 words: why)"),
    10030: (Mishap.LOST, 10, "target vision failed at GET /v2/datasets (10030 words: why)"),
    11003: (Mishap.REFUSED, 1, "the Clarifai user of target vision has used up its requests (11003 words: why at GET "),
    11005: (Mishap.UNSENT, 10, "target vision is asked too fast at GET /v2/datasets (11005 words: why)"),
    "CONN_THROTTLED": (Mishap.UNSENT, 10, "target vision is asked too fast at GET /v2/datasets (11005 words: why)"),
    11007: (Mishap.REFUSED, 1, "the token of target vision has no right to GET /v2/datasets (11007 words: why)"),
    11008: (Mishap.REFUSED, 1, "the token of target vision was refused (11008 words: why)"),
    11009: (Mishap.REFUSED, 1, "the token of target vision was refused (11009 words: why)"),
    11100: (Mishap.REFUSED, 1, "target vision refused GET /v2/datasets (11100 words: why)"),
    11101: (Mishap.REFUSED, 1, "target vision has nothing at GET /v2/datasets, or the token may not see it (11101 "),
    11102: (Mishap.REFUSED, 1, "target vision refused GET /v2/datasets (11102 words: why)"),
    40010: (Mishap.REFUSED, 1, "target vision refused GET /v2/datasets (40010 words: why)"),
    64030: (Mishap.REFUSED, 1, "target vision will not change what is in use, at GET /v2/datasets (64030 words: why)"),
    98004: (Mishap.LOST, 10, "target vision failed at GET /v2/datasets (98004 words: why)"),
    "NEW_ONE": (Mishap.REFUSED, 1, "target vision refused GET /v2/datasets (an unknown code words: why)"),
}


@pytest.mark.parametrize("http", [200, 400, 429, 503])
@pytest.mark.parametrize("code", FAILURES)
def test_each_code_says_what_happened(code: int | str, http: int) -> None:
    """Whatever HTTP says: for few codes is it known what that would be (notes 1)."""
    failure, sent = fail(said(code, http, details="why"))
    mishap, times, summary = FAILURES[code]
    assert (failure.mishap, sent) == (mishap, times)
    assert failure.summary.startswith(summary)
    assert failure.hint
    assert failure.missing == (code == 11101)


def test_a_token_that_is_echoed_is_not_shown() -> None:
    """Nor does what it says reach the terminal as anything but text."""
    failure, _ = fail(said(11009, 401, details=f"invalid key({CANARY})\x1b[31m"))
    assert str(failure) == "the token of target vision was refused (11009 words: invalid key((token))[31m)"
    assert CANARY not in repr(failure) + failure.summary + str(failure.hint)


@pytest.mark.parametrize("http", ["conventional", "400", "200"])
def test_throttling_is_waited_out(http: str) -> None:
    """11005 is a 429 by another name: all requests wait, then go on."""
    with serve(World.parse(f"clarifai_throttle=2,clarifai_http={http}")) as bench:
        bench.delete(JUNE)
        assert JUNE not in bench.elements()
        assert bench.clock.now >= 1_700_000_003


def test_fifteen_a_second_whatever_the_manifest_says() -> None:
    """Notes 1, Rate limits; by the real clock, at a server that means it."""
    sandbox = Sandbox(world=World(clarifai_throttle=15))
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        session = Session.open(target(server.url), "read")
        began = time.monotonic()
        for _ in range(6):
            session.read(ref(), RETENTION)
        assert time.monotonic() - began > 1
        session.close()
    assert {request.status for request in sandbox.requests} == {200}


@pytest.mark.parametrize(
    "kind", ["429", "429-after", "500", "502", "503", "html", "reset", "lost", "cut", "empty", "truncated"]
)
def test_reading_survives_the_network(kind: str) -> None:
    """Each request meets the fault once."""
    faults = Faults()
    faults.script("GET", "*", kind, times=2)
    with serve(faults=faults) as bench:
        assert len(bench.elements()) == 8


def test_a_gateway_that_answers_404_without_an_envelope() -> None:
    """Not a word about the dataset: the url is wrong."""
    body = {"code": 5, "message": "Not Found", "details": []}
    failure, _ = fail(httpx.Response(404, json=body))
    assert isinstance(failure, ProviderError)
    assert failure.summary == "target vision has nothing at GET /v2/datasets, or the token may not see it (404)"
