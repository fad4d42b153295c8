"""Quartz expressions: checked by their own grammar, told in words, with their next runs. The only door to cron.

Quartz is not cron: six fields, seconds first, and 1 is Sunday. Cron libraries read such expressions without complaint
and wrongly, so what is asked of them is translated first, and what they cannot know is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

RUNS = 3
FARTHEST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an expression: what it is called, what it may hold, and what it starts with."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int:
        """The number that `text`, a number or a name, stands for.

        Raises:
            ValueError: none that this field may hold.
        """
        if text in self.names:
            return self.names.index(text) + self.low
        if text.isdigit() and self.low <= int(text) <= self.high:
            return int(text)
        raise ValueError(text)


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIELDS = (
    Field("seconds", 0, 59),
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day of month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 1, 7, DAYS),
    Field("year", 1970, FARTHEST_YEAR),
)
DAY_OF_MONTH, DAY_OF_WEEK, YEAR = 3, 5, 6
LAST_DAYS = re.compile(r"L(-\d{1,2})?W?|\d{1,2}W")
SOME_DAY = re.compile(r"(\w{1,3})(L|#[1-5])")


class QuartzError(ValueError):
    """An expression that is none; says in which field."""


def tidy(expression: str) -> str:
    """`expression` with one space between its fields and names in capitals.

    Document 003 prints `0 13/30 * * *?` for `0 13/30 * * * ?`: no field but the first holds a `?` after something else.
    """
    return " ".join(re.sub(r"(?<=\S)\?", " ?", expression).upper().split())


def check(expression: str) -> tuple[str, ...]:
    """The fields of `expression`.

    Raises:
        QuartzError: it is none, or asks for what Quartz itself does not do.
    """
    parts = tuple(tidy(expression).split(" "))
    if len(parts) not in {YEAR, YEAR + 1}:
        raise QuartzError(f"it has {len(parts)} fields; Quartz has 6, seconds first, or 7 with the year")
    for place, part in enumerate(parts):
        for item in part.split(","):
            _check_item(place, item, alone=item == part)
    days = (parts[DAY_OF_MONTH], parts[DAY_OF_WEEK])
    if days == ("?", "?"):
        raise QuartzError("one of day of month and day of week has to be something else than ?")
    if "?" not in days and "*" not in days:
        raise QuartzError("day of month and day of week cannot both be given; write ? for one of them")
    return parts


def in_words(expression: str) -> str:
    """What `expression` means.

    Raises:
        QuartzError: it is none.
    """
    parts = check(expression)
    # Imported here: only a plan that shows a schedule pays for it.
    from cron_descriptor import Options, get_description  # type: ignore[import-untyped] # noqa: PLC0415

    options = Options()
    # Quartz counts days from 1, Sunday; by default the library counts from 0.
    options.day_of_week_start_index_zero = False
    options.use_24hour_time_format = True
    return str(get_description(" ".join(parts), options))


def next_runs(expression: str, after: datetime, most: int = RUNS) -> tuple[datetime, ...] | None:
    """When it runs next, in the zone of `after`; None where that is not known (nearest weekday, days before the last).

    Where clocks are put back, an hour's runs come twice here and once in Quartz.

    Raises:
        QuartzError: it is none.
    """
    parts = check(expression)
    if re.search(r"W|L-", parts[DAY_OF_MONTH]):
        return None
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only a plan that shows a schedule pays for it

    try:
        moments: Iterator[datetime] = CronSim(" ".join(map(_translated, range(YEAR), parts)), after)
    except CronSimError:
        # What the grammar takes and the library refuses is a date that never comes, such as 30 February.
        return ()
    if len(parts) > YEAR and parts[YEAR] != "*":
        years = _numbers(YEAR, parts[YEAR])
        moments = takewhile(lambda moment: moment.year <= max(years), moments)
        moments = (moment for moment in moments if moment.year in years)
    return tuple(islice(moments, most))


def _check_item(place: int, item: str, *, alone: bool) -> None:
    field = FIELDS[place]
    try:
        if alone and item == "*":
            return
        if alone and place in {DAY_OF_MONTH, DAY_OF_WEEK} and item == "?":
            return
        if place == DAY_OF_MONTH and LAST_DAYS.fullmatch(item):
            return
        if place == DAY_OF_WEEK and item == "L":
            return
        if place == DAY_OF_WEEK and (day := SOME_DAY.fullmatch(item)):
            field.number(day[1])
            return
        _numbers(place, item)
    except ValueError:
        span = f"{field.low} to {field.high}"
        raise QuartzError(f'"{item}" is not a value of its field {field.name}, which holds {span}') from None


def _numbers(place: int, text: str) -> tuple[int, ...]:
    """Every number that a list of values, ranges and steps holds.

    Raises:
        ValueError: it holds something else.
    """
    field, found = FIELDS[place], []
    for item in text.split(","):
        span, slash, step = item.partition("/")
        low, dash, high = span.partition("-")
        first = field.low if low == "*" else field.number(low)
        last = field.number(high) if dash else field.high if slash or low == "*" else first
        stride = int(step) if slash else 1
        if not 1 <= stride <= field.high:
            raise ValueError(item)
        # `22-2` runs over the end.
        whole = last if first <= last else last + field.high - field.low + 1
        size = field.high - field.low + 1
        found += [(number - field.low) % size + field.low for number in range(first, whole + 1, stride)]
    return tuple(found)


def _translated(place: int, part: str) -> str:
    """One field as cronsim has it: no `?`, days from 0 for Sunday, steps and wrapped ranges as lists."""
    if part in {"*", "?"}:
        return "*"
    items = []
    for item in part.split(","):
        if place == DAY_OF_MONTH and item == "L":
            items.append(item)
        elif place == DAY_OF_WEEK and item == "L":
            items.append("6")
        elif place == DAY_OF_WEEK and (day := SOME_DAY.fullmatch(item)):
            items.append(f"{FIELDS[place].number(day[1]) - 1}{day[2]}")
        else:
            shift = 1 if place == DAY_OF_WEEK else 0
            items += [str(number - shift) for number in sorted(set(_numbers(place, item)))]
    return ",".join(items)
