"""What needs no network: manifests, planning against a saved snapshot, and octoDNS beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from statistics import fmean, median

from . import octodns
from .measure import PYTHON, SCRATCH, Cost, Row, row, spend, there_and_back
from .workspaces import write_snapshot, write_workspace

ONCE = 50_000
"""From so many on octoDNS has one round: it takes minutes for each."""
PEAK = 10_000
"""How many datasets the bar of memory is about."""
WALL_TIME, MEMORY = attrgetter("wall"), attrgetter("peak")
WORK = [
    *PYTHON,
    "-c",
    "from reconciler.cli.plugins import forgo_plugins; forgo_plugins(); from tests.bench.work import main; main()",
]
"""Begun as the command line begins."""


def manifests(count: int, rounds: int) -> Iterator[Row]:
    """Files read, validated and positioned, and the same when nothing changed."""
    good, bad = write_workspace(fresh("good"), count), write_workspace(fresh("bad"), count, bad_every=100)
    caches = fresh("cache-good")
    spend([*WORK, "validate", str(good), str(caches)])
    turns = {
        "known": lambda: spend([*WORK, "validate", str(good), str(caches)]),
        "good": lambda: spend([*WORK, "validate", str(good)]),
        "bad": lambda: spend([*WORK, "validate", str(bad)]),
    }
    found = there_and_back(turns, rounds)
    rates = {name: [count / _mean(turn, inner) for turn in costs] for name, costs in found.items()}
    yield row(f"manifests: {count:,} of 60 lines validated", rates["good"], "per s", "≥ 2500 per s")
    slower = [(b / a - 1) * 100 for a, b in zip(rates["bad"], rates["good"], strict=True)]
    yield row("manifests: slower with 1 % bad files", slower, "%", "≤ 10 %")
    yield row("manifests: unchanged, from the cache", rates["known"], "per s", "≥ 15000 per s")


def planning(counts: list[int], beside: set[int], rounds: int) -> Iterator[Row]:
    """Manifests against a saved snapshot, whole processes; at the counts `beside` octoDNS, ten records to a zone."""
    first, middle, *larger = counts
    commands = {count: _ours(count) for count in counts}
    for count in (middle, *larger):
        turns = {str(each): partial(spend, commands[each]) for each in sorted({first, middle, count})}
        command = octodns.command(fresh(f"octodns-{count}"), count) if count in beside else None
        beginning = 1 if command and count >= ONCE else rounds
        costs = there_and_back({**turns, "octodns": partial(spend, command)} if command else turns, beginning)
        more = there_and_back(turns, rounds - beginning)
        if command:
            theirs, ours = ([_mean(turn, WALL_TIME) for turn in costs[who]] for who in ("octodns", str(count)))
            ratios = [their / our for their, our in zip(theirs, ours, strict=True)]
            each = median(theirs) / count * 1000
            note = f"octoDNS {octodns.VERSION}: as many zones, 10 records each, {each:.1f} ms for one"
            yield row(f"planning offline: against octoDNS, {count:,} documents", ratios, "x", "≥ 25 x", note=note)
        found = {each: costs[str(each)] + more[str(each)] for each in (first, middle, count)}
        if count == PEAK:
            peaks = [cost.peak for turn in found[count] for cost in turn]
            yield row(f"planning offline: peak memory at {count:,}", peaks, "MiB", "≤ 100 MiB")
        if count > middle:
            yield _growth(found)
        if count == counts[-1]:
            yield _further(found)


def _ours(count: int) -> list[str]:
    """A plan of so many datasets against a snapshot of them."""
    folder = write_workspace(fresh(f"plan-{count}"), count)
    return [*WORK, "plan", str(folder), str(write_snapshot(SCRATCH / f"live-{count}.jsonl", count))]


def _growth(found: dict[int, list[list[Cost]]]) -> Row:
    """How much steeper time grows between the second and the third count than between the first and the second.

    Not time by datasets: what a run takes once, for a thousand datasets is a tenth.
    """
    first, middle, last = found
    rounds = zip(*found.values(), strict=True)
    spent = [[_mean(turn, inner) for turn in turns] for turns in rounds]
    slopes = [((c - b) / (last - middle), (b - a) / (middle - first)) for a, b, c in spent]
    changes = [(late / early - 1) * 100 for late, early in slopes]
    note = (
        f"{median(changes):+.0f} %: {median(late for late, _ in slopes) * 1000:.2f} ms of processor time for one more"
    )
    name = f"planning offline: slope of time from {middle:,} to {last:,}, against {first:,} to {middle:,}"
    return row(name, [abs(change) for change in changes], "%", "≤ 15 %", note=note)


def _further(found: dict[int, list[list[Cost]]]) -> Row:
    first, _, last = found
    ends = zip(found[first], found[last], strict=True)
    further = [(_mean(b, MEMORY) - _mean(a, MEMORY)) * 1024 / (last - first) for a, b in ends]
    return row(f"planning offline: memory for each further dataset, to {last:,}", further, "KiB", "≤ 25 KiB")


def _mean(turns: list[Cost], what: Callable[[Cost], float]) -> float:
    return fmean(map(what, turns))


def inner(cost: Cost) -> float:
    """The seconds that the work itself took, as its process told."""
    return float(cost.output.split()[0])


def fresh(name: str) -> Path:
    """An empty folder."""
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
