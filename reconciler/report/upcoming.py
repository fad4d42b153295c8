"""When schedules that change will run: in words, and the next three times. No plan holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reconciler.core.address import Address
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets import quartz
from reconciler.facets.schedule import Schedule, expression_of

CODES: tuple[Code, ...] = (
    Code(
        "schedule-runs",
        "When a schedule that changes will run.",
        "The next three times after the plan, in the schedule's own zone. Where clocks are put back, the runs of an "
        "hour may be listed twice. Schedules whose start the vendor chooses are not listed.",
    ),
)


def upcoming(plan: Plan, now: datetime) -> Iterable[Diagnostic]:
    """A note for each schedule that changes and whose runs are known."""
    for step in plan.steps:
        for schedule in step.desired if step.changes else ():
            if isinstance(schedule, Schedule) and (expression := expression_of(schedule)) is not None:
                yield _note(step.address, expression, str(schedule.parsed.get("timezone") or "UTC"), now)


def _note(address: Address, expression: str, zone: str, now: datetime) -> Diagnostic:
    try:
        summary = f"it will run: {quartz.in_words(expression)} ({zone})"
        runs = quartz.next_runs(expression, now.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)))
    except quartz.QuartzError as error:
        return Diagnostic("schedule-runs", "info", f"when it will run is not known: {error}", address)
    except (KeyError, ValueError, OSError):
        return Diagnostic("schedule-runs", "info", f'{summary}; "{zone}" is a zone this machine does not know', address)
    if runs is None:
        return Diagnostic("schedule-runs", "info", summary, address)
    times = ", ".join(f"{moment:%a %Y-%m-%d %H:%M:%S}" for moment in runs) or "never"
    return Diagnostic("schedule-runs", "info", f"{summary}; next: {times}", address)
