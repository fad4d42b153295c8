"""An instance that kills its client at a point of one of its writes.

Before it handles the write (it was noted and not sent: "unsent"), when it has handled it and not answered ("in
flight"), when the client has the answer and has not noted it ("answered"), and when the outcome is in a journal
("noted"). Nothing in the product knows of it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.sandbox import Sandbox
from reconciler.sandbox.exchange import Answer, Request
from tests.support.sent import writes

POINTS = ("unsent", "in flight", "answered", "noted")
SILENCE = Answer(0, wire="close")


@dataclass(frozen=True, slots=True)
class Fall:
    """Where a client dies: at `point` of its n-th write, counted from 1."""

    n: int
    point: str


@dataclass(slots=True)
class Guillotine:
    """An instance that kills the client it has been told of, once."""

    sandbox: Sandbox
    journals: Path
    arrived: list[tuple[str, str, str]] = field(default_factory=list)
    """Every write that came, also the one that was not handled."""
    _client: subprocess.Popen[str] | None = None
    _fall: Fall = Fall(0, "")
    _before: int = 0
    """How many writes had arrived when the client began."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def await_fall(self, client: subprocess.Popen[str], fall: Fall) -> bool:
        """Let `client` come as far as `fall`, and no further; whether it came so far."""
        with self._lock:
            self._client, self._fall, self._before = client, fall, len(self.arrived)
        # Behind the note of its last write no request may follow.
        while client.poll() is None:
            with self._lock:
                if fall.point == "noted" and self._reached() and self._notes() >= fall.n:
                    self._kill()
            time.sleep(0.0005)
        client.communicate()
        with self._lock:
            self._client = None
        return client.returncode == -signal.SIGKILL

    def respond(self, request: Request) -> Answer:
        with self._lock:
            if self._client is None or self._client.poll() is not None:
                return self._recorded(request)
            if self._reached() and self._fall.point in {"answered", "noted"}:
                self._await_note()
                return self._kill()
            due = writes(request) and self._count() + 1 == self._fall.n
            if due and self._fall.point == "unsent":
                self.arrived.append(_told(request))
                return self._kill()
            answer = self._recorded(request)
            return self._kill() if due and self._fall.point == "in flight" else answer

    def _count(self) -> int:
        return len(self.arrived) - self._before

    def _reached(self) -> bool:
        return self._count() == self._fall.n

    def _await_note(self) -> None:
        deadline = time.monotonic() + 10
        while self._fall.point == "noted" and self._notes() < self._fall.n and time.monotonic() < deadline:
            time.sleep(0.0005)

    def _notes(self) -> int:
        """How many outcomes of writes the newest journal has: that of the client, once anything was written."""
        path = max(self.journals.glob("*.jsonl"), default=None)
        lines = path.read_bytes().split(b"\n")[:-1] if path else []
        events = [json.loads(line) for line in lines if line]
        return sum(event["event"] == "outcome" and not event.get("already") for event in events)

    def _recorded(self, request: Request) -> Answer:
        if writes(request):
            self.arrived.append(_told(request))
        return self.sandbox.respond(request)

    def _kill(self) -> Answer:
        assert self._client is not None
        self._client.send_signal(signal.SIGKILL)
        self._client.wait()
        return SILENCE


def _told(request: Request) -> tuple[str, str, str]:
    return request.method, request.path, request.body.decode()
