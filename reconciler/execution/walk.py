"""Walk a plan: datasets side by side, steps of one dataset in order.

A failed step stops what needs it and nothing else; the reason is told once, at its root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from reconciler.core.address import Address
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import DatasetRef

from .outcomes import Applied, Failed, Outcome, Skipped
from .performers import Performer


class Observer(Protocol):
    """Is told what happens, from any thread, one call at a time."""

    def settled(self, outcome: Outcome) -> None:
        """A step came to its end."""
        ...


INTERRUPTED = "interrupted"


def execute(
    plan: Plan,
    performers: Mapping[str, Performer],
    observer: Observer,
    stop: threading.Event,
    workers: int = 1,
    born: Callable[[Address, str], None] = lambda _address, _identifier: None,
) -> tuple[Outcome, ...]:
    """Perform every step of `plan`.

    Args:
        plan: what to do; whether it may be done is decided before.
        performers: one for each target.
        observer: is told of each outcome as it comes.
        stop: once set, no further step is begun; the ones in flight are settled.
        workers: datasets worked on at the same time.
        born: is told the id of a created dataset before anything else is done to it.

    Returns:
        One outcome for each step, in plan order.
    """
    notify = _one_at_a_time(observer)

    def work(dataset: DatasetPlan) -> tuple[Outcome, ...]:
        return _dataset(dataset, performers[dataset.address.target], notify, stop, born)

    changed = plan.changed
    if workers == 1:
        results = [work(dataset) for dataset in changed]
    else:
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="apply") as pool:
            results = list(pool.map(work, changed))
    return tuple(outcome for outcomes in results for outcome in outcomes)


def _dataset(
    dataset: DatasetPlan,
    performer: Performer,
    notify: Callable[[Outcome], None],
    stop: threading.Event,
    born: Callable[[Address, str], None],
) -> tuple[Outcome, ...]:
    outcomes: list[Outcome] = []
    roots: dict[str, str] = {}
    identifier = dataset.id
    for step in dataset.steps:
        outcome: Outcome
        if blocker := _blocker(step.needs, roots):
            roots[step.id] = blocker
            outcome = Skipped(step, blocker)
        elif stop.is_set():
            outcome = Skipped(step, INTERRUPTED)
        elif identifier is None:
            outcome = performer.create(step)
            if isinstance(outcome, Applied) and outcome.created is not None:
                identifier = outcome.created
                born(dataset.address, identifier)
        else:
            outcome = performer.perform(DatasetRef(dataset.address, identifier), step)
        if isinstance(outcome, Failed):
            roots[step.id] = step.id
        outcomes.append(outcome)
        notify(outcome)
    return tuple(outcomes)


def _blocker(needs: Sequence[str], roots: Mapping[str, str]) -> str | None:
    """The step whose failure stops one that has `needs`."""
    return next((roots[need] for need in needs if need in roots), None)


def _one_at_a_time(observer: Observer) -> Callable[[Outcome], None]:
    lock = threading.Lock()

    def notify(outcome: Outcome) -> None:
        with lock:
            observer.settled(outcome)

    return notify
