"""The numbers of a plan that every rendering shows, counted in one place."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from reconciler.core.changes import AnyChange
from reconciler.core.plan import AccessChange, DatasetPlan, Plan, Step
from reconciler.facets import BY_NAME


class Figures(Struct, frozen=True):
    """What a plan amounts to."""

    create: int
    update: int
    unchanged: int
    unread: int
    """Datasets without steps of which not everything could be read: nobody knows whether they differ."""
    gain: int
    """Principals, of all datasets, that get access to one they have none to; one may gain here and lose there."""
    lose: int
    change: int
    """Principals whose level changes where they keep access."""
    destructive: int
    """Changes that lose data."""
    reads_done: int
    """Requests that the complete reads took."""
    reads_total: int
    """The same and those of incomplete reads, at least one for each; equal to `reads_done` when all are complete."""


def figures(plan: Plan) -> Figures:
    """Count `plan`."""
    changed = plan.changed
    create = sum(dataset.action == "create" for dataset in changed)
    unread = sum(not (dataset.steps or known(dataset)) for dataset in plan.datasets)
    moves = tuple(access_changes(plan))
    done = sum(dataset.read.requests for dataset in plan.datasets if dataset.read and dataset.read.complete)
    missing = sum(
        max(1, dataset.read.requests if dataset.read else 0) for dataset in plan.datasets if not known(dataset)
    )
    return Figures(
        create=create,
        update=len(changed) - create,
        unchanged=len(plan.datasets) - len(changed) - unread,
        unread=unread,
        gain=_people(move for move in moves if move.before is None),
        lose=_people(move for move in moves if move.after is None),
        change=_people(move for move in moves if move.before is not None and move.after is not None),
        destructive=sum(1 for _ in destructive(plan)),
        reads_done=done,
        reads_total=done + missing,
    )


def known(dataset: DatasetPlan) -> bool:
    """Whether everything that `dataset`'s plan rests on was read."""
    return dataset.read is not None and dataset.read.complete


def access_changes(plan: Plan) -> Iterator[AccessChange]:
    """Whose access to what changes, dataset by dataset in the plan's order, then by principal."""
    for dataset in plan.datasets:
        moves = (move for move in dataset.access if move.before != move.after)
        yield from sorted(moves, key=lambda move: (move.principal, str(move.via), move.before or "", move.after or ""))


def destructive(plan: Plan) -> Iterator[tuple[Step, AnyChange]]:
    """The changes that lose data, each with its step."""
    for step in plan.steps:
        if step.risk == "destructive":
            facet = BY_NAME[step.address.facet]
            culprits = [change for change in step.changes if facet.risk((change,)) == "destructive"]
            yield from ((step, change) for change in culprits or step.changes)


def _people(moves: Iterator[AccessChange]) -> int:
    return len({(move.dataset.target, move.principal) for move in moves})
