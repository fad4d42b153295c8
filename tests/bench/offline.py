"""What needs no network: manifests, planning against a saved snapshot, and octoDNS beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from . import octodns
from .measure import PYTHON, SCRATCH, Cost, Row, in_turns, row, spend
from .workspaces import write_snapshot, write_workspace

ONCE = 50_000
"""From so many on octoDNS has one round: it takes minutes for each."""
PEAK = 10_000
"""How many datasets the bar of memory is about."""
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
        "good": lambda: spend([*WORK, "validate", str(good)]),
        "bad": lambda: spend([*WORK, "validate", str(bad)]),
        "known": lambda: spend([*WORK, "validate", str(good), str(caches)]),
    }
    found = in_turns(turns, rounds)
    rates = {name: [count / inner(cost) for cost in costs] for name, costs in found.items()}
    yield row(f"manifests: {count:,} of 60 lines validated", rates["good"], "per s", "≥ 2500 per s")
    slower = [(b / a - 1) * 100 for a, b in zip(rates["bad"], rates["good"], strict=True)]
    yield row("manifests: slower with 1 % bad files", slower, "%", "≤ 10 %")
    yield row("manifests: unchanged, from the cache", rates["known"], "per s", "≥ 15000 per s")


def planning(counts: list[int], beside: set[int], rounds: int) -> Iterator[Row]:
    """Manifests against a saved snapshot, whole processes; at the counts `beside` octoDNS, ten records to a zone."""
    first, *larger = counts
    small = _ours(first)
    for count in larger:
        ours = {"small": partial(spend, small), "ours": partial(spend, _ours(count))}
        command = octodns.command(fresh(f"octodns-{count}"), count) if count in beside else None
        beginning = 1 if command and count >= ONCE else rounds
        costs = in_turns({**ours, "octodns": partial(spend, command)} if command else ours, beginning)
        more = in_turns(ours, rounds - beginning)
        if command:
            ratios = [o.wall / u.wall for o, u in zip(costs["octodns"], costs["ours"], strict=True)]
            each = median(cost.wall for cost in costs["octodns"]) / count * 1000
            note = f"octoDNS {octodns.VERSION}: as many zones, 10 records each, {each:.1f} ms for one"
            yield row(f"planning offline: against octoDNS, {count:,} documents", ratios, "x", "≥ 25 x", note=note)
        before, after = (costs[name] + more[name] for name in ours)
        yield from _growth(first, count, before, after, last=count == counts[-1])


def _ours(count: int) -> list[str]:
    """A plan of so many datasets against a snapshot of them."""
    folder = write_workspace(fresh(f"plan-{count}"), count)
    return [*WORK, "plan", str(folder), str(write_snapshot(SCRATCH / f"live-{count}.jsonl", count))]


def _growth(first: int, count: int, before: list[Cost], after: list[Cost], *, last: bool) -> Iterator[Row]:
    """How time and memory grow from the first count to this one, both taken in turns."""
    each = [inner(cost) / count for cost in after]
    growth = [abs(one / (inner(cost) / first) - 1) * 100 for one, cost in zip(each, before, strict=True)]
    note = f"{median(each) * 1000:.2f} ms of processor time each"
    yield row(f"planning offline: time for each dataset, {count:,} against {first:,}", growth, "%", "≤ 15 %", note=note)
    if count == PEAK:
        yield row(f"planning offline: peak memory at {count:,}", [cost.peak for cost in after], "MiB", "≤ 100 MiB")
    if last:
        further = [(b.peak - a.peak) * 1024 / (count - first) for a, b in zip(before, after, strict=True)]
        yield row(f"planning offline: memory for each further dataset, to {count:,}", further, "KiB", "≤ 25 KiB")


def inner(cost: Cost) -> float:
    """The seconds that the work itself took, as its process told."""
    return float(cost.output.split()[0])


def fresh(name: str) -> Path:
    """An empty folder."""
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
