"""The schedule at Domo: a few fields of the dataset's stream, which is written back whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from reconciler.core.changes import apply
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.core.words import Json
from reconciler.facets.schedule import EXPRESSION, MANUAL, STATE, Schedule, implied_state
from reconciler.providers.http import embedded
from reconciler.providers.understanding import understand

from .dataset import Dataset
from .wire import Stream

TELLING = frozenset({"advanced_schedule_json", "schedule_expression", "schedule_state"})
"""Any of these says how a stream is scheduled; one without all of them is not the whole stream."""


def to_elements(wire: Stream) -> tuple[Schedule, ...]:
    """The schedule; a state that says otherwise than its JSON shows as one more member.

    `scheduleState: MANUAL` or INACTIVE suppresses whatever the JSON says (notes 2), so a paused stream differs from one
    that runs by the same JSON.
    """
    settings = _settings(wire)
    if wire.schedule_state is not None:
        settings[STATE] = wire.schedule_state
    return (Schedule.of(settings, wire.schedule_retry_count or 0, wire.schedule_retry_expression),)


def to_wire(schedule: Schedule, before: Schedule) -> dict[str, object]:
    """The fields of a stream that differ between two schedules."""
    fields: dict[str, object] = {}
    if schedule.settings != before.settings:
        settings = schedule.parsed
        fields[STATE] = settings.pop(STATE, implied_state(settings))
        if settings.get("type") == EXPRESSION:
            # As long as there is JSON, the expression is only what the server made of it.
            fields |= {"advancedScheduleJson": None, "scheduleExpression": settings.get("expression")}
        else:
            fields["advancedScheduleJson"] = json.dumps(settings, ensure_ascii=False)
    return {**fields, **_retries(schedule, before)}


def _retries(schedule: Schedule, before: Schedule) -> dict[str, object]:
    if (schedule.retry_count, schedule.retry_every) == (before.retry_count, before.retry_every):
        return {}
    return {"scheduleRetryCount": schedule.retry_count, "scheduleRetryExpression": schedule.retry_every}


def read(dataset: Dataset) -> FacetState | None:
    """The schedule of the dataset's stream."""
    raw = dataset.stream
    if raw is None:
        summary = "it has no stream, so it cannot have a schedule"
        hint = "Take schedule out of the manifest; only datasets that a connector fills have one."
        address = dataset.ref.address.of("schedule")
        dataset.diagnostics.append(Diagnostic("schedule-without-stream", "error", summary, address, hint))
        return None
    stream = understand(Stream, raw, "the stream")
    if not stream.model_fields_set & TELLING:
        # Some servers leave most of a stream out unless asked for all of it (notes 1.13).
        hint = "Nothing was concluded from a part of it. Try again."
        raise ProviderError(f"stream {stream.id} came without its schedule", hint=hint, retryable=True)
    return FacetState(to_elements(stream), raw)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """The stream as it was found, but for its schedule."""
    desired = [element for element in apply(found.elements, step.changes) if isinstance(element, Schedule)]
    if not isinstance(found.raw, Mapping) or not desired:
        raise ProviderError("the dataset has no stream that a schedule could be written to")
    fields = to_wire(desired[0], cast("Schedule", found.elements[0]))
    if fields:
        stream = understand(Stream, found.raw, "the stream")
        dataset.api.put_stream(stream.id, {**found.raw, **_mended(stream), **fields})


def _mended(stream: Stream) -> dict[str, object]:
    """What has to differ for the server to take it back: it falls over an empty dayOfMonth beside a dayOfWeek.

    See notes 2, ADVANCED.
    """
    settings = _settings(stream)
    if not stream.advanced_schedule_json or settings.get("dayOfMonth") != [] or not settings.get("dayOfWeek"):
        return {}
    del settings["dayOfMonth"]
    return {"advancedScheduleJson": json.dumps(settings, ensure_ascii=False)}


def _settings(wire: Stream) -> dict[str, Json]:
    if not wire.advanced_schedule_json:
        if not wire.schedule_expression:
            return {"type": MANUAL}
        return {"type": EXPRESSION, "expression": wire.schedule_expression}
    try:
        settings = embedded(wire.advanced_schedule_json)
    except ValueError:
        settings = None
    return cast("dict[str, Json]", understand(dict[str, object], settings, "advancedScheduleJson"))
