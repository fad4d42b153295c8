"""What needs no network: start-up, manifests, planning against a saved snapshot, and octoDNS beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from . import octodns
from .measure import PYTHON, RECONCILER, SCRATCH, Cost, Row, in_turns, row, spend
from .workspaces import write_online, write_snapshot, write_workspace

WORK = [*PYTHON, "-m", "tests.bench.work"]


def start_up(rounds: int) -> Iterator[Row]:
    """Processor time of whole processes, against a bare interpreter."""
    folder = fresh("one")
    write_online(folder, 1, "https://acme.example", concurrency=1, rate=10)
    commands = {
        "--version": [*RECONCILER, "--version"],
        "--help": [*RECONCILER, "--help"],
        "validate": [*RECONCILER, "validate", "-w", str(folder)],
    }
    turns = {"bare": partial(spend, [*PYTHON, "-c", "pass"])}
    turns |= {name: partial(spend, command) for name, command in commands.items()}
    in_turns(turns, 1)
    found = in_turns(turns, rounds)
    bars = {"--version": "≤ 3 x", "--help": "≤ 3 x", "validate": "≤ 10 x"}
    for name, bar in bars.items():
        ratios = [cost.cpu / bare.cpu for cost, bare in zip(found[name], found["bare"], strict=True)]
        yield row(
            f"start-up: `{name}` against `python -c pass`",
            ratios,
            "x",
            bar,
            note="one manifest" if name == "validate" else "",
        )


def manifests(count: int, rounds: int) -> Iterator[Row]:
    """Files read, validated and positioned."""
    good, bad = write_workspace(fresh("good"), count), write_workspace(fresh("bad"), count, bad_every=100)
    turns = {"good": lambda: spend([*WORK, "validate", str(good)]), "bad": lambda: spend([*WORK, "validate", str(bad)])}
    found = in_turns(turns, rounds)
    rates = [count / inner(cost) for cost in found["good"]]
    yield row(f"manifests: {count:,} of 60 lines validated", rates, "per s", "≥ 2500 per s")
    slower = [(inner(b) / inner(g) - 1) * 100 for g, b in zip(found["good"], found["bad"], strict=True)]
    yield row("manifests: slower with 1 % bad files", slower, "%", "≤ 10 %")


def planning(counts: list[int], rounds: int) -> Iterator[Row]:
    """Manifests against a saved snapshot, whole processes, beside octoDNS on as many zones of ten records."""
    per_dataset: dict[int, list[float]] = {}
    peaks: dict[int, float] = {}
    for count in counts:
        folder = write_workspace(fresh(f"plan-{count}"), count)
        live = write_snapshot(SCRATCH / f"live-{count}.jsonl", count)
        turns = {"ours": partial(spend, [*WORK, "plan", str(folder), str(live)])}
        beside = octodns.command(fresh(f"octodns-{count}"), count) if count == counts[-1] else None
        if beside:
            turns["octodns"] = partial(spend, beside)
        found = in_turns(turns, rounds if beside is None else max(1, rounds - 2))
        per_dataset[count] = [cost.cpu / count for cost in found["ours"]]
        peaks[count] = max(cost.peak for cost in found["ours"])
        if beside:
            ratios = [o.wall / u.wall for o, u in zip(found["octodns"], found["ours"], strict=True)]
            note = "octoDNS 1.22: as many zones, 10 records each"
            yield row(f"planning offline: against octoDNS, {count:,} documents", ratios, "x", "≥ 25 x", note=note)
    small, large = counts[0], counts[-1]
    growth = [abs(b / a - 1) * 100 for a, b in zip(per_dataset[small], per_dataset[large], strict=False)]
    yield row(f"planning offline: time per dataset, {large:,} against {small:,}", growth, "%", "≤ 15 %")
    yield row(f"planning offline: peak memory at {large:,}", [peaks[large]], "MiB", "≤ 100 MiB")
    further = (peaks[large] - peaks[small]) * 1024 / (large - small)
    yield row("planning offline: memory per further dataset", [further], "KiB", "≤ 25 KiB")


def inner(cost: Cost) -> float:
    """The seconds that the work itself took, as its process told."""
    return float(cost.output.split()[0])


def fresh(name: str) -> Path:
    """An empty folder."""
    folder = SCRATCH / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
