"""The client that every vendor's calls go through."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import TypeAlias

import httpx

from reconciler.core.ports import Access, Ended, ProviderError, Request, Target

from .age import Age
from .auth import Token, sound_token, sound_url
from .body import PACKED, whole
from .call import Answer, Call
from .failures import HttpError, Incident, no_answer, outdated, refused, unreadable
from .gate import HANDED, Gate, way_out
from .jsontext import UnwieldyError, parse, parsed, write
from .pace import NEVER, Pace, seconds_of, shared_pace
from .words import Words

TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)
HEADERS = {"Accept": "application/json", "Accept-Encoding": PACKED, "User-Agent": "reconciler"}

Transport: TypeAlias = httpx.BaseTransport
"""A way out."""
Judge: TypeAlias = Callable[[int, object, Incident], HttpError | None]
"""How a vendor reads an answer whose HTTP status does not tell everything: what is wrong, if anything is.

It gets the HTTP status and the body as JSON, None when it is none.
"""


class Client:
    """Speaks HTTP with one target. Safe to use from several threads.

    Args:
        target: whom to speak with.
        access: "read" and "rehearse" let no write out of this process.
        header: name of the header that carries the token.
        scheme: what precedes the token in it.
        reading_posts: patterns of the paths whose POSTs change nothing.
        judge: reads an answer before its HTTP status is looked at.
        transport: another way out, for tests.
        pace: another clock, for tests.
        timeout: how long to wait for what.
        stop: once it is set, nothing is sent but what settles or finishes what was sent before.
    """

    def __init__(
        self,
        target: Target,
        access: Access,
        *,
        header: str,
        scheme: str = "",
        reading_posts: tuple[str, ...] = (),
        judge: Judge | None = None,
        transport: Transport | None = None,
        pace: Pace | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        stop: threading.Event | None = None,
    ) -> None:
        self.target = target.name
        token, url = sound_token(target), sound_url(target)
        self._base = str(url.copy_with(query=None, fragment=None)).rstrip("/")
        out = transport or way_out(url, target.concurrency)
        self._gate = None if access == "write" else Gate(out, access, reading_posts)
        self._out = self._gate or out
        self._judge = judge
        self._pace = pace or shared_pace(target)
        self._header = Token(header, f"{scheme} {token}".strip())
        self._words = Words(token)
        self._plain = httpx.Request("GET", url, headers=HEADERS, extensions={"timeout": timeout.as_dict()})
        self._reached = False
        self._closed = False
        self.stop = stop or threading.Event()
        """Set once somebody has asked to end."""
        self._age = Age()
        self._mine = _Mine()

    def look(self) -> None:
        """Begin to read what this thread's next writes are made from: they are as old as that."""
        self._age.look()

    def send(self, call: Call) -> Answer:
        """The answer to `call`, asked for again where that can do no harm.

        Raises:
            ProviderError: there is none.
        """
        begun = monotonic()
        self._age.begin()
        try:
            return self._attempt(call)
        except HttpError as failure:
            first = failure
        # Hardly ever needed: its library takes as long to import as a hundred requests take, and a tenth of each.
        from .again import Asked  # noqa: PLC0415

        def rest(seconds: float) -> None:
            self.rest(seconds, self._until(call))

        asked = Asked(call, lambda: self._reached, lambda: self._closed, rest, self._age)
        try:
            return asked.insist(first, begun, self._attempt)
        finally:
            self._age.fail()

    def rest(self, seconds: float, until: threading.Event = NEVER) -> bool:
        """Wait for so long, or until something happens; whether it has."""
        if seconds > 0:
            self._pace.sleep(seconds, until)
        return until.is_set()

    @property
    def recorded(self) -> tuple[Request, ...]:
        """The requests of this thread that a rehearsal did not send."""
        return self._gate.recorded if self._gate else ()

    def forget(self) -> None:
        """Start the record of this thread anew."""
        if self._gate:
            self._gate.forget()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around all requests of one write: a failure among them tells whether any before it was accepted.

        Behind the first one that was sent, what is read settles or finishes it.
        """
        self.forget()
        before, settling = self._mine.accepted, self._mine.settling
        try:
            yield
        except ProviderError as error:
            error.begun = error.begun or self._mine.accepted > before
            raise
        finally:
            self._mine.settling = settling

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Around what tells what became of something that was sent: it is asked although all else is to end."""
        before, self._mine.settling = self._mine.settling, True
        try:
            yield
        finally:
            self._mine.settling = before

    def close(self) -> None:
        """Give back the connections. Whatever is still asked for gets no further attempt."""
        self._closed = True
        self._out.close()

    def _attempt(self, call: Call) -> Answer:
        place = Incident(self.target, call.method, call.path)
        request, until = self._request(call), self._until(call)
        self._age.hold(self._pace.take(until))
        if until.is_set():
            raise Ended
        if call.ages and self._gate is None and not self._age.bears(call.target):
            raise outdated(place)
        self._mine.settling |= call.writes
        try:
            with closing(self._header.sent_with(request, self._out)) as response:
                body = whole(response, place)
        except httpx.RequestError as error:
            raise no_answer(error, place) from error
        self._reached = True
        if HANDED in response.extensions:
            return Answer(None, handed=True)
        failure = self._judged(response.status_code, body, place)
        if failure is None and response.is_success:
            value = _value(response, body, call, place)
            self._mine.accepted += call.writes
            if call.ages:
                self._age.sent()
            return Answer(value)
        wait = seconds_of(response.headers.get("Retry-After"))
        failure = failure or refused(response.status_code, self._words.said(body), wait, place)
        # Of a write that was done in part, that part was accepted.
        self._mine.accepted += call.writes and failure.status == httpx.codes.MULTI_STATUS
        if failure.status == httpx.codes.TOO_MANY_REQUESTS:
            self._pace.pause(failure.wait)
        raise failure

    def _until(self, call: Call) -> threading.Event:
        """From when on `call` is not sent any more."""
        stays = not call.begins if call.writes else self._mine.settling
        return NEVER if stays else self.stop

    def _request(self, call: Call) -> httpx.Request:
        """The request of `call`, without its token."""
        # httpx.Client would keep cookies and follow what it is told to, and doubles a request's time to do so.
        url, content = self._base + call.target, call.content if call.body is None else write(call.body).encode()
        if call.method == "GET" and content is None:
            # httpx would find out the same headers for each of them, which takes as long as an answer's headers do.
            plain = self._plain
            return httpx.Request("GET", url, headers=plain.headers, stream=plain.stream, extensions=plain.extensions)
        headers = HEADERS if content is None else {**HEADERS, "Content-Type": call.content_type}
        return httpx.Request(call.method, url, content=content, headers=headers, extensions=self._plain.extensions)

    def _judged(self, status: int, body: bytes, place: Incident) -> HttpError | None:
        """What is wrong with an answer, for a vendor that has more to say than an HTTP status."""
        if self._judge is None:
            return None
        value = parsed(body)
        failure = self._judge(status, value, place)
        # Only then made readable, and before it is judged: of words that are cut short, half a token would be left.
        return failure and self._judge(status, self._words.readable(value), place)


class _Mine(threading.local):
    """What is known of a thread."""

    accepted = 0
    """How many of its writes were."""
    settling = False
    """What it reads tells what became of something that was sent, or finishes it."""


def _value(response: httpx.Response, body: bytes, call: Call, place: Incident) -> object:
    # An address that is not on the allow-list gets a page titled "Domo - Blocked" with status 200 (notes 1.0).
    body = body.strip()
    if "html" in response.headers.get("Content-Type", "").lower() or body.startswith(b"<"):
        raise unreadable(place, "a web page")
    try:
        return parse(body)
    except ValueError as error:
        if call.writes and not call.answered:
            return None
        found = str(error) if isinstance(error, UnwieldyError) else "something that is not JSON"
        raise unreadable(place, found if body else "nothing") from None
