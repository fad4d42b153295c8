"""The fault campaign: three in ten requests fail, in every way networks and servers do, until everything is applied.

    python -m tests.campaigns.faults [--requests 5000] [--rate 0.3] [--seed 1]

The real commands run until they say they are done. Where a creation was not answered and the instance does not list
its datasets, the command stops; the campaign then does what it says: looks, and tells.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.sandbox import Faults, Sandbox
from tests.support.speaking import spoken

from . import stage

MENDED = (
    *("429", "429-after", "429-date", "429-negative", "429-nan", "500", "502", "503", "reset", "500-after"),
    *("reset-after", "lost", "cut", "truncated", "html", "empty", "text", "gzip", "stall"),
)
"""What asking again, or reading, mends."""
ALL = (*MENDED, "401", "ignored")
"""Besides: a token that is refused once, and writes that are accepted and not done. These fail a step or a plan."""
QUICK = tuple(kind for kind in MENDED if kind not in {"429-after", "stall"})
"""Those that nobody waits long for."""
WORLDS = ("observed", "documented")
MOST_APPLIES = 40
TWELVE = stage.Extent(existing=10, new=2)
QUESTION = re.compile(r"reconciler apply --not-made (\S+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one workspace came to."""

    world: str
    requests: int
    faultless: int
    """Requests that the same work takes when nothing fails."""
    faults: Counter[str]
    applies: int
    told: int
    """How often somebody had to look whether a dataset was made."""
    duplicates: int
    wrong: str
    seconds: float


def campaign(
    requests: int, rate: float, seed: int, folder: Path, kinds: Sequence[str], extent: stage.Extent = TWELVE
) -> list[Verdict]:
    """One workspace after the other, until so many requests were made."""
    right = {world: _run(world, None, folder / f"right-{world}", extent) for world in WORLDS}
    verdicts: list[Verdict] = []
    while sum(verdict.requests for verdict in verdicts) < requests:
        number = len(verdicts)
        world = WORLDS[number % len(WORLDS)]
        faults = Faults(rate, seed + number, kinds, stall=0.05)
        verdicts.append(_judged(world, faults, folder / str(number), right[world], extent))
        sys.stderr.write("X" if verdicts[-1].wrong else ".")
        sys.stderr.flush()
    return verdicts


@dataclass(frozen=True, slots=True)
class Done:
    """What came of applying until it was done."""

    state: stage.Json
    requests: int
    faults: Counter[str]
    applies: int
    told: int
    duplicates: int
    left: str
    said: str


def _judged(world: str, faults: Faults, folder: Path, right: Done, extent: stage.Extent) -> Verdict:
    begun = time.monotonic()
    done = _run(world, faults, folder, extent)
    wrong = done.said or done.left or ("" if done.state == right.state else f"{done.state} is not {right.state}")
    seconds = time.monotonic() - begun
    return Verdict(
        world, done.requests, right.requests, done.faults, done.applies, done.told, done.duplicates, wrong, seconds
    )


def _run(world: str, faults: Faults | None, folder: Path, extent: stage.Extent) -> Done:
    sandbox = stage.instance(world, faults, extent)
    with sandbox.serve() as server:
        root = stage.write_workspace(folder, server.url, 4, extent)
        applies, told, said = _until_done(sandbox, root)
        requests = sandbox.requests
        sandbox.faults = Faults()
        left = stage.left(root) if not said else ""
        state = stage.end_state(sandbox)
        duplicates = stage.duplicates(sandbox)
    sandbox.close()
    met = Counter(request.fault for request in requests if request.fault)
    return Done(state, len(requests), met, applies, told, duplicates, left, said)


def _until_done(sandbox: Sandbox, root: Path) -> tuple[int, int, str]:
    """How many applies it took, how often somebody looked, and what it said, should it never be done."""
    told = 0
    flags: list[str] = []
    said = ""
    for count in range(1, MOST_APPLIES + 1):
        code, said = spoken("apply", "-w", str(root), "--auto-approve", *flags)
        if code == 0:
            return count, told, ""
        flags = [word for address in sorted(set(QUESTION.findall(said))) for word in _looked(sandbox, address)]
        told += len(flags) // 2
    return MOST_APPLIES, told, said


def _looked(sandbox: Sandbox, address: str) -> tuple[str, str]:
    """What somebody sees who looks for a dataset at the vendor."""
    name = address.partition("/")[2]
    datasets = sandbox.snapshot()["domo"]["dataset"].values()
    found = [each["metadata"]["id"] for each in datasets if each["metadata"]["name"] == name]
    return ("--adopt", f"{address}={found[0]}") if found else ("--not-made", address)


def figures(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """What the table shows."""
    sent = sum(verdict.requests for verdict in verdicts)
    met = sum((verdict.faults for verdict in verdicts), Counter[str]())
    applies = Counter(verdict.applies for verdict in verdicts)
    return {
        "workspaces": len(verdicts),
        "requests": sent,
        "faults": f"{met.total()} ({100 * met.total() / sent:.1f} %), of {len(met)} kinds",
        "wrong end states": sum(bool(verdict.wrong) for verdict in verdicts),
        "duplicates": sum(verdict.duplicates for verdict in verdicts),
        "requests per faultless request": f"{ratio(verdicts):.2f}",
        "applies until done": ", ".join(f"{count}: {times} times" for count, times in sorted(applies.items())),
        "creations somebody had to look for": sum(verdict.told for verdict in verdicts),
        "seconds": f"{sum(verdict.seconds for verdict in verdicts):.0f}",
    }


def ratio(verdicts: Sequence[Verdict]) -> float:
    """Requests for each request that the same work takes when nothing fails."""
    return sum(verdict.requests for verdict in verdicts) / sum(verdict.faultless for verdict in verdicts)


def main() -> int:
    parser = argparse.ArgumentParser(description="three in ten requests fail, in every way there is")
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ["DOMO_TOKEN"] = stage.TOKEN
    failed = False
    for title, kinds, requests in (
        (f"What repeating or reading mends ({', '.join(MENDED)})", MENDED, asked.requests),
        ("And 401 and writes that are ignored, which fail a step", ALL, asked.requests // 5),
    ):
        with tempfile.TemporaryDirectory(prefix="reconciler-faults-") as folder:
            verdicts = campaign(requests, asked.rate, asked.seed, Path(folder), kinds)
        sys.stdout.write("\n" + stage.table(title, figures(verdicts)))
        for verdict in verdicts:
            if verdict.wrong or verdict.duplicates:
                failed = True
                sys.stdout.write(f"\n{verdict}\n")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
