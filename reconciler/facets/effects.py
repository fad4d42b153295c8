"""What came of the changes of a step between two looks at its facet. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reconciler.core.changes import AnyChange, Elements, after, before
from reconciler.core.plan import Step

from . import BY_NAME


def holding(step: Step, found: Elements) -> tuple[AnyChange, ...]:
    """The changes of `step` that hold in `found`."""
    facet = BY_NAME[step.address.facet]
    return tuple(filter(facet.holding(found, step.desired), step.changes))


def made(step: Step, old: Elements, new: Elements) -> tuple[AnyChange, ...]:
    """The changes of `step` that hold in `new` and did not in `old`."""
    there = among(holding(step, old))
    return tuple(change for change in holding(step, new) if not there(change))


def strayed(step: Step, old: Elements, new: Elements) -> tuple[AnyChange, ...]:
    """The changes of `step` that do not hold in `new`, and whose elements are not as they were in `old`, either."""
    there = among(holding(step, new))
    past, now = ({item.key: item for item in elements} for elements in (old, new))
    return tuple(
        change
        for change in step.changes
        if not there(change) and any(past.get(key) != now.get(key) for key in keys(change))
    )


def among(changes: Iterable[AnyChange]) -> Callable[[AnyChange], bool]:
    """Whether a change is one of these objects: all are of one step; to compare each with each takes seconds."""
    there = frozenset(map(id, changes))
    return lambda change: id(change) in there


def keys(change: AnyChange) -> frozenset[str]:
    """The keys of the elements that `change` is about: a renamed one has two."""
    return frozenset(element.key for element in (before(change), after(change)) if element is not None)


def carried(old: Elements, new: Elements, kept: frozenset[str]) -> Elements:
    """`new`, but for the elements of the keys in `kept`, which are as in `old`; in the order of `old`."""
    now = {item.key: item for item in new}
    known = {item.key for item in old} | kept
    first = (item if item.key in kept else now.get(item.key) for item in old)
    return (*(item for item in first if item is not None), *(item for item in new if item.key not in known))
