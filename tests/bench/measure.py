"""Ratios inside one run: contestants take turns, so that a slow minute of the machine hits all of them."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRATCH = Path(tempfile.gettempdir()) / "reconciler-bench"
PYTHON = [sys.executable, "-X", f"pycache_prefix={SCRATCH / 'pycache'}"]
"""Bytecode is compiled once, as it is for whoever installs a wheel."""
RECONCILER = [*PYTHON, "-c", "from reconciler.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: float
    """The median."""
    spread: tuple[float, float]
    """The lowest and the highest."""
    unit: str
    bar: str
    met: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, its own and those of the kernel for it."""
    peak: float
    """MiB of memory at its largest."""
    output: str = ""


def row(name: str, values: Sequence[float], unit: str, bar: str, *, note: str = "") -> Row:
    """The line for `values`; `bar` is `≤ N…` or `≥ N…`."""
    middle = statistics.median(values)
    sign, number = bar[0], float(bar[1:].strip().split()[0].rstrip("x%"))
    met = middle <= number if sign == "≤" else middle >= number
    return Row(name, middle, (min(values), max(values)), unit, bar, met, note)


def spend(command: Sequence[str], environ: Mapping[str, str] | None = None, folder: Path = ROOT) -> Cost:
    """Run `command` and tell what it cost.

    Raises:
        RuntimeError: it failed.
    """
    environment = {**os.environ, **(environ or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as complained:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=complained, env=environment, cwd=folder)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        complained.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {complained.read()[-2000:]}")
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told.read())


def in_turns(contestants: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """What each contestant costs, `rounds` times, one after the other in every round."""
    found: dict[str, list[Cost]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            found[name].append(run())
    return found


def there_and_back(contestants: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[list[Cost]]]:
    """What each costs in every round, of which the way back is a part: all but the last have two turns.

    A host that grows slower or faster all through a round has then done so to everyone alike.
    """
    found: dict[str, list[list[Cost]]] = {name: [] for name in contestants}
    *way, last = contestants
    for _ in range(rounds):
        costs: dict[str, list[Cost]] = {name: [] for name in contestants}
        for name in (*way, last, *reversed(way)):
            costs[name].append(contestants[name]())
        for name, turns in costs.items():
            found[name].append(turns)
    return found


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| row | median | spread | bar | met | |", "|---|---|---|---|---|---|"]
    for each in rows:
        low, high = each.spread
        numbers = f"{_number(each.value)} {each.unit} | {_number(low)} to {_number(high)}"
        lines.append(f"| {each.name} | {numbers} | {each.bar} | {'yes' if each.met else '**no**'} | {each.note} |")
    return "\n".join(lines) + "\n"


def as_json(rows: Sequence[Row]) -> str:
    """The rows for a machine."""
    return json.dumps([asdict(each) for each in rows], indent=2, ensure_ascii=False) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
