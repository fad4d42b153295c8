"""Walk a plan: datasets side by side, steps of one dataset in order.

A failed step stops what needs it and nothing else; the reason is told once, at its root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.plan import DatasetPlan, Plan, Step
from reconciler.core.ports import DatasetRef

from .brake import Brake
from .containing import contained
from .outcomes import Failed, Outcome, Skipped
from .performers import Performer


class Observer(Protocol):
    """Is told what happens, from any thread, one call at a time."""

    def began(self, step: Step) -> None:
        """A step is about to be performed."""
        ...

    def settled(self, outcome: Outcome) -> None:
        """A step came to its end."""
        ...


def execute(
    plan: Plan,
    performers: Mapping[str, Performer],
    observer: Observer,
    brake: Brake,
    workers: int = 1,
    born: Callable[[Address, str], None] = lambda _address, _identifier: None,
) -> tuple[Outcome, ...]:
    """Perform every step of `plan`.

    Args:
        plan: what to do; whether it may be done is decided before.
        performers: one for each target.
        observer: is told of each outcome as it comes.
        brake: says when no further step is begun; the ones in flight are settled.
        workers: datasets worked on at the same time.
        born: is told the id of a created dataset before anything else is done to it.

    Returns:
        One outcome for each step, in plan order.
    """
    told = _OneAtATime(observer, threading.Lock())

    def work(dataset: DatasetPlan) -> tuple[Outcome, ...]:
        return tuple(_Walk(dataset, performers[dataset.address.target], told, brake, born).outcomes())

    changed = plan.changed
    if workers == 1:
        results = [work(dataset) for dataset in changed]
    else:
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="apply") as pool:
            results = list(pool.map(work, changed))
    return tuple(outcome for outcomes in results for outcome in outcomes)


class _Walk(Struct):
    """The way through the steps of one dataset."""

    dataset: DatasetPlan
    performer: Performer
    observer: Observer
    brake: Brake
    born: Callable[[Address, str], None]

    def outcomes(self) -> Iterator[Outcome]:
        roots: dict[str, str] = {}
        identifier = self.dataset.id
        begun = False
        for index, step in enumerate(self.dataset.steps):
            outcome = self._held(step, roots, begun=begun) or self._performed(step, identifier)
            begun = begun or not isinstance(outcome, Skipped)
            if isinstance(outcome, Failed):
                outcome = replace(outcome, blocks=_blocked(step, self.dataset.steps[index + 1 :]))
                roots |= dict.fromkeys(outcome.blocks, step.id)
                self.brake.feel(outcome)
            if not isinstance(outcome, Skipped) and outcome.created is not None:
                identifier = outcome.created
                self.born(self.dataset.address, identifier)
            self.observer.settled(outcome)
            yield outcome

    def _held(self, step: Step, roots: Mapping[str, str], *, begun: bool) -> Skipped | None:
        reason = roots.get(step.id) or self.brake.reason(step.address.target, begun=begun)
        return Skipped(step, reason) if reason else None

    def _performed(self, step: Step, identifier: str | None) -> Outcome:
        self.observer.began(step)
        if identifier is None:
            return contained(step, lambda: self.performer.create(step))
        return contained(step, lambda: self.performer.perform(DatasetRef(self.dataset.address, identifier), step))


def _blocked(failed: Step, later: Sequence[Step]) -> tuple[str, ...]:
    """The later steps of a dataset that need `failed`, directly or through others."""
    stopped = [failed.id]
    for step in later:
        if any(need in stopped for need in step.needs):
            stopped.append(step.id)
    return tuple(stopped[1:])


class _OneAtATime(Struct, frozen=True):
    """An observer that is told of one thing after the other."""

    observer: Observer
    lock: threading.Lock

    def began(self, step: Step) -> None:
        with self.lock:
            self.observer.began(step)

    def settled(self, outcome: Outcome) -> None:
        with self.lock:
            self.observer.settled(outcome)
