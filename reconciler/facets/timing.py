"""When a schedule runs, as far as the documents and recorded schedules say what its JSON means (notes 2, Schedules).

A member that is not known might change the meaning, so a schedule that has one is not read at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.core.words import Json

from .schedule import ACTIVE, CLOCK, EXPRESSION, STATE, Schedule

MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    EXPRESSION: frozenset({"expression"}),
    "DAY": frozenset({"at"}),
    "ADVANCED": frozenset({"time", "month", "dayOfMonth", "dayOfWeek", "weekOfMonths"}),
    "MINUTE": frozenset({"interval"}),
    "HOUR": frozenset({"interval"}),
    "MANUAL": frozenset(),
}
"""What is known of each type, beside its zone and its state."""

EVERY_DAY = list(range(1, 8))


def expression_of(schedule: Schedule) -> str | None:
    """The Quartz expression that `schedule` runs by, where that is known; else `remark_on` says what is.

    The documents show `{"type": "DAY", "at": "11:28 PM"}` beside `0 28 23 * * ?`.
    """
    settings = schedule.parsed
    if _unknown(settings) or settings.get(STATE, ACTIVE) != ACTIVE:
        return None
    match settings.get("type"):
        case "EXPRESSION":
            return str(settings.get("expression"))
        case "DAY":
            return _at(settings.get("at"), "*", "*")
        case "ADVANCED":
            return _advanced(settings)
        case _:
            return None


def remark_on(schedule: Schedule) -> str:
    """What is known of when `schedule` runs, where no expression stands for it."""
    settings = schedule.parsed
    kind, unknown = str(settings.get("type")), _unknown(settings)
    if unknown:
        return f"when it will run is not known: no document says what {unknown} means in a schedule of type {kind}"
    if kind == "MANUAL":
        return "it will not run by itself"
    if (state := settings.get(STATE, ACTIVE)) != ACTIVE:
        return f"it will not run by itself: its state is {state}"
    interval = settings.get("interval")
    if kind in {"MINUTE", "HOUR"} and isinstance(interval, int):
        every = kind.lower() if interval == 1 else f"{interval} {kind.lower()}s"
        return f"it will run every {every}; from when on, the vendor chooses"
    if kind == "ADVANCED":
        return (
            "when it will run is not known: no document says which days the numbers of a schedule of type ADVANCED are"
        )
    return f"when it will run is not known: no document shows such a schedule of type {kind}"


def _unknown(settings: Mapping[str, Json]) -> str:
    """Names of the members whose meaning is not known."""
    kind = str(settings.get("type"))
    if kind not in MEMBERS:
        return ""
    return ", ".join(sorted(set(settings) - MEMBERS[kind] - {"type", "timezone", STATE}))


def _advanced(settings: Mapping[str, Json]) -> str | None:
    """Days of the month, or every day: which day of a week is 1, and what both kinds of days mean, nobody says."""
    days, months = settings.get("dayOfMonth") or "*", settings.get("month") or "*"
    weekdays = settings.get("dayOfWeek") or []
    if settings.get("weekOfMonths") or weekdays not in ([], EVERY_DAY) or (weekdays and days != "*"):
        return None
    return _at(settings.get("time"), _list(days), _list(months))


def _at(clock: Json, days: str, months: str) -> str | None:
    found = CLOCK.match(str(clock))
    if found is None:
        return None
    hour = int(found[1]) % 12 + (12 if found[3].upper() == "PM" else 0)
    return f"0 {int(found[2])} {hour} {days} {months} ?"


def _list(value: Json) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
