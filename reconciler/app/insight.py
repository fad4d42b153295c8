"""What a vendor knows around the datasets of a plan: what a dropped column would break, who moved what, what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Drop, Modify
from reconciler.core.diagnostics import Code, Diagnostic, ordered
from reconciler.core.insight import Event, Insight
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import DatasetRef, ProviderError, Reader
from reconciler.core.principals import Principal
from reconciler.planning import Desired

from .crew import crew

T = TypeVar("T")

LOOK_BACK = timedelta(days=30)
FAILING = 3
"""So many failed runs in a row are no accident."""

CODES: tuple[Code, ...] = (
    Code(
        "impact-unknown",
        "What reads a dataset whose columns go could not be read.",
        "The plan stands, but nobody knows which cards it would break. Plan again, or look at the vendor.",
    ),
    Code(
        "changed-by",
        "Who changed a dataset that differs from its manifest, and when.",
        "As the vendor remembers it: for each facet that differs the last change that can be about it, by the vendor's "
        "words. `likely`: one person changed the dataset since the reconciler last changed that facet. `possible`: "
        "several did, or it is not known when the reconciler did. The history does not say which change led to which "
        "difference.",
    ),
    Code("history-unread", "Who changed a dataset could not be read.", "What differs is known; who did it is not."),
    Code(
        "schedule-failing",
        "The last runs of a dataset's schedule all failed.",
        "The schedule is as its manifest says, and the data is not renewed. Look at the runs of the stream.",
    ),
)


def with_impact(plan: Plan, readers: Mapping[str, Reader], workers: int) -> Plan:
    """`plan` with what reads each dataset that loses a column, or calls it otherwise."""
    going = [dataset for dataset in plan.datasets if dataset.id is not None and _columns_go(dataset)]
    found = _each(going, readers, workers, lambda dataset, insight: insight.dependents(_ref(dataset)), "impact-unknown")
    problems = [answer for answer in found.values() if isinstance(answer, Diagnostic)]
    datasets = []
    for dataset in plan.datasets:
        answer = found.get(dataset.address)
        datasets.append(replace(dataset, impact=answer) if isinstance(answer, tuple) else dataset)
    return replace(plan, datasets=tuple(datasets), diagnostics=ordered([*plan.diagnostics, *problems]))


def with_news(plan: Plan, wanted: Desired, readers: Mapping[str, Reader], workers: int, now: datetime) -> Plan:
    """`plan` with findings about who changed what differs, and about managed schedules whose runs fail."""
    since = now - LOOK_BACK
    told: list[Diagnostic] = []
    changed = [dataset for dataset in plan.changed if dataset.id is not None]
    read = _each(
        changed, readers, workers, lambda each, insight: insight.events(_ref(each), since, now), "history-unread"
    )
    for dataset in changed:
        told += _changed_by(dataset, read.get(dataset.address), wanted.targets[dataset.address.target].actor)
    scheduled = {each.address for each in wanted.datasets if "schedule" in each.sections}
    filled = [each for each in plan.datasets if each.address in scheduled and each.id is not None and each.read]
    runs = _each(filled, readers, workers, lambda each, insight: insight.runs(_ref(each), FAILING), "history-unread")
    for dataset in filled:
        told += _failing(dataset, runs.get(dataset.address))
    return replace(plan, diagnostics=ordered([*plan.diagnostics, *told]))


def _each(
    datasets: Iterable[DatasetPlan],
    readers: Mapping[str, Reader],
    workers: int,
    ask: Callable[[DatasetPlan, Insight], tuple[T, ...] | None],
    code: str,
) -> dict[object, tuple[T, ...] | Diagnostic | None]:
    """Each dataset's answer; a failure is a warning in its place, for no plan rests on it."""

    def answer(dataset: DatasetPlan) -> tuple[T, ...] | Diagnostic | None:
        reader = readers[dataset.address.target]
        if not isinstance(reader, Insight):
            return None
        try:
            return ask(dataset, reader)
        except ProviderError as error:
            return Diagnostic(code, "warning", error.summary, dataset.address, error.hint)

    asked = list(datasets)
    with crew(workers, "insight") as pool:
        return {dataset.address: found for dataset, found in zip(asked, pool.map(answer, asked), strict=True)}


def _columns_go(dataset: DatasetPlan) -> bool:
    changes = [change for step in dataset.steps if step.address.facet == "schema" for change in step.changes]
    return any(
        isinstance(change, Drop) or (isinstance(change, Modify) and change.before.key != change.after.key)
        for change in changes
    )


def _changed_by(
    dataset: DatasetPlan, events: tuple[Event, ...] | Diagnostic | None, actor: Principal | None
) -> Iterable[Diagnostic]:
    if isinstance(events, Diagnostic):
        yield events
        return
    for facet in dict.fromkeys(step.address.facet for step in dataset.steps):
        yield from _facet_changed_by(dataset.address.of(facet), events or (), actor)


def _facet_changed_by(address: Address, events: Sequence[Event], actor: Principal | None) -> Iterable[Diagnostic]:
    """Whose change is the last that can be about a facet, unless it is our own."""
    fitting = [(place, event) for place, event in enumerate(events) if event.may_be_about(address.facet)]
    if not fitting or (last := fitting[0][1]).who == actor:
        return
    ours = next((place for place, event in fitting if event.who == actor), None)
    people = {event.who for event in events[:ours] if event.who != actor}
    sure = "likely" if ours is not None and len(people) == 1 else "possible"
    summary = f"{last.who} changed it at {last.at:%Y-%m-%d %H:%M} UTC ({sure}): {last.what}"
    # What may be about anything is told of the dataset, once for all that differs in it.
    yield Diagnostic("changed-by", "info", summary, address if last.about else address.whole)


def _failing(dataset: DatasetPlan, runs: object) -> Iterable[Diagnostic]:
    if isinstance(runs, Diagnostic):
        yield runs
    elif isinstance(runs, tuple) and len(runs) == FAILING and all(run.failed for run in runs):
        when = f", the last at {runs[0].at:%Y-%m-%d %H:%M} UTC" if runs[0].at else ""
        summary = f"the last {FAILING} runs of its schedule failed{when}"
        hint = "The data is not renewed. Look at the runs of the stream."
        yield Diagnostic("schedule-failing", "warning", summary, dataset.address.of("schedule"), hint)


def _ref(dataset: DatasetPlan) -> DatasetRef:
    return DatasetRef(dataset.address, dataset.id or "")
