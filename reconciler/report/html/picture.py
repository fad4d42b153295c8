"""The picture of what changes: where every bar of it begins and how long it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from reconciler.core.changes import sign
from reconciler.core.plan import Plan
from reconciler.facets import FACETS
from reconciler.report.figures import figures

WIDTH: Final = 360
"""As wide as a phone shows it, so that its letters keep their size there."""

TOP: Final = 52
"""Room above the facets for the bar of datasets."""

LINE: Final = 24
FIRST, LAST = 118, 352
"""Where facets' bars and the numbers behind them may lie; names stand before, with the number of drops."""

LETTER: Final = 8.5
"""Room for one letter of a number, in the widest of the usual fonts: what is out of the picture is cut off."""

WIDEST_UNIT: Final = 24.0
"""One change is never drawn wider than this."""

THINNEST: Final = 4.0
"""What exists is never drawn thinner than this."""


class Bar(Struct, frozen=True):
    """One coloured stretch from left to right; its kind names its colour in the style sheet."""

    kind: str
    x: float
    width: float


class Row(Struct, frozen=True):
    """One facet's changes: drops to the left of the axis, additions and modifications to its right."""

    name: str
    y: int
    bars: tuple[Bar, ...]
    dropped: int
    added: int
    modified: int
    others: str
    """Additions and modifications, as they stand behind the bars."""
    left: float
    """Where the number of drops ends."""
    right: float
    """Where those others begin."""


class Picture(Struct, frozen=True):
    """Everything the template draws."""

    height: int
    axis: float
    datasets: tuple[Bar, ...]
    legend: str
    rows: tuple[Row, ...]


def picture(plan: Plan) -> Picture:
    """Draw `plan`."""
    counts = _counts(plan)
    most_left = max((row["-"] for row in counts.values()), default=0)
    most_right = max((row["+"] + row["~"] for row in counts.values()), default=0)
    room = LAST - FIRST - LETTER * max((len(_others(row)) for row in counts.values()), default=0)
    unit = min(WIDEST_UNIT, room / max(1, most_left + most_right))
    axis = round(FIRST + most_left * unit, 1)
    rows = tuple(_row(name, TOP + LINE * index, axis, unit, row) for index, (name, row) in enumerate(counts.items()))
    return Picture(TOP + LINE * len(rows), axis, _datasets(plan), _legend(plan), rows)


def _counts(plan: Plan) -> Mapping[str, Counter[str]]:
    counts = {facet.name: Counter[str]() for facet in FACETS}
    for step in plan.steps:
        if step.changes:
            counts[step.address.facet].update(map(sign, step.changes))
    return {name: row for name, row in counts.items() if row}


def _row(name: str, y: int, axis: float, unit: float, counts: Counter[str]) -> Row:
    dropped, added, modified = (_length(counts[mark], unit) for mark in "-+~")
    bars = (
        Bar("drop", round(axis - dropped, 1), dropped),
        Bar("add", axis, added),
        Bar("modify", round(axis + added, 1), modified),
    )
    return Row(
        name,
        y,
        tuple(bar for bar in bars if bar.width),
        counts["-"],
        counts["+"],
        counts["~"],
        _others(counts),
        round(axis - dropped - 4, 1),
        round(axis + added + modified + 4, 1),
    )


def _others(counts: Counter[str]) -> str:
    return " ".join(f"{mark}{counts[mark]}" for mark in "+~" if counts[mark])


def _length(count: int, unit: float) -> float:
    return round(max(count * unit, THINNEST), 1) if count else 0.0


def _shares(plan: Plan) -> Mapping[str, int]:
    counted = figures(plan)
    return {
        "create": counted.create,
        "change": counted.update,
        "unchanged": counted.unchanged,
        "not read": counted.unread,
    }


def _datasets(plan: Plan) -> tuple[Bar, ...]:
    """One bar for all datasets, a stretch for each thing that can happen to them."""
    shares = {kind: count for kind, count in _shares(plan).items() if count}
    spare = WIDTH - THINNEST * len(shares)
    bars: list[Bar] = []
    for kind, count in shares.items():
        start = bars[-1].x + bars[-1].width if bars else 0.0
        bars.append(Bar(kind.replace(" ", "-"), round(start, 1), THINNEST + spare * count / sum(shares.values())))
    return tuple(Bar(bar.kind, bar.x, round(bar.width, 1)) for bar in bars)


def _legend(plan: Plan) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in _shares(plan).items() if count)
