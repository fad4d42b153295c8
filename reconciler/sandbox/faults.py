"""Faults on demand: what networks and servers do to a client, by chance from a seed or by script."""

from __future__ import annotations

import math
import random
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.sandbox import jsontext
from reconciler.sandbox.exchange import Answer

_PAGE = b"<!DOCTYPE html><html><head><title>Domo - Blocked</title></head><body>Sign in</body></html>"
BLOCKED = Answer(200, _PAGE, "text/html;charset=utf-8")

# Answered in place of the vendor: the request is never handled.
_INSTEAD: Mapping[str, Answer] = {
    "429": Answer(429),
    "429-after": Answer(429, headers={"Retry-After": "1"}),
    "429-huge": Answer(429, headers={"Retry-After": "3600"}),
    "429-date": Answer(429, headers={"Retry-After": "Fri, 31 Dec 2049 23:59:59 GMT"}),
    "429-negative": Answer(429, headers={"Retry-After": "-5"}),
    "429-nan": Answer(429, headers={"Retry-After": "NaN"}),
    "401": Answer(401),
    "500": Answer(500),
    "502": Answer(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html"),
    "503": Answer(503, b"<html><h1>503 Service Unavailable</h1></html>", "text/html"),
    "html": BLOCKED,
    "reset": Answer(0, wire="reset"),
}

# Put into the vendor's answer: the request has been handled, what it wrote is there.
_SPOILED: Mapping[str, Callable[[Answer], Answer]] = {
    "500-after": lambda _: Answer(500),
    "reset-after": lambda answer: replace(answer, status=0, wire="reset"),
    "lost": lambda answer: replace(answer, status=0, wire="close"),
    "cut": lambda answer: replace(answer, wire="cut"),
    "truncated": lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "empty": lambda answer: replace(answer, status=200, body=b""),
    "text": lambda answer: replace(answer, content_type="text/plain"),
    "gzip": lambda answer: replace(answer, body=b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}),
    "stall": lambda answer: answer,
    # Accepted and not done: live instances are known to answer 200 and change nothing.
    "ignored": lambda answer: answer,
}

KINDS = (*_INSTEAD, *_SPOILED)

THINNED: Mapping[str, Callable[[list[Any]], object]] = {
    "short": lambda entries: entries.pop(),
    "doubled": lambda entries: entries.__setitem__(-1, entries[0]),
    "blank": lambda entries: entries.clear(),
}
"""Lists that have lost an entry, have one twice in place of another, or have none.

Not among `KINDS`: where nothing tells the total, no client can notice.
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, for one request."""

    kind: str
    seconds: float = 0.0

    def instead(self) -> Answer | None:
        """The answer that replaces handling the request, for a fault that strikes before."""
        return _INSTEAD.get(self.kind)

    def spoil(self, answer: Answer) -> Answer:
        """The answer after the fault, for one that strikes when the write is done."""
        if thin := THINNED.get(self.kind):
            return replace(answer, body=_thinned(answer.body, thin))
        return _SPOILED[self.kind](answer)


@dataclass(slots=True)
class _Script:
    method: str
    path: re.Pattern[str]
    fault: Fault
    after: int
    times: int

    def strikes(self, method: str, path: str) -> bool:
        if self.times == 0 or self.method not in {"*", method} or not self.path.fullmatch(path):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """Decides for each request which fault it meets.

    By chance: `rate` of all requests, a kind drawn from `kinds`; the n-th request of a method and path meets the same
    fault in every run with the same seed, however threads interleave. `limit` answers 429 above so many a second.
    """

    def __init__(
        self, rate: float = 0.0, seed: int = 0, kinds: Sequence[str] = KINDS, *, stall: float = 0.2, limit: int = 0
    ) -> None:
        for kind in kinds:
            _known(kind)
        self.rate, self.seed, self.kinds, self.stall, self.limit = rate, seed, tuple(kinds), stall, limit
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._scripts: list[_Script] = []
        self._recent: deque[float] = deque()

    @classmethod
    def parse(cls, text: str) -> Faults:
        """Faults named on a command line: `rate=0.3,seed=7,kinds=429+500+lost,stall=2,limit=10`."""
        faults = cls()
        for part in filter(None, text.split(",")):
            match part.strip().partition("="):
                case "rate" | "stall" as name, _, value:
                    setattr(faults, name, _number(name, value))
                case "seed" | "limit" as name, _, value:
                    setattr(faults, name, int(_number(name, value)))
                case "kinds", _, value:
                    faults.kinds = tuple(_known(kind) for kind in value.split("+"))
                case name, _, _:
                    message = f"faults: there is no {name!r}; there are rate, seed, kinds, stall and limit"
                    raise ValueError(message)
        return faults

    def script(
        self, method: str, path: str, kind: str, *, times: int = 1, after: int = 0, seconds: float = 0.0
    ) -> None:
        """The next `times` requests that match, `after` so many have passed, meet this fault.

        A {segment} of the path matches one segment, a * anything; the method * matches all.
        """
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)).replace(r"\*", ".*")
        with self._lock:
            self._scripts.append(_Script(method, re.compile(pattern), Fault(_known(kind), seconds), after, times))

    def next(self, method: str, path: str, now: float) -> Fault | None:
        """The fault that this request meets."""
        with self._lock:
            for script in self._scripts:
                if script.strikes(method, path):
                    return script.fault
            if self._above_limit(now):
                return Fault("429-after")
            if not self.rate:
                return None
            key = f"{method} {path}"
            self._seen[key] += 1
            chance = random.Random(f"{self.seed}:{key}:{self._seen[key]}")  # noqa: S311 - no secret
            if chance.random() >= self.rate:
                return None
            kind = chance.choice(self.kinds)
            return Fault(kind, self.stall if kind == "stall" else 0.0)

    def _above_limit(self, now: float) -> bool:
        if not self.limit:
            return False
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= self.limit:
            return True
        self._recent.append(now)
        return False


def _thinned(body: bytes, thin: Callable[[list[Any]], object]) -> bytes:
    """A JSON answer whose list, its own or that of one of its members, has lost something."""
    try:
        value = jsontext.read(body)
    except ValueError:
        return body
    lists = [value, *(value.values() if isinstance(value, dict) else ())]
    for each in lists:
        if isinstance(each, list) and each:
            thin(each)
            return jsontext.write(value).encode()
    return body


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        message = f"faults: {name} takes a number, not {value!r}"
        raise ValueError(message)
    if name == "rate" and not 0 <= number <= 1:
        message = f"faults: rate is a share, from 0 to 1, not {value!r}"
        raise ValueError(message)
    if name != "seed" and number < 0:
        message = f"faults: {name} is from 0, not {value!r}"
        raise ValueError(message)
    return number


def _known(kind: str) -> str:
    if kind not in {*KINDS, *THINNED}:
        message = f"faults: there is no kind {kind!r}; kinds are {', '.join(KINDS)}"
        raise ValueError(message)
    return kind
