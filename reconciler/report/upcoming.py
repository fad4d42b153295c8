"""When schedules that change will run: in words, and the next three times. No plan holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets.schedule import Schedule
from reconciler.facets.timing import expression_of, remark_on

CODES: tuple[Code, ...] = (
    Code(
        "schedule-runs",
        "When a schedule that changes will run.",
        "The next three times after the plan, in the schedule's own zone, as Quartz counts them: a time that clocks "
        "skip is no run, one that they show twice is one. Where the vendor chooses the start, or no document says "
        "what a schedule means, that is said instead.",
    ),
)


def upcoming(plan: Plan, now: datetime) -> Iterable[Diagnostic]:
    """A note for each schedule that changes: its next runs, or why nobody knows them."""
    for step in plan.steps:
        for schedule in step.desired if step.changes else ():
            if isinstance(schedule, Schedule):
                expression = expression_of(schedule)
                zone = schedule.parsed.get("timezone")
                told = (
                    remark_on(schedule) if expression is None else _runs(expression, str(zone) if zone else None, now)
                )
                yield Diagnostic("schedule-runs", "info", told, step.address)


def _runs(expression: str, zone: str | None, now: datetime) -> str:
    from reconciler.facets import quartz  # noqa: PLC0415 - few plans change a schedule

    try:
        words = f"it will run: {quartz.in_words(expression)} ({zone or 'UTC assumed'})"
        runs = quartz.next_runs(expression, now.astimezone(ZoneInfo(zone) if zone not in {None, "UTC"} else UTC))
    except quartz.QuartzError as error:
        return f"when it will run is not known: {error}"
    except (KeyError, ValueError, OSError):
        return f'{words}; "{zone}" is a zone this machine does not know'
    if runs is None:
        return f"{words}; on which days exactly, Quartz itself does not always keep to"
    return f"{words}; next: {', '.join(f'{moment:%a %Y-%m-%d %H:%M:%S}' for moment in runs) or 'never'}"
