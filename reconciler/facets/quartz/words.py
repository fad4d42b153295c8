"""What a Quartz expression means, in words. The only door to cron-descriptor."""

from __future__ import annotations

import re

from .grammar import DAY_OF_MONTH, FIELDS, check, whole

LISTED = re.compile(r"(?:[0-9]+|[A-Z]{3})(?:-(?:[0-9]+|[A-Z]{3}))?")
"""What the library tells whole in a list: of `1W,15` it leaves the W out, of `17,*/22` from where on."""


def in_words(expression: str) -> str:
    """What `expression` means; the expression itself where the library has no words for it, or not for all of it.

    Raises:
        QuartzError: it is none.
    """
    parts = check(expression)
    bare = " ".join(parts)
    if not all(_tellable(place, part) for place, part in enumerate(parts)):
        return bare
    # Imported here: only a plan that shows a schedule pays for it.
    from cron_descriptor import FormatException, Options, get_description  # type: ignore[import-untyped] # noqa: PLC0415

    options = Options()
    # Quartz counts days from 1, Sunday; by default the library counts from 0.
    options.day_of_week_start_index_zero = False
    options.use_24hour_time_format = True
    try:
        return str(get_description(bare, options))
    except FormatException:
        return bare


def _tellable(place: int, part: str) -> bool:
    """Whether the library's words for a field leave nothing out."""
    span, slash, step = part.partition("/")
    if "," in part:
        return all(LISTED.fullmatch(item) for item in part.split(","))
    if slash and "-" not in span:
        return _even(place, span, whole(step))
    return not (place == DAY_OF_MONTH and part.startswith("L-") and part.endswith("W"))


def _even(place: int, span: str, stride: int) -> bool:
    """Whether steps stay as far apart where the field starts anew: `0/59` is not every 59 minutes."""
    field = FIELDS[place]
    first = 0 if span == "*" else field.number(span) - field.low
    return first < stride and (field.high - field.low + 1) % stride == 0
