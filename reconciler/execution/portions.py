"""What of a step is still to be done, and in which parts: for changes that cannot be undone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from reconciler.core.changes import Elements
from reconciler.core.plan import Step
from reconciler.facets import BY_NAME

SecondLook: TypeAlias = Callable[[Step, Elements], Mapping[str, str]]
"""The changes of a step that what was found just now, and the manifests as they are now, no longer ask for: by key,
with the reason. A step may have been planned long ago."""


def no_second_look(step: Step, found: Elements) -> Mapping[str, str]:
    """Everything that was planned is still wanted."""
    del step, found
    return {}


def narrowed(step: Step, found: Elements, look: SecondLook) -> tuple[Step, tuple[str, ...]]:
    """`step` without what is no longer wanted, and what that is, in words; never more than `step`."""
    outdated = look(step, found)
    if not outdated:
        return step, ()
    facet = BY_NAME[step.address.facet]
    left = tuple(change for change in step.changes if change.key not in outdated)
    spared = [change for change in step.changes if change.key in outdated]
    return replace(step, changes=left), tuple(f"{facet.describe(change)} ({outdated[change.key]})" for change in spared)


def portions(step: Step) -> Iterator[Step]:
    """`step` in the parts that are written one after the other."""
    size = BY_NAME[step.address.facet].most_at_once or max(1, len(step.changes))
    for start in range(0, len(step.changes), size):
        yield replace(step, changes=step.changes[start : start + size])
