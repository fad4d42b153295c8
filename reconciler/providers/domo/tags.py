"""Tags at Domo: in the metadata or at an endpoint of their own; POST adds them or replaces them all."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.core.changes import Element, apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.facets.tags import Tag

from .dataset import Dataset
from .wire import tags_of

ENDPOINT = "tags"


def to_elements(wire: object) -> tuple[Tag, ...]:
    """The tags in any of the forms in which Domo sends them."""
    return tuple(Tag(name) for name in sorted(set(tags_of(wire))))


def to_wire(elements: Iterable[Element]) -> list[str]:
    """The names of tags."""
    return sorted(element.key for element in elements)


def read(dataset: Dataset) -> FacetState:
    """The metadata of some servers have them; without any, an absent key means none where nothing else can be asked."""
    wire = dataset.metadata.tags or dataset.whole_metadata.tags
    if wire is None:
        wire = dataset.maybe(ENDPOINT, dataset.api.tags)
        if wire is not None:
            dataset.rest_on(ENDPOINT, wire)
    return FacetState(to_elements(wire), wire)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Right whether POST adds or replaces, and without touching tags that came since the plan."""
    before, after = set(to_wire(found.elements)), set(to_wire(apply(found.elements, step.changes)))
    dropped, added = sorted(before - after), after - before
    if dropped and dataset.has(ENDPOINT, dataset.api.tags):
        dataset.api.delete_tags(dataset.id, dropped)
        dropped = []
    if not dropped and not added:
        return
    answer = dataset.api.post_tags(dataset.id, sorted(after))
    if dropped and not answer.handed:
        left = {tag.name for tag in to_elements(dataset.api.metadata(dataset.id).tags)}
        if still := [name for name in dropped if name in left]:
            dataset.api.bulk_delete_tags(dataset.id, still)
