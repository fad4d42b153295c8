"""The kill matrix: `kill -9` at four points of each of sixty writes, then the next apply.

    python -m tests.campaigns.kill [--writes 1-60] [--points POINT,…] [--depth N] [--workers N]

The real command line runs as a process against a served instance, which kills it (`guillotine.py`). With a depth of N,
the applies that go on are killed as well, one after the other, at points drawn by chance: N kills for each cell.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from reconciler.sandbox.server import Server
from tests.support.sent import writes

from . import stage
from .guillotine import POINTS, Fall, Guillotine

WRITES = 60
FURTHER = 8
"""An apply that goes on is killed within so many writes of its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the kills of one workspace came to."""

    falls: tuple[Fall, ...]
    killed: int
    """How many of the falls took place; an apply may be done before."""
    applies: int
    """How many applies it took afterwards."""
    repeated: int
    """Writes that were sent more often than without a kill."""
    duplicates: int
    wrong: str
    seconds: float

    @property
    def bad(self) -> bool:
        """Whether it is not what the product promises: at most one write sent again for one kill."""
        return bool(self.wrong or self.duplicates or self.repeated > self.killed)


@dataclass(frozen=True, slots=True)
class Right:
    """What an apply that nobody kills comes to."""

    state: stage.Json
    writes: int
    extent: stage.Extent


def one(falls: Sequence[Fall], right: Right, folder: Path) -> Verdict:
    """Kill as often as there are falls, apply again, look."""
    begun = time.monotonic()
    sandbox = stage.instance(extent=right.extent)
    guillotine = Guillotine(sandbox, folder / ".reconciler" / "journal")
    with Server(guillotine.respond) as server:
        root = stage.write_workspace(folder, server.url, extent=right.extent)
        resume = falls[0].n % 2 == 0
        killed = [
            guillotine.await_fall(stage.start(folder, *_words(number, resume=resume)), fall)
            for number, fall in enumerate(falls)
        ]
        applies, told = _again(folder, resume=resume)
        wrong = told or stage.left(root) or stage.unaccounted(folder)
        state = stage.end_state(sandbox)
        verdict = Verdict(
            falls=tuple(falls),
            killed=sum(killed),
            applies=applies,
            repeated=len(guillotine.arrived) - right.writes,
            duplicates=stage.duplicates(sandbox),
            wrong=wrong or ("" if state == right.state else f"{state} is not {right.state}"),
            seconds=time.monotonic() - begun,
        )
    sandbox.close()
    return verdict


def _words(number: int, *, resume: bool) -> tuple[str, ...]:
    """Applies that go on do so in both ways there are."""
    return ("apply", "--resume") if number and resume else ("apply", "--auto-approve")


def _again(folder: Path, *, resume: bool) -> tuple[int, str]:
    """Apply until it says it is done. What it said, should it never."""
    for count in (1, 2, 3):
        process = stage.start(folder, *_words(count, resume=resume))
        out, _ = process.communicate()
        if process.returncode == 0:
            return count, ""
    return count, out


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


def matrix(numbers: Iterable[int], points: Iterable[str], depth: int, folder: Path, workers: int) -> list[Verdict]:
    """A verdict for each write and point."""
    right = right_end(folder / "right")
    assert right.writes == WRITES, right.writes
    cells = [drawn(Fall(n, point), depth) for n in numbers for point in points]

    def run(falls: tuple[Fall, ...]) -> Verdict:
        verdict = one(falls, right, folder / f"{falls[0].n}-{falls[0].point.replace(' ', '-')}")
        sys.stderr.write("X" if verdict.bad else ".")
        sys.stderr.flush()
        return verdict

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, cells))


def drawn(first: Fall, depth: int) -> tuple[Fall, ...]:
    """`first` and what follows it, the same in every run."""
    chance = random.Random(f"{first}")  # noqa: S311 - reproducible, not secret
    return (first, *(Fall(chance.randint(1, FURTHER), chance.choice(POINTS)) for _ in range(depth - 1)))


def figures(verdicts: list[Verdict]) -> dict[str, object]:
    """What the table shows."""
    applies = Counter(verdict.applies for verdict in verdicts)
    first = Counter(verdict.falls[0].point for verdict in verdicts if verdict.killed)
    return {
        "workspaces": len(verdicts),
        "kills": f"{sum(verdict.killed for verdict in verdicts)} of {sum(len(each.falls) for each in verdicts)}",
        **{f"first killed {point}": first[point] for point in POINTS if first[point]},
        "wrong end states": sum(bool(verdict.wrong) for verdict in verdicts),
        "duplicates": sum(verdict.duplicates for verdict in verdicts),
        "most writes sent again in one workspace": max(verdict.repeated for verdict in verdicts),
        "writes sent again in all": sum(verdict.repeated for verdict in verdicts),
        "applies until done": ", ".join(f"{count}: {times} times" for count, times in sorted(applies.items())),
        "seconds for one workspace": f"{sum(each.seconds for each in verdicts) / len(verdicts):.2f}",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 at four points of each of sixty writes")
    parser.add_argument("--writes", default=f"1-{WRITES}")
    parser.add_argument("--points", default=",".join(POINTS))
    parser.add_argument("--depth", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    first, _, last = asked.writes.partition("-")
    numbers = range(int(first), int(last or first) + 1)
    with tempfile.TemporaryDirectory(prefix="reconciler-kill-") as folder:
        verdicts = matrix(numbers, asked.points.split(","), asked.depth, Path(folder), asked.workers)
    sys.stdout.write("\n" + stage.table("Kill matrix", figures(verdicts)))
    bad = [verdict for verdict in verdicts if verdict.bad]
    for verdict in bad:
        sys.stdout.write(f"\n{verdict}\n")
    return int(bool(bad))


if __name__ == "__main__":
    raise SystemExit(main())
