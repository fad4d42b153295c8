"""`python -m tests.bench [--quick] [--json FILE] [GROUP…]`: startup, manifests, offline, branch, online, apply."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from . import branches, offline, online, startup
from .measure import Row, as_json, table


def rows(*, quick: bool) -> dict[str, Callable[[], Iterator[Row]]]:
    """The groups of rows; quick ones are small, for a machine that is busy."""
    scale = 10 if quick else 1
    rounds = 3 if quick else 7
    counts = [500, 1000, 2000] if quick else [1000, 10_000, 50_000, 100_000]
    beside = {2000} if quick else {10_000, 50_000}
    return {
        "startup": lambda: startup.start_up(5 * rounds),
        "manifests": lambda: offline.manifests(10_000 // scale, rounds),
        "offline": lambda: offline.planning(counts, beside, 3),
        "branch": lambda: branches.changed_since(10_000 // scale, rounds),
        "online": lambda: _online(10_000 // scale),
        "apply": lambda: online.applying(1000 // scale, 50),
    }


def _online(count: int) -> Iterator[Row]:
    yield from online.planning(count, 16, 3, "≤ 1.15 x")
    yield from online.planning(count, 100, 3, "≤ 1.5 x")
    yield from online.bulk(count, 16)


def main() -> None:
    """Measure, print the table, write it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller and fewer")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here, too")
    groups = rows(quick="--quick" in sys.argv)
    parser.add_argument("group", nargs="*", choices=[[], *groups], help="which rows; all when none is named")
    asked = parser.parse_args()
    found: list[Row] = []
    for name in asked.group or groups:
        for each in groups[name]():
            found.append(each)
            sys.stderr.write(f"{each.name}: {each.value:.2f} {each.unit}\n")
    sys.stdout.write(f"Python {platform.python_version()}, {platform.machine()}\n\n{table(found)}")
    if asked.json:
        asked.json.write_text(as_json(found), "utf-8")


if __name__ == "__main__":
    main()
