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
"""From so many on one round has to do; octoDNS takes minutes for each."""
WORK = [*PYTHON, "-m", "tests.bench.work"]


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
    found: dict[int, list[Cost]] = {}
    for count in counts:
        folder = write_workspace(fresh(f"plan-{count}"), count)
        live = write_snapshot(SCRATCH / f"live-{count}.jsonl", count)
        turns = {"ours": partial(spend, [*WORK, "plan", str(folder), str(live)])}
        command = octodns.command(fresh(f"octodns-{count}"), count) if count in beside else None
        if command:
            turns["octodns"] = partial(spend, command)
        costs = in_turns(turns, 1 if count >= ONCE else rounds)
        found[count] = costs["ours"]
        if command:
            ratios = [o.wall / u.wall for o, u in zip(costs["octodns"], costs["ours"], strict=True)]
            each = median(cost.wall for cost in costs["octodns"]) / count * 1000
            note = f"octoDNS {octodns.VERSION}: as many zones, 10 records each, {each:.1f} ms for one"
            yield row(f"planning offline: against octoDNS, {count:,} documents", ratios, "x", "≥ 25 x", note=note)
    yield from _growth(found)


def _growth(found: dict[int, list[Cost]]) -> Iterator[Row]:
    """How time and memory grow from the first count to each other one."""
    small, *larger = found
    each = {count: [inner(cost) / count for cost in costs] for count, costs in found.items()}
    peaks = {count: [cost.peak for cost in costs] for count, costs in found.items()}
    for count in larger:
        growth = [abs(after / before - 1) * 100 for before, after in zip(each[small], each[count], strict=False)]
        note = f"{median(each[count]) * 1000:.2f} ms of processor time each"
        name = f"planning offline: time for each dataset, {count:,} against {small:,}"
        yield row(name, growth, "%", "≤ 15 %", note=note)
    yield row(f"planning offline: peak memory at {larger[0]:,}", peaks[larger[0]], "MiB", "≤ 100 MiB")
    further = [(b - a) * 1024 / (larger[-1] - small) for a, b in zip(peaks[small], peaks[larger[-1]], strict=False)]
    yield row(f"planning offline: memory for each further dataset, to {larger[-1]:,}", further, "KiB", "≤ 25 KiB")


def inner(cost: Cost) -> float:
    """The seconds that the work itself took, as its process told."""
    return float(cost.output.split()[0])


def fresh(name: str) -> Path:
    """An empty folder."""
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
