"""Steps and states in manifest words, for journals and audit lines."""

from __future__ import annotations

from typing import Literal, TypeAlias

from reconciler.core.changes import Add, Drop, Element, Elements, after, before
from reconciler.core.plan import Step
from reconciler.core.words import Json
from reconciler.facets import BY_NAME
from reconciler.facets.effects import made, strayed

from .outcomes import Applied, Failed

State: TypeAlias = Literal["done", "refused", "partly", "uncertain"]
"""What became of what was sent. partly: known, and only some of it is done, be it half of a change, such as
a partition without its data."""


def state_of(outcome: Applied | Failed) -> State:
    """What became of what was sent for a step, in one word."""
    if isinstance(outcome, Applied):
        return "done" if outcome.refused is None else "refused"
    if outcome.uncertain:
        return "uncertain"
    if outcome.before is None or outcome.after is None:
        return "refused"
    now = outcome.step, outcome.before, outcome.after
    return "partly" if made(*now) or strayed(*now) else "refused"


def element_words(step: Step, elements: Elements) -> list[Json]:
    """A facet's elements, each as a manifest would say it."""
    facet = BY_NAME[step.address.facet]
    return [facet.words(element) for element in elements]


def change_words(step: Step) -> list[Json]:
    """The changes of a step: what is added, dropped or modified, with both values."""
    facet = BY_NAME[step.address.facet]

    def words(element: Element | None) -> Json:
        return None if element is None else facet.words(element)

    told: list[Json] = []
    for change in step.changes:
        verb = "add" if isinstance(change, Add) else "drop" if isinstance(change, Drop) else "modify"
        told.append({"op": verb, "key": change.key, "before": words(before(change)), "after": words(after(change))})
    return told
