"""What an apply did, as whoever takes it back has to know it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.changes import AnyChange, Elements, Modify
from reconciler.core.plan import DatasetPlan, Step
from reconciler.facets import BY_NAME
from reconciler.facets.effects import among, carried, keys, made, strayed


class Deed(Struct, frozen=True):
    """One step, with the changes that took effect: what was found before it and read back after it."""

    step: Step
    before: Elements
    after: Elements
    done: bool = True
    """False: it held already, or nothing took effect."""

    @classmethod
    def of(cls, step: Step, before: Elements, after: Elements) -> Self:
        """What a step did: the changes that hold now, and did not before.

        What is lost is lost, whatever is there in its place: of a change that nothing takes back, that counts, too.
        """
        gone = [change for change in strayed(step, before, after) if not returns(step.address.facet, change)]
        changes = tuple(filter(among((*made(step, before, after), *gone)), step.changes))
        return cls(replace(step, changes=changes), before, after, done=bool(changes))


class Doubt(Struct, frozen=True):
    """Changes that may be ours and may be somebody else's."""

    step: Step
    why: str
    """What nobody knows, in words."""

    @classmethod
    def of_strayed(cls, step: Step, before: Elements, after: Elements) -> Iterator[Self]:
        """The changes that are neither as they were nor as they were to be, where they could be taken back."""
        changes = strayed(step, before, after)
        if found := tuple(change for change in changes if returns(step.address.facet, change)):
            why = "this is neither as it was nor as planned, and nobody knows by whom"
            yield cls(replace(step, changes=found), why)


class Deeds(Struct, frozen=True):
    """What an apply did to one dataset."""

    dataset: DatasetPlan
    id: str
    deeds: tuple[Deed, ...]
    created: bool = False
    """It was created by this apply."""
    doubts: tuple[Doubt, ...] = ()


def found_by(done: Sequence[Deed]) -> Elements:
    """The facet as the first of `done` found it; what only a later one touched, as that one did.

    What several steps did before an apply was killed, each found by itself: the first one's state lacks the others'.
    """
    base, touched = done[0].before, frozenset[str]()
    for deed in done:
        mine = frozenset[str]().union(*map(keys, deed.step.changes)) - touched
        known = frozenset(item.key for item in (*base, *deed.before))
        base, touched = carried(base, deed.before, known - mine), touched | mine
    return base


def returns(name: str, change: AnyChange) -> bool:
    """Whether anything of `change` can be taken back; a dropped column comes back, without what was in it."""
    facet = BY_NAME[name]
    if facet.reversible((change,)) or name == "schema":
        return True
    return isinstance(change, Modify) and facet.put_back(change.before, change.after) != change.after
