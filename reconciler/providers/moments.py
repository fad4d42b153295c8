"""Moments as vendors write them, and whether they can be."""

from __future__ import annotations

from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Neither vendor is that old."""


def moment_of(value: object) -> datetime | None:
    """A moment from RFC 3339, or from milliseconds since the epoch; None where it is missing, or cannot be right.

    Before the vendors' time lie a zero that stands for a missing date (1970, or the year 1) and seconds that were
    taken for milliseconds (January 1970): such a date would make what is new look old enough to be deleted.
    """
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
        elif value is None or isinstance(value, bool):
            return None
        else:
            moment = datetime.fromtimestamp(float(str(value)) / 1000, UTC)
        # Of the last hours of the year 9999 some zones have no UTC, in which moments are compared.
        sound = moment.tzinfo is not None and moment.astimezone(UTC) >= EARLIEST
    except (ValueError, OverflowError, OSError):
        return None
    return moment if sound else None
