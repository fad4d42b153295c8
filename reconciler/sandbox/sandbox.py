"""The sandbox itself: state, world and faults, and the way of a request through them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from reconciler.sandbox import jsontext
from reconciler.sandbox.clarifai import CLARIFAI
from reconciler.sandbox.domo import DOMO
from reconciler.sandbox.exchange import Answer, Call, Refusal, Request, json_answer
from reconciler.sandbox.faults import BLOCKED, Fault, Faults
from reconciler.sandbox.routing import Vendor, find
from reconciler.sandbox.seeding import SeedError, an_object, within
from reconciler.sandbox.server import Server
from reconciler.sandbox.store import Recorded, StateError, Store
from reconciler.sandbox.world import DOCUMENTED, World

_UNUSABLE = 422
VENDORS: tuple[Vendor, ...] = (DOMO, CLARIFAI)


class _NotKept(Exception):  # noqa: N818 - a way out of a transaction, not an error
    """Leaves a transaction undone and brings its answer along."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Sandbox:
    """Emulates the vendors over HTTP. What no client sees is here: seeds, faults, the log, the state."""

    def __init__(
        self,
        db: Path | None = None,
        *,
        world: World = DOCUMENTED,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = world
        self.faults = faults or Faults()
        self._clock = clock
        self._store = Store(db)
        self.trouble: str | None = None
        """Why the state could not be used the last time that it could not."""

    def seed(self, document: Mapping[str, Any]) -> None:
        """Merge a seed document into the state: what it names is written, the rest stays.

        Raises:
            SeedError: it is no seed document; nothing of it was written.
        """
        known = ("tokens", *(vendor.name for vendor in VENDORS))
        if unknown := sorted(set(document) - set(known)):
            raise SeedError("", f"has {', '.join(unknown)}; a seed has {', '.join(known)}")
        with self._store.transaction():
            with within("tokens"):
                for token, user in an_object(document.get("tokens", {})).items():
                    self._store.put("", "token", token, {"user": str(user)})
            for vendor in VENDORS:
                with within(vendor.name):
                    vendor.seed(self._store, an_object(document.get(vendor.name, {})), self._clock())

    @property
    def empty(self) -> bool:
        """Whether nothing was ever seeded, or what was to be seeded was broken off."""
        return self._store.is_empty()

    def reset(self) -> None:
        """Empty the state and the log of requests."""
        self._store.reset()

    def serve(self, port: int = 0) -> Server:
        """Listen on loopback; port 0 takes any that is free. Close the server, or use it in a `with`."""
        return Server(self.respond, port)

    def close(self) -> None:
        """Let go of the database; only after the servers are closed."""
        self._store.close()

    @property
    def requests(self) -> list[Recorded]:
        """The requests so far, in order of arrival."""
        return self._store.requests()

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._store.clear_requests()

    def snapshot(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The state as vendor -> kind -> id -> document, without the tokens."""
        return {vendor: kinds for vendor, kinds in self._store.snapshot().items() if vendor}

    def respond(self, request: Request) -> Answer:
        """Answer one request, as the world is and as the faults will have it; refuse it where the state is unusable."""
        try:
            return self._respond(request, self._clock())
        except StateError as error:
            self.trouble = str(error)
            # Not 5xx, after which one asks again: nothing was done, nor will be.
            said = {"status": _UNUSABLE, "message": f"the sandbox's state cannot be used: {error}"}
            return json_answer(said, _UNUSABLE)

    def _respond(self, request: Request, now: float) -> Answer:
        body = request.body.decode(errors="replace")
        number = self._store.open_record(now, request.method, request.path, request.query, body)
        fault = self.faults.next(request.method, request.path, time.monotonic())
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        answer = self._meet(fault, Call(request, self._store, self.world, number, now))
        with suppress(StateError):  # what was asked is done all the same
            self._store.close_record(number, answer.status, fault.kind if fault else None)
        return answer

    def _meet(self, fault: Fault | None, call: Call) -> Answer:
        if fault is None:
            return self._handle(call)
        return fault.instead() or fault.spoil(self._handle(call, kept=fault.kind != "ignored"))

    def _handle(self, call: Call, *, kept: bool = True) -> Answer:
        vendor = next((each for each in VENDORS if call.request.path.startswith(each.prefix)), None)
        if vendor is None:
            return Answer(404, b"Not Found", "text/plain")
        if self.world.blocked == "yes":
            return BLOCKED
        try:
            with self._store.transaction():
                call = replace(call, actor=vendor.enter(call))
                handler, params = find(vendor.routes, call)
                answer = handler(replace(call, params=params))
                _undo_unless(kept, answer)
                return answer
        except Refusal as refusal:
            return vendor.refuse(call, refusal)
        except _NotKept as undone:
            return undone.answer


def _undo_unless(kept: bool, answer: Answer) -> None:  # noqa: FBT001 - reads as a sentence
    if not kept:
        raise _NotKept(answer)


def documents_seed() -> dict[str, Any]:
    """The seed made of the vendors' own examples."""
    text = resources.files("reconciler.sandbox").joinpath("seeds", "documents.json").read_text(encoding="utf-8")
    seed: dict[str, Any] = jsontext.read(text)
    return seed
