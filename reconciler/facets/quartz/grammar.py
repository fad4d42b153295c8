"""What is a Quartz expression: six fields, seconds first, 1 is Sunday, and a seventh for the year."""

from __future__ import annotations

import re

from msgspec import Struct

FARTHEST_YEAR = 2099


class Field(Struct, frozen=True):
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
        if self.low <= whole(text) <= self.high:
            return whole(text)
        raise ValueError(text)


def whole(text: str) -> int:
    """The number that `text` is, in the digits that Quartz takes: int() takes `1_0` and Arabic digits too.

    Raises:
        ValueError: it is none.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


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
SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR = range(7)
LAST_DAYS = re.compile(r"L(?:-(?P<before>[12]?[0-9]|30))?")
"""The last day of a month, or one so many days before it."""
NEAREST_WEEKDAY = re.compile(r"(?:L(?:-(?:[12]?[0-9]|30))?|0?[1-9]|[12][0-9]|3[01])W")
SOME_WEEKDAY = re.compile(r"(?P<weekday>[1-7]|[A-Z]{3})(?:L|#(?P<which>[1-5]))")
"""The last such weekday of a month, or the first to fifth."""


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
    if "?" not in days:
        raise QuartzError("day of month and day of week cannot both be given; write ? for one of them")
    return parts


def numbers(place: int, text: str) -> frozenset[int]:
    """Every number that a field's list of values, ranges and steps holds.

    Raises:
        ValueError: it holds something else.
    """
    return frozenset(number for item in text.split(",") for number in _item_numbers(FIELDS[place], item))


def _item_numbers(field: Field, item: str) -> range | list[int]:
    span, slash, step = item.partition("/")
    low, dash, high = span.partition("-")
    if (slash and (set(field.names) & {low, high})) or (dash and low == "*"):
        # Quartz takes `MON/2` and means MON; what it makes of `*-5`, no document says.
        raise ValueError(item)
    first = field.low if low == "*" else field.number(low)
    last = field.number(high) if dash else field.high if slash or low == "*" else first
    stride = whole(step) if slash else 1
    if not 1 <= stride <= field.high:
        raise ValueError(item)
    if first <= last:
        return range(first, last + 1, stride)
    # `22-2` runs over the end.
    size = field.high - field.low + 1
    return [(number - field.low) % size + field.low for number in range(first, last + size + 1, stride)]


def _check_item(place: int, item: str, *, alone: bool) -> None:
    field = FIELDS[place]
    try:
        if alone and (item == "*" or (item == "?" and place in {DAY_OF_MONTH, DAY_OF_WEEK})):
            return
        if place == DAY_OF_MONTH and (LAST_DAYS.fullmatch(item) or NEAREST_WEEKDAY.fullmatch(item)):
            return
        if place == DAY_OF_WEEK and alone and item == "L":
            return
        if place == DAY_OF_WEEK and alone and (day := SOME_WEEKDAY.fullmatch(item)):
            field.number(day["weekday"])
            return
        numbers(place, item)
    except ValueError:
        span = f"{field.low} to {field.high}"
        raise QuartzError(f'"{item}" is not a value of its field {field.name}, which holds {span}') from None
