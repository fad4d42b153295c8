"""What failures say, what is repeated, and what is uncertain."""

from __future__ import annotations

from time import monotonic

import httpx
import pytest
import stamina

from reconciler.core.patience import ATTEMPTS, MOST_MANGLED, PATIENCE
from reconciler.core.ports import ProviderError, Target
from reconciler.providers.http import Answer, Call, Client, HttpError, Mishap
from reconciler.providers.http.again import MOST_UNREACHED, Asked
from reconciler.providers.http.age import Age
from tests.providers.wired import AGING, CANARY, CREATE, GET, LOST, POST, PUT, SAID, TARGET, Reply, ok, status, wire


def fail(replies: list[Reply], call: Call) -> tuple[HttpError, int]:
    """The failure of `call`, and how often it was sent."""
    made = wire(replies)
    with pytest.raises(HttpError) as caught:
        made.client.send(call)
    return caught.value, len(made.sent)


@pytest.mark.parametrize(("words", "told"), [("timed out", "timed out"), ("", "ConnectTimeout")])
def test_why_a_target_cannot_be_reached_is_said(words: str, told: str) -> None:
    """By its kind, where an error has no words."""
    failure, _ = fail([httpx.ConnectTimeout(words)], GET)
    assert failure.summary == f"target acme cannot be reached: {told}"


@pytest.mark.parametrize(("code", "sentence"), SAID, ids=[str(code) for code, _ in SAID])
def test_each_status_says_what_happened_and_what_to_do(code: int, sentence: str) -> None:
    """One sentence for the person, and a hint."""
    failure, _ = fail([status(code, '{"message": "it is busy"}')], GET)
    assert (failure.summary, failure.status) == (sentence, code)
    assert failure.hint
    assert failure.missing == (code == 404)
    assert not failure.uncertain


@pytest.mark.parametrize(
    ("reply", "whole"),
    [
        *((status(401), True), (status(429), True), (httpx.ConnectError("x"), True)),
        *((status(403), False), (status(404), False), (status(500), False), (httpx.ReadTimeout("x"), False)),
        (status(200, "<html>"), False),
    ],
    ids=repr,
)
def test_a_failure_of_the_target_is_told_from_one_of_a_request(reply: Reply, *, whole: bool) -> None:
    """Who is not let in, or finds nobody there, is not asked for the next dataset either."""
    failure, _ = fail([reply], GET)
    assert failure.whole == whole


ONCE = [401, 403, 404, 405, 409, 416, 418, 302]
AGAIN = [429, 500, 502, 503, 504, 408]


@pytest.mark.parametrize("code", ONCE)
@pytest.mark.parametrize("call", [GET, PUT, POST, CREATE], ids=["get", "put", "post", "create"])
def test_a_refusal_is_not_repeated(code: int, call: Call) -> None:
    """It would be refused again."""
    failure, sent = fail([status(code)], call)
    assert (sent, failure.retryable, failure.uncertain) == (1, False, False)


@pytest.mark.parametrize("code", AGAIN)
@pytest.mark.parametrize("call", [GET, PUT, POST], ids=["get", "put", "post"])
def test_what_does_no_harm_twice_is_repeated(code: int, call: Call) -> None:
    """Until it works, or too often."""
    made = wire([status(code), status(code), ok([1])])
    assert made.client.send(call).value == [1]
    failure, sent = fail([status(code)], call)
    assert (sent, failure.retryable) == (ATTEMPTS, True)
    assert failure.uncertain == (call is not GET and code != 429)


@pytest.mark.parametrize("reply", [*LOST, status(429), status(429, **{"Retry-After": "7"}), httpx.ConnectError("x")])
def test_a_write_that_ages_is_not_sent_again_as_it_is(reply: Reply) -> None:
    """Whoever made it is told after how long to look again and make it anew."""
    failure, sent = fail([reply], AGING)
    asked = 7.0 if isinstance(reply, httpx.Response) and "Retry-After" in reply.headers else 0.0
    assert (sent, failure.again, failure.uncertain) == (1, asked, reply in LOST)


@pytest.mark.parametrize("code", ONCE)
def test_a_write_that_is_refused_is_not_made_anew(code: int) -> None:
    """It would be refused again."""
    failure, _ = fail([status(code)], AGING)
    assert (failure.again, failure.uncertain) == (None, False)


def test_a_write_that_waited_for_somebody_else_s_pause_is_not_sent() -> None:
    """What it was made from was read before; a pause that hardly takes longer than the way to the vendor is borne."""
    made = wire([status(429), ok(), ok(), status(429, **{"Retry-After": "60"}), ok(), ok()])
    made.client.look()
    made.client.send(GET)
    made.client.send(AGING)
    assert len(made.sent) == 3
    made.client.look()
    made.client.send(GET)
    with pytest.raises(HttpError, match="target acme let PUT /a wait for too long after what it rests on") as caught:
        made.client.send(AGING)
    assert (len(made.sent), caught.value.again, caught.value.uncertain) == (5, 0.0, False)
    made.client.look()
    made.client.send(AGING)
    assert len(made.sent) == 6


def test_a_target_that_takes_few_requests_takes_a_write_in_the_end() -> None:
    """A look and a write cannot come close together there: each write that was given up lets the next be older."""
    turned_away = status(429, **{"Retry-After": "1"})
    made = wire([ok(), turned_away] * 4 + [ok()])
    for _ in range(3):
        made.client.look()
        made.client.send(GET)
        with pytest.raises(HttpError, match="asked too fast"):
            made.client.send(AGING)
    made.client.look()
    made.client.send(GET)
    assert made.client.send(AGING) == Answer({})
    assert [request.method for request in made.sent] == ["GET", "PUT"] * 4 + ["PUT"]


@pytest.mark.parametrize("reply", LOST, ids=repr)
def test_a_creation_is_never_sent_twice_once_it_may_have_landed(reply: Reply) -> None:
    """Nobody knows whether it was made; a second one would be a duplicate."""
    failure, sent = fail([reply], CREATE)
    assert (sent, failure.uncertain) == (1, True)


@pytest.mark.parametrize("reply", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), status(429)], ids=repr)
def test_a_creation_that_was_not_taken_is_repeated(reply: Reply) -> None:
    """No connection, or turned away at the door: it was not made."""
    made = wire([reply, ok({"id": "x"})])
    assert made.client.send(CREATE).value == {"id": "x"}
    failure, sent = fail([status(503), reply] if isinstance(reply, Exception) else [reply], POST)
    assert sent == ATTEMPTS
    failure, _ = fail([reply], CREATE)
    assert not failure.uncertain


def test_a_server_that_never_answered_is_asked_a_few_times_only() -> None:
    """A mistyped url is said at once; one that answered before comes back."""
    assert fail([httpx.ConnectError("x")], GET)[1] == MOST_UNREACHED
    assert fail([status(503), httpx.ConnectError("x")], GET)[1] == ATTEMPTS


def test_nobody_is_asked_again_for_longer_than_two_minutes() -> None:
    """Counted from the beginning of the first attempt, which may have taken half a minute."""
    asked: list[Call] = []

    def attempt(call: Call) -> Answer:
        asked.append(call)
        return Answer(None)

    failure = HttpError("lost", Mishap.LOST)
    with stamina.set_testing(False), pytest.raises(HttpError, match="lost"):
        Asked(GET, lambda: True, lambda: False, lambda _: None, Age()).insist(failure, monotonic() - PATIENCE, attempt)
    assert asked == []
    Asked(GET, lambda: True, lambda: False, lambda _: None, Age()).insist(failure, monotonic(), attempt)
    assert asked == [GET]


def test_a_client_that_is_closed_asks_no_more() -> None:
    """A run that is given up does not wait for the attempts that it would still have."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        client.close()
        return status(503)

    client = Client(TARGET, "read", header="X-Token", transport=httpx.MockTransport(answer))
    with pytest.raises(HttpError, match="failed at GET /a"):
        client.send(GET)
    assert len(sent) == 1


@pytest.mark.parametrize("last", [status(403), httpx.ConnectError("x")], ids=["refused", "unreachable"])
def test_a_write_stays_uncertain_when_an_earlier_attempt_may_have_landed(last: Reply) -> None:
    """Handing a dataset over may cost the right to do it again."""
    failure, _ = fail([httpx.ReadTimeout("x"), last], PUT)
    assert failure.uncertain


@pytest.mark.parametrize("body", ["<html><title>Domo - Blocked</title></html>", "", "nonsense", "NaN"], ids=repr)
def test_success_without_json_is_no_answer_to_a_read(body: str) -> None:
    """An address that is not on the allow-list gets a page with status 200."""
    failure, sent = fail([status(200, body)], GET)
    assert sent == MOST_MANGLED
    assert failure.summary.startswith("target acme answered GET /a with ")
    assert not failure.uncertain


def test_what_could_not_be_given_back_is_not_read() -> None:
    """It is refused in words; nobody looks at what a write answers."""
    body = '{"a":' * 101 + "1" + "}" * 101
    failure, _ = fail([status(200, body)], GET)
    assert failure.summary == "target acme answered GET /a with JSON that is nested deeper than 100 levels"
    assert wire([status(200, body)]).client.send(PUT).value is None


def test_json_is_told_by_the_body_not_by_its_label() -> None:
    """Some servers send JSON as text."""
    assert wire([httpx.Response(200, text="[1]")]).client.send(GET).value == [1]


@pytest.mark.parametrize("body", ["", "OK", "{}"], ids=repr)
def test_a_write_may_answer_anything_but_a_page(body: str) -> None:
    """Writes answer JSON, text or nothing; a page means that it never arrived."""
    wire([status(200, body)]).client.send(PUT)
    failure, _ = fail([status(200, "<!doctype html>")], PUT)
    assert failure.uncertain


def test_the_vendor_may_ask_for_a_pause_but_not_for_an_hour() -> None:
    """Retry-After is kept to a minute, for every thread."""
    made = wire([status(429, **{"Retry-After": "3600"}), ok()])
    made.client.send(GET)
    assert made.clock.slept == [60.0]


@pytest.mark.parametrize("asked", ["-5", "NaN", "inf", "Fri, 31 Dec 2049 23:59:59 GMT", "soon"])
def test_nonsense_in_retry_after_is_a_short_pause(asked: str) -> None:
    """It comes from a header that anybody may write."""
    made = wire([status(429, **{"Retry-After": asked}), ok()])
    made.client.send(GET)
    assert made.clock.slept == [0.2]


def test_the_query_and_the_body_go_out_as_they_are_meant() -> None:
    """No part of them is encoded twice."""
    made = wire([ok()])
    made.client.send(Call("DELETE", "/a%2Fb", {"index": "true", "q": "ä b"}, [1, "ä"]))
    (request,) = made.sent
    assert str(request.url) == "https://acme.domo.com/a%2Fb?index=true&q=%C3%A4+b"
    assert request.content == '[1,"ä"]'.encode()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://x", b"/a"),
        ("https://x/b/", b"/b/a"),
        ("https://x/b/?#", b"/b/a"),
        ("https://x/b%20c%2Fd", b"/b%20c%2Fd/a"),
        ("https://x/b\u00e4/", b"/b%C3%A4/a"),
    ],
)
def test_a_target_may_be_below_a_path(url: str, target: bytes) -> None:
    """Whatever is escaped in its url stays escaped."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return ok()

    there = Target("acme", "domo", url, CANARY, requests_per_second=100_000)
    Client(there, "read", header="X-Token", transport=httpx.MockTransport(answer)).send(GET)
    assert [request.url.raw_path for request in asked] == [target]


@pytest.mark.parametrize(
    "url",
    ["http://acme.domo.com", "ftp://x", "https://u:p@acme.domo.com", "https://acme.domo.com?x=1", "acme", "https://"],
)
def test_a_token_goes_only_where_it_is_safe(url: str) -> None:
    """Not in clear over a network, and not to an address with a user in it."""
    with pytest.raises(ProviderError):
        Client(Target("acme", "domo", url, CANARY), "read", header="X-Token")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "https://x/base/"])
def test_loopback_needs_no_encryption(url: str) -> None:
    """The sandbox is there."""
    Client(Target("acme", "domo", url, CANARY), "read", header="X-Token").close()
