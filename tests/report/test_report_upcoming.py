"""The note about a schedule that changes: words, zone, and the next three runs from the plan's moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.plan import DatasetPlan, Plan, Step
from reconciler.facets.schedule import Schedule
from reconciler.report.upcoming import upcoming

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"type": "DAY", "at": "07:00 AM", "timezone": "America/Denver"},
            (
                "it will run: At 07:00 (America/Denver); next: "
                "Sat 2026-11-21 07:00:00, Sun 2026-11-22 07:00:00, Mon 2026-11-23 07:00:00"
            ),
        ),
        (
            {"type": "DAY", "at": "12:09 AM"},
            (
                "it will run: At 00:09 (UTC); next: "
                "Sun 2026-11-22 00:09:00, Mon 2026-11-23 00:09:00, Tue 2026-11-24 00:09:00"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 13/30 * * *?"},
            (
                "it will run: Every 30 minutes, starting at 13 minutes past the hour (UTC); next: "
                "Sat 2026-11-21 12:13:00, Sat 2026-11-21 12:43:00, Sat 2026-11-21 13:13:00"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 15 10 15W * ?"},
            "it will run: At 10:15, on the weekday nearest day 15 of the month (UTC)",
        ),
        (
            {"type": "EXPRESSION", "expression": "0 0 6 30 2 ?"},
            "it will run: At 06:00, on day 30 of the month, only in February (UTC); next: never",
        ),
        (
            {"type": "EXPRESSION", "expression": "hourly"},
            "when it will run is not known: it has 1 fields; Quartz has 6, seconds first, or 7 with the year",
        ),
        (
            {"type": "DAY", "at": "07:00 AM", "timezone": "Mars/Base"},
            'it will run: At 07:00 (Mars/Base); "Mars/Base" is a zone this machine does not know',
        ),
        ({"type": "MINUTE", "interval": 30}, None),
        ({"type": "MANUAL"}, None),
    ],
    ids=["zone", "midnight", "expression", "nearest weekday", "never", "no expression", "no zone", "minute", "manual"],
)
def test_a_schedule_that_changes_says_when_it_runs(settings: dict[str, Any], told: str | None) -> None:
    """What the vendor chooses is not promised."""
    address = Address("acme", "orders", "schedule")
    schedule = Schedule.of(settings)
    step = Step(address, "reschedule", (Add(schedule),), (schedule,))
    plan = Plan((DatasetPlan(address.whole, "domo", "1", "update", (step,)),))
    assert [note.summary for note in upcoming(plan, NOW)] == ([] if told is None else [told])
