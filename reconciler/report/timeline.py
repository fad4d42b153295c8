"""What retention will do, as a picture: a lane per version, from its making to its end. One SVG that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from reconciler.facets.retention.simulation import Fate, Prospect, Simulation

from .html.page import template
from .html.picture import Bar
from .safe import safe_text
from .simulation import changes, difference, gone, opening
from .text import wrapped

WIDTH: Final = 960
FIRST, TODAY, LAST = 190, 440, 720
"""Where bars may lie, and where the past ends in them: both halves have a measure of their own, or a long past would
leave no room for what is to come. Ids stand before, what becomes of the versions behind."""

LANE: Final = 18
HEAD: Final = 44
MOST_DATASETS: Final = 12
"""More make no picture; those with most deletions are drawn, and the others counted."""

MOST_LANES: Final = 40
"""More versions of one dataset are counted; drawn are those that go last, and the newest that stay."""

NAME: Final = 22
"""Letters of an id that fit before its bar."""

WORDS: Final = 34
"""Letters that fit behind a bar."""

SENTENCE: Final = 130
"""Letters that fit across."""

STEPS: Final = tuple(timedelta(days=days) for days in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1826, 3652, 36525))
MOST_TICKS: Final = 4
"""In each half."""


class Lane(Struct, frozen=True):
    """One version."""

    y: int
    name: str
    bars: tuple[Bar, ...]
    """Stretches of its life, kept or going; of what is to come the kind ends in `-ahead`."""
    end: float | None
    """Where it is deleted."""
    words: str
    differs: bool
    """Whether the other policy decides otherwise."""


class Tick(Struct, frozen=True):
    """A place on the time axis with its name."""

    x: float
    text: str


class Panel(Struct, frozen=True):
    """One dataset under one policy."""

    y: int
    title: str
    remark: str
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    closing: tuple[str, ...]

    @property
    def foot(self) -> int:
        """Where its lanes end and its closing sentences begin."""
        return self.y + LANE * (len(self.lanes) + 2)

    @property
    def end(self) -> int:
        """Where the next panel may begin."""
        return self.foot + LANE * (len(self.closing) + 1)


class Scale(Struct, frozen=True):
    """Where a moment lies."""

    start: datetime
    begin: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """The place of `moment`, within the picture."""
        if moment <= self.begin:
            return _between(FIRST, TODAY, (moment - self.start) / (self.begin - self.start))
        return _between(TODAY, LAST, (moment - self.begin) / (self.end - self.begin))

    def ticks(self) -> Iterator[Tick]:
        """Days to tell time by, in both halves, counted from the first moment."""
        for span, sign in ((self.begin - self.start, -1), (self.end - self.begin, 1)):
            step = next((step for step in STEPS if span / step <= MOST_TICKS), STEPS[-1])
            for number in range(1 if sign > 0 else 0, span // step + 1):
                moment = self.begin + sign * number * step
                yield Tick(self.x(moment), f"{moment:%Y-%m-%d}")


def _between(left: int, right: int, share: float) -> float:
    return round(left + (right - left) * min(1.0, max(0.0, share)), 1)


def simulation_svg(prospects: Sequence[Prospect], begin: datetime, days: int, *, cadence: bool = False) -> str:
    """The whole picture. Equal simulations give equal bytes."""
    drawn = _most_changed(prospects)
    panels: list[Panel] = []
    for prospect in drawn:
        scale = _scale(prospect, begin.astimezone(UTC), days)
        for number in range(2 if prospect.proposed else 1):
            panels.append(_panel(prospect, number, panels[-1].end if panels else HEAD, scale))
    left_out = len(prospects) - len(drawn)
    return template("timeline.svg").render(
        width=WIDTH,
        height=panels[-1].end if panels else HEAD,
        title=opening(begin, days, cadence=cadence),
        left_out=f"{left_out} more datasets, in which less goes, are not drawn." if left_out else "",
        panels=panels,
        today=TODAY,
        lane=LANE,
        first=FIRST,
        last=LAST,
    )


def _most_changed(prospects: Sequence[Prospect]) -> list[Prospect]:
    def weight(prospect: Prospect) -> int:
        both = (prospect.present, prospect.proposed or prospect.present)
        return -sum(len(prune.deleted) for simulation in both for prune in simulation.prunes)

    kept = {prospect.address for prospect in sorted(prospects, key=weight)[:MOST_DATASETS]}
    return [prospect for prospect in prospects if prospect.address in kept]


def _scale(prospect: Prospect, begin: datetime, days: int) -> Scale:
    shown = [*_shown(prospect.present), *(_shown(prospect.proposed) if prospect.proposed else ())]
    moments = [fate.version.created.astimezone(UTC) for fate in shown if fate.version.created is not None]
    return Scale(min([*moments, begin - timedelta(days=1)]), begin, begin + timedelta(days=max(days, 1)))


def _shown(simulation: Simulation) -> list[Fate]:
    going = [fate for fate in simulation.fates if fate.gone is not None]
    # What there is matters more than what is only assumed, and what goes later more than what goes at once.
    going.sort(key=lambda fate: (not fate.assumed, fate.gone or simulation.end))
    kept = list(simulation.kept)
    half = MOST_LANES // 2
    more = max(half, MOST_LANES - len(going))
    kept = kept[-more:]
    going = going[-(MOST_LANES - len(kept)) :]
    keys = {fate.version.key for fate in (*going, *kept)}
    return [fate for fate in simulation.fates if fate.version.key in keys]


def _panel(prospect: Prospect, number: int, y: int, scale: Scale) -> Panel:
    """The dataset under its present policy (0) or under the proposed one (1)."""
    simulation = prospect.proposed if number and prospect.proposed else prospect.present
    more, fewer = difference(prospect)
    differing = {version.key for version in (*more, *fewer)}
    held = {prune.at for prune in simulation.prunes if prune.held}
    shown = _shown(simulation)
    lanes = [
        _lane(fate, y + LANE * place, scale, held=fate.gone in held, differs=fate.version.key in differing)
        for place, fate in enumerate(shown, start=2)
    ]
    hidden = len(simulation.fates) - len(shown)
    closing = [f"{hidden} more versions are not drawn."] if hidden else []
    closing += [gone(simulation), *(wrapped(safe_text(changes(more, fewer), None), SENTENCE) if number else ())]
    name = f", {'proposed' if number else 'present'} policy" if prospect.proposed else ""
    title = safe_text(str(prospect.address)) + name
    remark = "" if number else _remark(prospect)
    return Panel(y, title, remark, tuple(scale.ticks()), tuple(lanes), tuple(closing))


def _remark(prospect: Prospect) -> str:
    if not prospect.governed:
        return "no retention: everything stays"
    return "" if prospect.pruned else "prune: false, so nothing is deleted until it says true"


def _lane(fate: Fate, y: int, scale: Scale, *, held: bool, differs: bool) -> Lane:
    kind = "going" if fate.gone else "kept"
    made = scale.x(fate.version.created) if fate.version.created else float(FIRST)
    end = scale.x(fate.gone) if fate.gone else float(LAST)
    stretches = ((kind, made, min(float(TODAY), end)), (f"{kind}-ahead", max(made, float(TODAY)), end))
    bars = tuple(Bar(name, left, round(right - left, 1)) for name, left, right in stretches if right > left)
    words = ", ".join(dict.fromkeys(reason.word for reason in fate.reasons))
    if fate.gone:
        words = f"deleted {fate.gone.date()}{', held' if held else ''}"
    return Lane(y, _short(fate.version.id, NAME), bars, end if fate.gone else None, _short(words, WORDS), differs)


def _short(text: str, letters: int) -> str:
    text = safe_text(text)
    return text if len(text) <= letters else f"{text[: letters - 9]}…{text[-8:]}"
