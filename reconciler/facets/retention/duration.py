"""How long: years, months, days and hours as restic writes them (`30d`, `1y6m`, `12h`)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from msgspec import Struct
from pydantic import BeforeValidator, WithJsonSchema

PATTERN = r"^([0-9]{1,5}[ymdh])+$"
PART = re.compile(r"([0-9]{1,5})([ymdh])")
EARLIEST = datetime.min.replace(tzinfo=UTC)
MONTHS = 12


class Duration(Struct, frozen=True):
    """A span of the calendar: a month is as long as the month it is counted in."""

    years: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0

    @classmethod
    @lru_cache
    def parse(cls, text: str) -> Duration:
        """Read `1y6m30d12h`: any of the units, each once, in any order.

        Raises:
            ValueError: `text` is nothing of the kind.
        """
        parts = {unit: int(number) for number, unit in PART.findall(text)}
        if not re.fullmatch(PATTERN, text) or len(parts) != len(PART.findall(text)):
            msg = f"{text!r} is not a duration; write years, months, days or hours, such as 1y6m, 30d or 12h"
            raise ValueError(msg)
        return cls(parts.get("y", 0), parts.get("m", 0), parts.get("d", 0), parts.get("h", 0))

    def __str__(self) -> str:
        parts = ((self.years, "y"), (self.months, "m"), (self.days, "d"), (self.hours, "h"))
        return "".join(f"{number}{unit}" for number, unit in parts if number) or "0d"

    def __bool__(self) -> bool:
        return self != Duration()

    def before(self, moment: datetime) -> datetime:
        """The moment this long before `moment`, in UTC; never before the year 1.

        A day that its month does not have runs over into the next month, as in restic: one month before 31 May is
        1 May.
        """
        moment = moment.astimezone(UTC)
        month = moment.year * MONTHS + moment.month - 1 - self.years * MONTHS - self.months
        if month < MONTHS:
            return EARLIEST
        first = moment.replace(year=month // MONTHS, month=month % MONTHS + 1, day=1)
        back = timedelta(days=self.days - moment.day + 1, hours=self.hours)
        return EARLIEST if back > first - EARLIEST else first - back


def _span(value: Any) -> Any:
    if not isinstance(value, str):
        msg = f"{value!r} is not a duration; write years, months, days or hours, such as 1y6m, 30d or 12h"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a finding
    Duration.parse(value)
    return value


Span: TypeAlias = Annotated[str, BeforeValidator(_span), WithJsonSchema({"type": "string", "pattern": PATTERN})]
"""A duration in a manifest, as written: `y` years, `m` months, `d` days, `h` hours."""
