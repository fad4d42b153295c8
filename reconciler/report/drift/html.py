"""Drift as one page without scripts, with a picture of what was applied on the days before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.planning.drift import Difference, state
from reconciler.report.safe import SENTENCE, safe_text
from reconciler.report.text import calm, nothing_to_do

from .markdown import headline, words
from .text import UNSURE, told_whole, why

DAYS: Final = 60
STEP: Final = 6
HEIGHT: Final = 80
MOST_ROWS: Final = 1_000


class Bar(Struct, frozen=True):
    """One day of the picture."""

    x: int
    y: float
    height: float
    says: str


def drift_html(
    plan: Plan,
    differences: Sequence[Difference],
    applied: Mapping[date, int],
    today: date,
    found: Sequence[Diagnostic] = (),
) -> str:
    """The whole page; `applied` tells how many steps were applied on which day, UTC; `found` what else there is."""
    from reconciler.report.html.page import shown, template  # noqa: PLC0415 - only this format needs the templates

    rows = [
        (
            safe_text(str(item.address.whole)),
            item.address.facet,
            state(item.change),
            safe_text(words(item), SENTENCE),
            safe_text(why(item), SENTENCE),
        )
        for item in sorted(differences, key=lambda item: item.ignored is not None)[:MOST_ROWS]
    ]
    quiet = nothing_to_do(plan)
    return template("drift.html").render(
        headline=headline(plan, differences),
        kind="quiet" if quiet else "ready" if told_whole(plan) else "incomplete",
        calm=calm(plan) if quiet else "",
        unsure="" if told_whole(plan) else UNSURE,
        rows=rows,
        more=len(differences) - len(rows),
        findings=list(shown(found, ())),
        bars=history(applied, today),
        most=max(applied.values(), default=0),
        first=str(today - timedelta(days=DAYS - 1)),
        last=str(today),
        width=DAYS * STEP,
        height=HEIGHT,
    )


def history(applied: Mapping[date, int], today: date) -> tuple[Bar, ...]:
    """A bar for each of the last days on which something was applied; its height is the share of the fullest day."""
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    most = max((applied.get(day, 0) for day in days), default=0)
    bars = []
    for place, day in enumerate(days):
        count = applied.get(day, 0)
        if count:
            height = round(max(2.0, HEIGHT * count / most), 1)
            bars.append(Bar(place * STEP, round(HEIGHT - height, 1), height, f"{day}: {count}"))
    return tuple(bars)


def by_day(moments: Iterable[str]) -> Counter[date]:
    """How many of `moments` (ISO 8601) fall on each day; what is no moment is left out."""
    counted: Counter[date] = Counter()
    for moment in moments:
        try:
            counted[date.fromisoformat(moment[:10])] += 1
        except ValueError:
            continue
    return counted
