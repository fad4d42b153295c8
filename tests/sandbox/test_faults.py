"""Each fault as a client meets it, and what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from reconciler.sandbox import Faults
from reconciler.sandbox.faults import KINDS, THINNED
from tests.sandbox.served import CLIENTS, ROLES

if TYPE_CHECKING:
    from tests.sandbox.served import Client, Serve

TAGS = f"/api/data/ui/v3/datasources/{ROLES}/tags"
METADATA = f"/api/data/v3/datasources/{CLIENTS}"


def strike(client: Client, kind: str) -> httpx.Response:
    """Let the next write meet a fault."""
    client.sandbox.faults.script("POST", "/api/data/ui/v3/datasources/{id}/tags", kind)
    return client.post(TAGS, json=["gold"])


def tags(client: Client) -> list[str]:
    """What the write left."""
    found: list[str] = client.get(TAGS).json()["tags"]
    return found


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        ("429", 429, None),
        ("429-after", 429, "1"),
        ("429-huge", 429, "3600"),
        ("429-date", 429, "Fri, 31 Dec 2049 23:59:59 GMT"),
        ("429-negative", 429, "-5"),
        ("429-nan", 429, "NaN"),
        ("401", 401, None),
        ("500", 500, None),
        ("502", 502, None),
        ("503", 503, None),
    ],
)
def test_a_refusal_before_the_write_writes_nothing(
    domo: Client, kind: str, status: int, retry_after: str | None
) -> None:
    answer = strike(domo, kind)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry_after)
    assert tags(domo) == []


@pytest.mark.parametrize(
    ("kind", "left"),
    [("reset", []), ("reset-after", ["gold"]), ("lost", ["gold"]), ("cut", ["gold"])],
)
def test_a_connection_breaks_before_or_after_the_write(domo: Client, kind: str, left: list[str]) -> None:
    with pytest.raises(httpx.TransportError):
        strike(domo, kind)
    assert tags(domo) == left
    assert domo.sandbox.requests[0].fault == kind


def test_a_reset_is_a_reset_and_a_close_is_a_close(domo: Client) -> None:
    """The operating system tells them apart."""
    with pytest.raises(httpx.ReadError):
        strike(domo, "reset")
    with pytest.raises(httpx.RemoteProtocolError):
        strike(domo, "lost")


@pytest.mark.parametrize(
    ("kind", "status", "text", "content_type", "left"),
    [
        ("500-after", 500, "", None, ["gold"]),
        ("truncated", 200, "{", "application/json", ["gold"]),
        ("empty", 200, "", None, ["gold"]),
        ("text", 200, "{}", "text/plain", ["gold"]),
        ("ignored", 200, "{}", "application/json", []),
    ],
)
def test_an_answer_is_spoiled(
    domo: Client, kind: str, status: int, text: str, content_type: str | None, left: list[str]
) -> None:
    answer = strike(domo, kind)
    assert (answer.status_code, answer.text, answer.headers.get("Content-Type")) == (status, text, content_type)
    assert tags(domo) == left


def test_a_login_page_comes_with_200(domo: Client) -> None:
    answer = strike(domo, "html")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert tags(domo) == []


def test_gzip_garbage_cannot_be_decoded(domo: Client) -> None:
    with pytest.raises(httpx.DecodingError):
        strike(domo, "gzip")
    assert tags(domo) == ["gold"]


def test_a_stall_outlasts_an_impatient_client_and_holds_nobody_else(domo: Client) -> None:
    """The write is made all the same."""
    domo.sandbox.faults.script("POST", TAGS, "stall", seconds=0.4)
    with pytest.raises(httpx.ReadTimeout):
        domo.post(TAGS, json=["gold"], timeout=0.1)
    assert tags(domo) == []
    domo.sandbox.faults.script("GET", TAGS, "stall", seconds=0.4)
    assert tags(domo) == ["gold"]


def test_a_script_waits_and_ends(domo: Client) -> None:
    """`after` requests pass, `times` requests are struck, the rest pass."""
    domo.sandbox.faults.script("*", "*/tags", "503", times=2, after=1)
    assert [domo.get(TAGS).status_code for _ in range(4)] == [200, 503, 503, 200]
    assert domo.get(METADATA).status_code == 200


def test_chance_is_the_same_for_the_same_seed(serve: Serve) -> None:
    """And follows the rate."""
    runs = []
    for seed in (7, 7, 8):
        domo = serve(faults=Faults(rate=0.3, seed=seed, kinds=["429", "500", "503"]))
        runs.append([domo.get(TAGS).status_code for _ in range(200)])
    assert runs[0] == runs[1] != runs[2]
    assert 40 <= sum(status != 200 for status in runs[0]) <= 80
    assert set(runs[0]) == {200, 429, 500, 503}


def test_a_limit_answers_429_above_so_many_a_second(serve: Serve) -> None:
    domo = serve(faults=Faults(limit=3))
    assert [domo.get(TAGS).status_code for _ in range(5)] == [200, 200, 200, 429, 429]


def test_faults_are_named_on_a_command_line() -> None:
    parsed = Faults.parse("rate=0.3, seed=7,kinds=429+500+lost,stall=2,limit=10")
    shown = (parsed.rate, parsed.seed, parsed.kinds, parsed.stall, parsed.limit)
    assert shown == (0.3, 7, ("429", "500", "lost"), 2.0, 10)
    assert Faults.parse("rate=1").kinds == KINDS
    for text, message in (("kinds=flood", "there is no kind 'flood'"), ("speed=1", "there is no 'speed'")):
        with pytest.raises(ValueError, match=message):
            Faults.parse(text)


@pytest.mark.parametrize(
    ("kind", "left"), [("short", ["a", "b"]), ("doubled", ["a", "b", "a"]), ("blank", [])], ids=THINNED
)
def test_a_list_may_have_lost_something(domo: Client, kind: str, left: list[str]) -> None:
    """Scripted only: by chance it would be a fault that no client can notice."""
    assert not set(THINNED) & set(KINDS)
    domo.post(TAGS, json=["a", "b", "c"])
    assert domo.get(TAGS).json()["tags"] == ["a", "b", "c"]
    domo.sandbox.faults.script("GET", TAGS, kind)
    assert domo.get(TAGS).json()["tags"] == left
