"""A client whose network is a function."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event

import httpx

from reconciler.core.ports import Access, Target
from reconciler.providers.http import Call, Client
from reconciler.providers.http.pace import NEVER, Pace

CANARY = "canary-7f3a9c"
TARGET = Target("acme", "domo", "https://acme.domo.com", CANARY, requests_per_second=100_000)
Reply = httpx.Response | Exception
GET = Call("GET", "/a")
PUT = Call("PUT", "/a", body={"x": 1}, repeat="anyhow")
CREATE = Call("POST", "/a", body={}, repeat="untaken", answered=True)
POST = Call("POST", "/a", body=[], repeat="anyhow")
AGING = Call("PUT", "/a", body={"x": 1}, answered=True)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float, until: Event = NEVER) -> None:
        """Let time pass, at once."""
        del until
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Wire:
    """What was sent, and the client that sent it."""

    client: Client
    clock: Clock
    sent: list[httpx.Request] = field(default_factory=list)


def wire(replies: Iterable[Reply], access: Access = "write", reading_posts: tuple[str, ...] = ()) -> Wire:
    """A client that gets these replies in order, the last one again and again."""
    left = list(replies)

    def answer(request: httpx.Request) -> httpx.Response:
        made.sent.append(request)
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    clock = Clock()
    pace = Pace(TARGET.requests_per_second, clock, clock.sleep)
    transport = httpx.MockTransport(answer)
    client = Client(TARGET, access, header="X-Token", transport=transport, pace=pace, reading_posts=reading_posts)
    made = Wire(client, clock)
    return made


def ok(body: object = None) -> httpx.Response:
    """A 200 with JSON."""
    return httpx.Response(200, json=body if body is not None else {})


def status(code: int, text: str = "", **headers: str) -> httpx.Response:
    """An answer with this status."""
    return httpx.Response(code, text=text, headers=headers)


SAID = [
    (401, "the token of target acme was refused (401 at GET /a)"),
    (403, "the token of target acme has no right to GET /a (403)"),
    (404, "target acme has nothing at GET /a, or the token may not see it (404)"),
    (405, "target acme does not offer GET /a (405)"),
    (409, "target acme reports a conflict at GET /a (409): it is busy"),
    (416, "target acme cannot satisfy the range of GET /a (416)"),
    (429, "target acme is asked too fast (429 at GET /a)"),
    (418, "target acme refused GET /a (418): it is busy"),
    (302, "target acme redirects elsewhere, which was not followed (302 at GET /a)"),
    (999, "target acme answered GET /a with 999"),
    (500, "target acme failed at GET /a (500): it is busy"),
]
"""What each status says when GET /a is refused with the words `it is busy`."""

LOST: list[Reply] = [
    httpx.ReadTimeout("x"),
    httpx.WriteTimeout("x"),
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.RemoteProtocolError("x"),
    httpx.DecodingError("x"),
    status(500),
    status(503),
    status(200),
    status(200, "<html><title>Domo - Blocked</title></html>"),
    status(200, '{"half": '),
]
"""After these nobody knows what became of a request."""
