"""When a Quartz expression runs, by the rules of Quartz's own CronExpression, which is the oracle of its tests.

No library does it: croniter counts weekdays from Monday; cronsim knows no `L-3`, and loses a run where clocks move by
half an hour.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice, product

from .grammar import (
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    FIELDS,
    HOUR,
    LAST_DAYS,
    MINUTE,
    MONTH,
    SECOND,
    SOME_WEEKDAY,
    YEAR,
    check,
    numbers,
)

RUNS = 3
WEEK = 7
LONGEST_SETBACK = timedelta(hours=3)
"""No zone puts its clocks back further at once."""


def next_runs(expression: str, after: datetime, most: int = RUNS) -> tuple[datetime, ...] | None:
    """When it runs next, in the zone of `after`; nothing when it never does; None when nobody can say.

    A time of day that clocks skip is no run, and one that they show twice is one run, the later one. Of the runs on a
    nearest weekday (`15W`) Quartz leaves some out, and which depends on when it looked.

    Raises:
        QuartzError: it is none.
    """
    parts, zone = check(expression), after.tzinfo or UTC
    if "W" in parts[DAY_OF_MONTH]:
        return None
    # What clocks show twice is the later one, which may still come when they show a later time now.
    start = min(_shown(after, zone), _shown(after + LONGEST_SETBACK, zone) - LONGEST_SETBACK)
    moments = (shown.replace(tzinfo=zone, fold=1) for shown in _times(parts, start))
    there = (moment for moment in moments if _shown(moment, zone) == moment.replace(tzinfo=None))
    return tuple(islice((moment for moment in there if moment.astimezone(UTC) > after), most))


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows at `moment`."""
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def _times(parts: tuple[str, ...], start: datetime) -> Iterator[datetime]:
    """Every time after `start` that a clock shows when the expression runs."""
    hours, minutes, seconds = (sorted(numbers(place, parts[place])) for place in (HOUR, MINUTE, SECOND))
    for day in _days(parts, start.date()):
        for hour in hours:
            if (day, hour) < (start.date(), start.hour):
                continue
            for minute, second in product(minutes, seconds):
                shown = datetime.combine(day, time(hour, minute, second))
                if shown > start:
                    yield shown


def _days(parts: tuple[str, ...], start: date) -> Iterator[date]:
    """Every day from `start` on."""
    months = sorted(numbers(MONTH, parts[MONTH]))
    years = sorted(numbers(YEAR, parts[YEAR] if len(parts) > YEAR else "*"))
    for year, month in product(years, months):
        if (year, month) >= (start.year, start.month):
            days = (date(year, month, number) for number in sorted(_numbers_of(parts, year, month)))
            yield from (day for day in days if day >= start)


def _numbers_of(parts: tuple[str, ...], year: int, month: int) -> set[int]:
    """The days of one month, as numbers."""
    first, length = monthrange(year, month)
    if parts[DAY_OF_MONTH] == "?":
        found = _by_weekday(parts[DAY_OF_WEEK], first, length)
    else:
        found = {day for item in parts[DAY_OF_MONTH].split(",") for day in _by_number(item, length)}
    return {day for day in found if 1 <= day <= length}


def _by_number(item: str, length: int) -> frozenset[int]:
    last = LAST_DAYS.fullmatch(item)
    if last is None:
        return numbers(DAY_OF_MONTH, item)
    return frozenset({length - int(last["before"] or 0)})


def _by_weekday(part: str, first: int, length: int) -> set[int]:
    """The days of a month whose first is weekday `first`, 0 for Monday, and that has so many days."""
    some = SOME_WEEKDAY.fullmatch(part)
    wanted = (
        {FIELDS[DAY_OF_WEEK].number(some["weekday"])} if some else {7} if part == "L" else numbers(DAY_OF_WEEK, part)
    )
    # Quartz counts from 1, Sunday.
    days = {day for day in range(1, length + 1) if (first + day) % WEEK + 1 in wanted}
    if some is None:
        return days
    if some["which"]:
        return {day for day in days if (day - 1) // WEEK + 1 == int(some["which"])}
    return {day for day in days if day > length - WEEK}
