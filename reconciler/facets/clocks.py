"""Times of day, time zones, intervals and dates: what is certain to be none.

Domo writes `hh:mm AM` or `hh:mm PM`, and nobody knows whether it takes `14:30` (notes 2, Schedules).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping

from reconciler.core.words import Json, canonical

from .facet import Complaint
from .suggest import nearest

TIMES = frozenset({"at", "time"})
"""Members of a schedule that are a time of day."""
TIME = re.compile(r"^(\d{1,9}):(\d{1,9})\s*([AaPp][Mm])?$")
NOON, LAST_HOUR, LAST_MINUTE = 12, 23, 59
COUNTED = {"interval": None, "month": 12, "dayOfMonth": 31}
"""Members of a schedule that are numbers from 1, or lists of such, each with the last one there is.

Which numbers days of a week and weeks of a month have, no document says.
"""
LINK = "US/Pacific"
"""An old name, which vendors still take. Some distributions install none of those: there no zone is refused."""


def check_clocks(settings: Mapping[str, Json]) -> Iterable[Complaint]:
    """The time zone and the times of day of a schedule that there are not."""
    zone = settings.get("timezone")
    if isinstance(zone, str) and zone != "UTC" and wrong_zone(zone):
        yield Complaint(("timezone",), "invalid-value", f'there is no time zone "{zone}"', near_zone(zone))
    for name in sorted(TIMES & settings.keys()):
        if no_time(clock := settings[name]):
            hint = 'Write it by the clock of twelve hours: "06:00 AM".'
            yield Complaint((name,), "invalid-value", f'"{clock}" is no time of day', hint)
    for name, last in COUNTED.items():
        value = settings.get(name)
        wrong = [item for item in (value if isinstance(value, list) else [value]) if _miscounted(item, last)]
        if wrong:
            hint = f"Write numbers from 1 to {last}." if last else "Write a whole number from 1 on."
            yield Complaint((name,), "invalid-value", f"{name} cannot be {canonical(wrong[0])}", hint)


def _miscounted(value: Json, last: int | None) -> bool:
    """Whether `value` is a number that is no count, or beyond the last; what is no number may be a word we know not."""
    if not isinstance(value, int | float):
        return False
    counts = not isinstance(value, bool) and 1 <= value <= (last or sys.maxsize) and value == int(value)
    return not counts


def no_time(value: Json) -> bool:
    """Whether `value` is written like a time of day, by either clock, and is none; what is written otherwise may be."""
    found = TIME.match(value) if isinstance(value, str) else None
    return found is not None and (int(found[1]) > (NOON if found[3] else LAST_HOUR) or int(found[2]) > LAST_MINUTE)


def wrong_zone(name: str) -> bool:
    """Whether there is no time zone called `name`; False where this machine cannot know."""
    return not _known(name) and _known(LINK)


def near_zone(name: str) -> str:
    """What to write instead of `name`, as a hint."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - it opens every file there is: only where one is wrong

    near = nearest(name, sorted(available_timezones()))
    if near is not None:
        return f"Did you mean {near}?"
    return "Write an IANA name, such as America/Denver; one that is new needs newer time zone data on this machine."


def _known(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few workspaces have a schedule, and fewer a zone

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
