"""When a stream runs: the schedule's JSON, and the Quartz expression the server makes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from reconciler.sandbox.exchange import Refusal

MANUAL = '{"type":"MANUAL","timezone":"UTC"}'
_TYPES = frozenset(["MANUAL", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR", "ADVANCED"])


def read(text: object) -> dict[str, Any]:
    """The schedule in an `advancedScheduleJson`, which is a string; 400 when it is none."""
    try:
        schedule = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        schedule = None
    if not isinstance(schedule, dict) or str(schedule.get("type")) not in _TYPES:
        raise Refusal(400, "advancedScheduleJson is not a schedule")
    if schedule["type"] == "ADVANCED" and schedule.get("dayOfMonth") == [] and schedule.get("dayOfWeek"):
        # Live instances fall over an empty dayOfMonth beside a dayOfWeek (notes 2, ADVANCED gotcha).
        raise Refusal(500, "Cannot read field 'scheduler' because value is null")
    return schedule


def quartz(schedule: dict[str, Any], stream: int) -> str | None:
    """The six fields the server keeps beside the JSON; where MINUTE starts is the server's choice (notes 2)."""
    interval = schedule.get("interval") or 1
    if not isinstance(interval, int) or interval < 1:
        raise Refusal(400, f"Not an interval: {interval}")
    match schedule["type"]:
        case "MINUTE":
            return f"0 {stream % interval}/{interval} * * * ?"
        case "HOUR":
            return f"0 0 0/{interval} * * ?"
        case "DAY":
            at = _clock(schedule.get("at"))
            return f"0 {at.minute} {at.hour} * * ?"
        case _:
            return None


def _clock(text: object) -> datetime:
    try:
        return datetime.strptime(str(text), "%I:%M %p").replace(tzinfo=UTC)
    except ValueError:
        raise Refusal(400, f"Not a time of day: {text}") from None
