"""Schedule: when a dataset's stream runs, and how often a failed run is tried again.

Schedules are the vendor's own JSON, compared by meaning: key order, white space, `null` members, the spelling of a
time of day or of a number, and the order in which days and months are listed do not count (Domo:
`advancedScheduleJson`, documents 002 and 003, Stream (Connector)).
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Self, cast

from msgspec import Struct
from pydantic import ConfigDict, Field, JsonValue

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json, canonical
from reconciler.diffing import differing_paths

from .clocks import check_clocks
from .facet import Complaint, Facet, Situation
from .section import Model, Section, Text

EXPRESSION = "EXPRESSION"
"""Type of a schedule that is a Quartz expression and nothing else."""
MANUAL, ACTIVE = "MANUAL", "ACTIVE"
STATE = "scheduleState"
"""Member that is said only where it is not what the type implies: a paused schedule."""
WRITE_EXPRESSION = 'Write a Quartz expression: expression: "0 0 6 ? * MON-FRI".'
SETS = frozenset({"month", "dayOfMonth", "dayOfWeek", "weekOfMonths"})
"""Members that list the days, weeks or months in which to run (Domo, type ADVANCED)."""
CLOCK = re.compile(r"^(\d{1,2}):(\d{2})\s*([AaPp][Mm])$")


class RetryModel(Model):
    """What happens when a run fails."""

    count: int = Field(ge=0, le=100)
    every: Text | None = None
    """As the vendor says it: `15 minutes`."""


class ScheduleSection(Section):
    """The stream's schedule. Members beside `type`, `timezone` and `retry` are passed on as they are.

    Of a profile's schedule of another `type`, what belongs to that type is not taken over: only its `timezone` (unless
    the type is EXPRESSION), its `retry`, and a `scheduleState` that pauses it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    type: Text
    """Domo: MANUAL, MINUTE, HOUR, DAY, WEEK, MONTH, ADVANCED; or EXPRESSION, with a Quartz `expression` beside it."""
    timezone: Text | None = None
    """IANA name, such as `UTC` or `America/Denver`."""
    retry: RetryModel | None = None
    """Left alone when absent."""

    @property
    def settings(self) -> dict[str, Json]:
        """The schedule proper, without `retry`."""
        given = self.model_dump(mode="json", by_alias=True, exclude={"retry"}, exclude_none=True)
        return cast("dict[str, Json]", given)


class Schedule(Struct, frozen=True):
    """A schedule and its retries."""

    settings: str
    """The schedule as canonical JSON."""
    retry_count: int = 0
    retry_every: str | None = None

    @property
    def key(self) -> str:
        """Empty: a dataset has one schedule."""
        return ""

    @classmethod
    def of(cls, settings: Mapping[str, Json], retry_count: int = 0, retry_every: str | None = None) -> Self:
        """The schedule that `settings` mean; whatever does not change the meaning is taken out."""
        meant = normal(settings)
        if isinstance(meant, dict):
            if isinstance(expression := meant.get("expression"), str):
                from . import quartz  # noqa: PLC0415 - few workspaces have a schedule, and fewer an expression

                meant["expression"] = quartz.tidy(expression)
            if meant.get(STATE) == implied_state(meant):
                del meant[STATE]
            if meant.get("dayOfMonth") == []:
                # Domo's own pages leave it out; beside a `dayOfWeek` its server fails over an empty one (notes 2).
                del meant["dayOfMonth"]
        return cls(canonical(meant), retry_count, retry_every if retry_count else None)

    @property
    def parsed(self) -> dict[str, Json]:
        """`settings`, parsed."""
        return cast("dict[str, Json]", json.loads(self.settings))


def implied_state(settings: Mapping[str, object]) -> str:
    """The state of a schedule that says nothing of it."""
    return MANUAL if settings.get("type") == MANUAL else ACTIVE


def normal(value: Json) -> Json:
    """`value` in the one spelling of what it means; `null` members, which mean nothing, are left out."""
    if isinstance(value, Mapping):
        members = {key: normal(member) for key, member in value.items() if member is not None}
        return {key: _set(member) if key in SETS else member for key, member in members.items()}
    if isinstance(value, list | tuple):
        return [normal(member) for member in value]
    if isinstance(value, str) and (clock := CLOCK.match(value)):
        return f"{int(clock[1]):02d}:{clock[2]} {clock[3].upper()}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _set(value: Json) -> Json:
    """A list of numbers of which each counts once, wherever it stands; anything else as it is."""
    if isinstance(value, list) and all(isinstance(item, int) for item in value):
        return sorted(set(value))
    return value


class ScheduleFacet(Facet[ScheduleSection, Schedule]):
    """The facet `schedule`."""

    name = "schedule"
    section = ScheduleSection

    def settle(
        self, section: ScheduleSection, live: tuple[Schedule, ...], situation: Situation
    ) -> tuple[Schedule, ...]:
        del situation
        if section.retry is not None:
            return (Schedule.of(section.settings, section.retry.count, section.retry.every),)
        kept = live[0] if live else Schedule("")
        return (Schedule.of(section.settings, kept.retry_count, kept.retry_every),)

    def verb(self, change: Change[Schedule], situation: Situation) -> str:
        del change, situation
        return "reschedule"

    def beneath(self, under: ScheduleSection, over: ScheduleSection) -> ScheduleSection:
        if under.type == over.type:
            return under
        said = under.model_dump(mode="json", by_alias=True, exclude_unset=True)
        staying = {"retry"} | ({"timezone"} if over.type != EXPRESSION else set())
        staying |= {STATE} if said.get(STATE) != implied_state(said) else set()
        kept = {name: value for name, value in said.items() if name in staying}
        return ScheduleSection.model_validate({"type": over.type, **kept})

    def adopted(self, live: tuple[Schedule, ...], situation: Situation) -> Json | None:
        del situation
        if not live:
            return None
        settings = live[0].parsed
        order: tuple[str, ...] = ("type", "timezone")
        first = {name: settings[name] for name in order if name in settings}
        retry: Json = {"count": live[0].retry_count, "every": live[0].retry_every}
        return {**first, **settings, **({"retry": retry} if live[0].retry_count else {})}

    def words(self, element: Schedule) -> Json:
        retry: dict[str, Json] = {"count": element.retry_count}
        if element.retry_every is not None:
            retry["every"] = element.retry_every
        return {**element.parsed, "retry": retry}

    def element(self, words: Json) -> Schedule:
        if not isinstance(words, Mapping) or not isinstance(words.get("retry"), Mapping):
            msg = f"{words!r} is not a schedule"
            raise TypeError(msg)
        retry = cast("Mapping[str, Any]", words["retry"])
        settings = {key: value for key, value in words.items() if key != "retry"}
        return Schedule.of(settings, int(retry["count"]), retry.get("every"))

    def value(self, elements: tuple[Schedule, ...]) -> Json:
        return self.words(elements[0]) if elements else None

    def describe(self, change: Change[Schedule]) -> str:
        match change:
            case Add(after=schedule) | Drop(before=schedule):
                return in_words(schedule)
            case Modify(before=old, after=new):
                old_words, new_words = self.words(old), self.words(new)
                parts = [
                    f"{path}: {_at(old_words, path)} -> {_at(new_words, path)}"
                    for path in differing_paths(old_words, new_words)
                ]
                return ", ".join(parts)

    def check(self, section: ScheduleSection, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        del capabilities, directory
        yield from check_clocks(section.settings)
        if section.type == EXPRESSION:
            for name in sorted(section.settings.keys() - {"type", "expression", STATE}):
                hint = "Take it out: such a schedule is its expression and nothing else."
                summary = f"a schedule of type {EXPRESSION} has no {name}"
                yield Complaint((name,), "invalid-value", summary, hint)
            if "expression" in section.settings:
                from . import quartz  # noqa: PLC0415 - as above

                try:
                    quartz.check(str(section.settings["expression"]))
                except quartz.QuartzError as error:
                    summary = f"not a Quartz expression: {error}"
                    yield Complaint(("expression",), "invalid-value", summary, WRITE_EXPRESSION)

    def check_whole(self, section: ScheduleSection) -> Iterable[Complaint]:
        # What a dataset does not say, its profile may.
        if section.type == EXPRESSION and "expression" not in section.settings:
            yield Complaint(("expression",), "invalid-value", "expression is missing", WRITE_EXPRESSION)
        if section.retry and section.retry.count and not section.retry.every:
            yield Complaint(
                ("retry",), "invalid-value", "retry.every is missing", 'Say how long to wait: "15 minutes".'
            )


def in_words(schedule: Schedule) -> str:
    """A schedule in one line: its type first, then its members."""
    settings = schedule.parsed
    rest = [f"{key} {_short(value)}" for key, value in settings.items() if key != "type"]
    retries = [f"{schedule.retry_count} retries every {schedule.retry_every}"] if schedule.retry_count else []
    return ", ".join([str(settings.get("type", "")), *rest, *retries])


def _at(value: Json, path: str) -> str:
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            value = None
    return _short(value)


def _short(value: Json) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else canonical(value)
