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
ADVANCED = {"type": "ADVANCED", "time": "06:29 AM", "month": [1, 3]}


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
                "it will run: At 00:09 (UTC assumed); next: "
                "Sun 2026-11-22 00:09:00, Mon 2026-11-23 00:09:00, Tue 2026-11-24 00:09:00"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 13/30 * * *?"},
            (
                "it will run: Every 30 minutes, starting at 13 minutes past the hour (UTC assumed); next: "
                "Sat 2026-11-21 12:13:00, Sat 2026-11-21 12:43:00, Sat 2026-11-21 13:13:00"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 15 10 15W * ?"},
            (
                "it will run: At 10:15, on the weekday nearest day 15 of the month (UTC assumed); "
                "on which days exactly, Quartz itself does not always keep to"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 0 6 ? * L"},
            (
                "it will run: 0 0 6 ? * L (UTC assumed); next: "
                "Sat 2026-11-28 06:00:00, Sat 2026-12-05 06:00:00, Sat 2026-12-12 06:00:00"
            ),
        ),
        (
            {"type": "EXPRESSION", "expression": "0 0 6 30 2 ?"},
            "it will run: At 06:00, on day 30 of the month, only in February (UTC assumed); next: never",
        ),
        (
            {"type": "EXPRESSION", "expression": "hourly"},
            "when it will run is not known: it has 1 fields; Quartz has 6, seconds first, or 7 with the year",
        ),
        (
            {"type": "DAY", "at": "07:00 AM", "timezone": "Mars/Base"},
            'it will run: At 07:00 (Mars/Base); "Mars/Base" is a zone this machine does not know',
        ),
        (
            {**ADVANCED, "dayOfWeek": [1, 2, 3, 4, 5, 6, 7], "weekOfMonths": []},
            (
                "it will run: At 06:29, only in January and March (UTC assumed); next: "
                "Fri 2027-01-01 06:29:00, Sat 2027-01-02 06:29:00, Sun 2027-01-03 06:29:00"
            ),
        ),
        (
            {**ADVANCED, "dayOfMonth": [15, 1]},
            (
                "it will run: At 06:29, on day 1 and 15 of the month, only in January and March (UTC assumed); next: "
                "Fri 2027-01-01 06:29:00, Fri 2027-01-15 06:29:00, Mon 2027-03-01 06:29:00"
            ),
        ),
        (
            {**ADVANCED, "dayOfWeek": [2]},
            "when it will run is not known: no document says which days the numbers of a schedule of type ADVANCED are",
        ),
        (
            {**ADVANCED, "dayOfMonth": [1], "dayOfWeek": [1, 2, 3, 4, 5, 6, 7]},
            "when it will run is not known: no document says which days the numbers of a schedule of type ADVANCED are",
        ),
        (
            {"type": "DAY", "at": "07:00 AM", "scheduleState": "INACTIVE"},
            "it will not run by itself: its state is INACTIVE",
        ),
        (
            {**ADVANCED, "interval": 2},
            "when it will run is not known: no document says what interval means in a schedule of type ADVANCED",
        ),
        (
            {"type": "DAY", "at": "07:00 AM", "weekdays": ["MON"], "every": 2},
            "when it will run is not known: no document says what every, weekdays means in a schedule of type DAY",
        ),
        (
            {"type": "DAY", "at": "14:30"},
            "when it will run is not known: no document shows such a schedule of type DAY",
        ),
        (
            {"type": "WEEK", "at": "07:00 AM"},
            "when it will run is not known: no document shows such a schedule of type WEEK",
        ),
        (
            {"type": "MINUTE", "interval": 30, "between": None},
            "it will run every 30 minutes; from when on, the vendor chooses",
        ),
        ({"type": "HOUR", "interval": 1}, "it will run every hour; from when on, the vendor chooses"),
        ({"type": "MANUAL", "timezone": "UTC"}, "it will not run by itself"),
    ],
    ids=range(20),
)
def test_a_schedule_that_changes_says_when_it_runs(settings: dict[str, Any], told: str) -> None:
    """What the vendor chooses is not promised, and what no document explains is not guessed."""
    address = Address("acme", "orders", "schedule")
    schedule = Schedule.of(settings)
    step = Step(address, "reschedule", (Add(schedule),), (schedule,))
    plan = Plan((DatasetPlan(address.whole, "domo", "1", "update", (step,)),))
    assert [note.summary for note in upcoming(plan, NOW)] == [told]
