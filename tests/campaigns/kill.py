"""The kill matrix: `kill -9` at four points of each of sixty writes, then the next apply.

    python -m tests.campaigns.kill [--writes 1-60] [--points POINT,…] [--workers N]

The real command line runs as a process against a served instance, which kills it: before it handles the n-th write
(it was noted and not sent: "unsent"), when it has handled it and not answered ("in flight"), when the client
has the answer and has not noted it ("answered"), and when the outcome is in the journal ("noted"). Nothing in the
product knows of it.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.sandbox import Sandbox
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.support.sent import writes

from . import stage

POINTS = ("unsent", "in flight", "answered", "noted")
WRITES = 60
SILENCE = Answer(0, wire="close")


@dataclass(slots=True)
class Guillotine:
    """An instance that kills its client at one point of the n-th write."""

    sandbox: Sandbox
    n: int
    point: str
    journals: Path
    client: subprocess.Popen[str] | None = None
    arrived: list[tuple[str, str, str]] = field(default_factory=list)
    fallen: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, request: Request) -> Answer:
        with self.lock:
            if self.fallen or self.client is None:
                return self._recorded(request)
            reached = len(self.arrived) == self.n
            if reached and self.point == "answered":
                return self._fall()
            if reached and self.point == "noted":
                self._await_note()
                return self._fall()
            due = writes(request) and len(self.arrived) + 1 == self.n
            if due and self.point == "unsent":
                self.arrived.append(_told(request))
                return self._fall()
            answer = self._recorded(request)
            return self._fall() if due and self.point == "in flight" else answer

    def watch(self) -> None:
        """Kill after the last write's note, behind which no request may follow."""
        while self.client is not None and self.client.poll() is None and not self.fallen:
            if self.point == "noted" and len(self.arrived) == self.n and self.notes() >= self.n:
                self._fall()
            time.sleep(0.0005)

    def notes(self) -> int:
        """How many outcomes of writes the journal of the client has."""
        path = next(iter(sorted(self.journals.glob("*.jsonl"))), None)
        lines = path.read_bytes().split(b"\n")[:-1] if path else []
        events = [json.loads(line) for line in lines if line]
        return sum(event["event"] == "outcome" and not event.get("already") for event in events)

    def _await_note(self) -> None:
        deadline = time.monotonic() + 10
        while self.notes() < self.n and time.monotonic() < deadline:
            time.sleep(0.0005)

    def _recorded(self, request: Request) -> Answer:
        if writes(request):
            self.arrived.append(_told(request))
        return self.sandbox.respond(request)

    def _fall(self) -> Answer:
        assert self.client is not None
        self.client.send_signal(signal.SIGKILL)
        self.client.wait()
        self.fallen = True
        return SILENCE


def _told(request: Request) -> tuple[str, str, str]:
    return request.method, request.path, request.body.decode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one kill came to."""

    n: int
    point: str
    killed: bool
    applies: int
    """How many applies it took afterwards."""
    repeated: int
    """Writes that were sent more often than without a kill."""
    duplicates: int
    wrong: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Right:
    """What an apply that nobody kills comes to."""

    state: stage.Json
    writes: int
    extent: stage.Extent


def one(n: int, point: str, right: Right, folder: Path) -> Verdict:
    """Kill once, apply again, look."""
    begun = time.monotonic()
    sandbox = stage.instance(extent=right.extent)
    guillotine = Guillotine(sandbox, n, point, folder / ".reconciler" / "journal")
    with _served(guillotine) as server:
        root = stage.write_workspace(folder, server.url, extent=right.extent)
        client = stage.start(folder, "apply", "--auto-approve")
        guillotine.client = client
        guillotine.watch()
        client.communicate()
        guillotine.client = None
        applies, told = _again(folder, resume=n % 2 == 0)
        wrong = told or stage.left(root)
        state = stage.end_state(sandbox)
        wrong = wrong or ("" if state == right.state else f"{state} is not {right.state}")
        verdict = Verdict(
            n=n,
            point=point,
            killed=client.returncode == -signal.SIGKILL,
            applies=applies,
            repeated=len(guillotine.arrived) - right.writes,
            duplicates=stage.duplicates(sandbox),
            wrong=wrong,
            seconds=time.monotonic() - begun,
        )
    sandbox.close()
    return verdict


def _again(folder: Path, *, resume: bool) -> tuple[int, str]:
    """Apply until it says it is done; every other time by --resume. What it said, should it never."""
    words = ("apply", "--resume") if resume else ("apply", "--auto-approve")
    for count in (1, 2, 3):
        process = stage.start(folder, *words)
        out, _ = process.communicate()
        if process.returncode == 0:
            return count, ""
    return count, out


@contextmanager
def _served(guillotine: Guillotine) -> Iterator[Server]:
    with Server(guillotine.respond) as server:
        yield server


def right_end(folder: Path, extent: stage.Extent = stage.SIXTY) -> Right:
    """Apply without a kill."""
    sandbox = stage.instance(extent=extent)
    with sandbox.serve() as server:
        stage.write_workspace(folder, server.url, extent=extent)
        process = stage.start(folder, "apply", "--auto-approve")
        out, _ = process.communicate()
        assert process.returncode == 0, out
        written = sum(writes(request) for request in sandbox.requests)
        state = stage.end_state(sandbox)
    sandbox.close()
    return Right(state, written, extent)


def matrix(writes: Iterable[int], points: Iterable[str], folder: Path, workers: int) -> list[Verdict]:
    """A verdict for each write and point."""
    right = right_end(folder / "right")
    assert right.writes == WRITES, right.writes
    cells = [(n, point) for n in writes for point in points]

    def run(cell: tuple[int, str]) -> Verdict:
        n, point = cell
        verdict = one(n, point, right, folder / f"{n}-{point.replace(' ', '-')}")
        sys.stderr.write("." if not verdict.wrong else "X")
        sys.stderr.flush()
        return verdict

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, cells))


def figures(verdicts: list[Verdict]) -> dict[str, object]:
    """What the table shows."""
    applies = Counter(verdict.applies for verdict in verdicts)
    return {
        "kills": f"{sum(verdict.killed for verdict in verdicts)} of {len(verdicts)}",
        **{
            f"killed {point}": sum(verdict.killed for verdict in verdicts if verdict.point == point)
            for point in POINTS
            if any(verdict.point == point for verdict in verdicts)
        },
        "wrong end states": sum(bool(verdict.wrong) for verdict in verdicts),
        "duplicates": sum(verdict.duplicates for verdict in verdicts),
        "most writes sent again for one kill": max(verdict.repeated for verdict in verdicts),
        "writes sent again in all": sum(verdict.repeated for verdict in verdicts),
        "of them of writes that had arrived": sum(each.repeated for each in verdicts if each.point != "unsent"),
        "applies until done": ", ".join(f"{count}: {times} times" for count, times in sorted(applies.items())),
        "seconds for one kill and what follows": f"{sum(each.seconds for each in verdicts) / len(verdicts):.2f}",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 at four points of each of sixty writes")
    parser.add_argument("--writes", default=f"1-{WRITES}")
    parser.add_argument("--points", default=",".join(POINTS))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    first, _, last = asked.writes.partition("-")
    with tempfile.TemporaryDirectory(prefix="reconciler-kill-") as folder:
        writes = range(int(first), int(last or first) + 1)
        verdicts = matrix(writes, asked.points.split(","), Path(folder), asked.workers)
    sys.stdout.write("\n" + stage.table("Kill matrix", figures(verdicts)))
    for verdict in verdicts:
        if verdict.wrong or verdict.duplicates or verdict.repeated > 1:
            sys.stdout.write(f"\n{verdict}\n")
    return int(any(verdict.wrong or verdict.duplicates or verdict.repeated > 1 for verdict in verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
