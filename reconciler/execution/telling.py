"""Steps and states in manifest words, for journals and audit lines."""

from __future__ import annotations

from reconciler.core.changes import Add, Drop, Element, Elements, after, before
from reconciler.core.plan import Step
from reconciler.core.words import Json
from reconciler.facets import BY_NAME


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
