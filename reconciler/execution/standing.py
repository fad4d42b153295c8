"""How what is live now relates to what a step was planned on. Pure."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from reconciler.core.changes import AnyChange, Drop, Elements, before
from reconciler.core.plan import Step
from reconciler.facets import BY_NAME

Standing: TypeAlias = Literal["pending", "done", "moved"]


class Moved(Struct, frozen=True):
    """A change whose starting point is gone."""

    change: AnyChange
    found: str
    """What is there instead, in words."""


def standing(step: Step, found: Elements) -> Standing:
    """done: every change already holds · moved: one neither holds nor can start · pending: else."""
    if all(map(BY_NAME[step.address.facet].holding(found, step.desired), step.changes)):
        return "done"
    return "moved" if moved(step, found) else "pending"


def moved(step: Step, found: Elements) -> tuple[Moved, ...]:
    """The changes of `step` that neither hold nor start from what was found."""
    facet = BY_NAME[step.address.facet]
    holds = facet.holding(found, step.desired)
    state = {element.key: element for element in found}
    gone = []
    for change in step.changes:
        old = before(change)
        present = state.get(old.key if old else change.key)
        if not holds(change) and not facet.starts_from(change, present):
            words = "nothing" if present is None else facet.describe(Drop(present))
            gone.append(Moved(change, words))
    return tuple(gone)
