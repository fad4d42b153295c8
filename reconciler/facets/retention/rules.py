"""The keep rules, as in restic: each counts for itself, over the same versions; what any of them keeps stays.

A rule sees good versions only, newest first: ready ones with a date that is not in the future, and made by people or
uploads. What a model's training or an evaluation left behind stays anyway; were it to fill a slot, a busy week of
training would take the place of the history that was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct

from .duration import Duration
from .section import RetentionSection
from .version import Version

Word: TypeAlias = Literal[
    "legal-hold",
    "no-policy",
    "unsettled",
    "undated",
    "future",
    "pin",
    "declared",
    "origin",
    "in-use",
    "live-data",
    "last",
    "within",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "failed",
    "min-age",
    "min-versions",
    "unkept",
    "failed-past",
    "emptied",
]
"""Why a version stays, in order of precedence; the last three: why it goes. Stable."""


class Reason(Struct, frozen=True):
    """Why a version stays or goes."""

    word: Word
    text: str
    """The same for people."""


class Dated(NamedTuple):
    """A version whose date is known."""

    created: datetime
    """In UTC."""
    version: Version


class Period(NamedTuple):
    """A stretch of the calendar, of which a rule keeps the newest version."""

    word: Literal["hourly", "daily", "weekly", "monthly", "yearly"]
    noun: str
    label: str
    """How `strftime` names one such stretch; two moments lie in the same one when the names are equal."""


PERIODS = (
    Period("hourly", "hour", "%Y-%m-%dT%H"),
    Period("daily", "day", "%Y-%m-%d"),
    Period("weekly", "week", "%G-W%V"),
    Period("monthly", "month", "%Y-%m"),
    Period("yearly", "year", "%Y"),
)

Kept: TypeAlias = Iterator[tuple[str, Reason]]


def good(versions: Iterable[Version], as_of: datetime) -> tuple[Dated, ...]:
    """The versions that rules may count, newest first."""
    counted = [
        Dated(version.created.astimezone(UTC), version)
        for version in sorted(versions, key=lambda version: version.age, reverse=True)
        if version.status == "ready"
        and version.origin is None
        and version.created is not None
        and version.created <= as_of
    ]
    return tuple(counted)


def kept_by_rules(history: Sequence[Dated], section: RetentionSection) -> Mapping[str, Sequence[Reason]]:
    """Every reason the rules have to keep a version, by its key; `history` is what `good` returns."""
    reasons: defaultdict[str, list[Reason]] = defaultdict(list)
    for key, reason in _every_rule(history, section) if history else ():
        reasons[key].append(reason)
    return reasons


def _every_rule(history: Sequence[Dated], section: RetentionSection) -> Kept:
    counts, windows = section.counts, section.windows
    for place, dated in enumerate(history[: counts["last"]], start=1):
        yield dated.version.key, Reason("last", f"last {place} of {counts['last']}")
    if window := windows.get("last"):
        for dated in _recent(history, window):
            yield dated.version.key, Reason("within", f"within {window} of the newest good version")
    for period in PERIODS:
        yield from _counted(history, period, counts[period.word])
        if window := windows.get(period.word):
            yield from _windowed(history, period, window)


def _recent(history: Sequence[Dated], window: Duration) -> Sequence[Dated]:
    # Measured from the newest good version, not from the clock: a dataset that nobody feeds does not melt away.
    since = window.before(history[0].created)
    return [dated for dated in history if dated.created > since]


def _counted(history: Sequence[Dated], period: Period, count: int) -> Kept:
    used, label = 0, ""
    for dated in history:
        if used == count:
            return
        present = dated.created.strftime(period.label)
        if present != label:
            used, label = used + 1, present
            text = f"newest of {period.noun} {label}, {period.word} {used} of {count}"
            yield dated.version.key, Reason(period.word, text)
        elif dated is history[-1]:
            yield dated.version.key, Reason(period.word, f"the oldest, with {period.word} {used} of {count} used")


def _windowed(history: Sequence[Dated], period: Period, window: Duration) -> Kept:
    label = ""
    for dated in _recent(history, window):
        present = dated.created.strftime(period.label)
        if present != label:
            label = present
            yield (
                dated.version.key,
                Reason(period.word, f"newest of {period.noun} {label}, {period.word} within {window}"),
            )
        elif dated is history[-1]:
            yield dated.version.key, Reason(period.word, f"the oldest, {period.word} within {window}")
