"""What a command costs before and beside its work, against a bare interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .measure import PYTHON, RECONCILER, Row, in_turns, row, spend
from .offline import fresh
from .online import TOKEN, vendor
from .workspaces import write_online

NO_CACHE = {"RECONCILER_CACHE": ""}


def start_up(rounds: int) -> Iterator[Row]:
    """Processor time of whole processes; of `plan` with its requests, which are answered at once."""
    cache = {"RECONCILER_CACHE": str(fresh("cache-one"))}
    with vendor(0) as port:
        folder = write_online(fresh("one"), 1, f"http://127.0.0.1:{port}", concurrency=1, rate=1000)
        validate, plan = ([*RECONCILER, name, "-w", str(folder)] for name in ("validate", "plan"))
        turns = {
            "bare": partial(spend, [*PYTHON, "-c", "pass"]),
            "`--version`": partial(spend, [*RECONCILER, "--version"]),
            "`--help`": partial(spend, [*RECONCILER, "--help"]),
            "`validate` of one manifest, first run": partial(spend, validate, NO_CACHE),
            "`validate` of one manifest, unchanged": partial(spend, validate, cache),
            "`plan` of one unchanged dataset": partial(spend, plan, NO_CACHE | TOKEN),
        }
        in_turns(turns, 1)
        found = in_turns(turns, rounds)
    bars = dict(zip(turns, ("", "≤ 3 x", "≤ 3 x", "≤ 10 x", "≤ 10 x", "≤ 20 x"), strict=True))
    for name in [name for name in turns if name != "bare"]:
        ratios = [cost.cpu / bare.cpu for cost, bare in zip(found[name], found["bare"], strict=True)]
        yield row(f"start-up: {name}, against `python -c pass`", ratios, "x", bars[name])
