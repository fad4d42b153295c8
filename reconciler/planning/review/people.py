"""Whose access to one dataset changes between two trees, in people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Final, TypeAlias

from msgspec import Struct

from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Principal
from reconciler.facets import Outlook, Outlooks, Situation, custody
from reconciler.facets.grants import PermissionsSection, in_force
from reconciler.facets.levels import rank
from reconciler.planning.reach import ending

from .known import Known, Reach
from .lasting import gives_more, lasting
from .remarks import remarks
from .values import Ending, Hold, Kind, Move


class View(Struct, frozen=True):
    """One dataset in one tree: what it should be, settled without live state."""

    situation: Situation
    outlooks: Outlooks

    @property
    def permissions(self) -> PermissionsSection | None:
        """Its grants, if they are governed."""
        section = self.situation.sections.get("permissions")
        return section if isinstance(section, PermissionsSection) else None

    @property
    def additive(self) -> bool:
        """Whether its grants are governed so that nobody has less than before by them."""
        return self.permissions is not None and self.permissions.mode == "additive"


def moves(old: View | None, new: View | None, known: Known) -> Iterable[Move]:
    """What happens to each person, sorted; old or new is None where the tree has no manifest of the dataset.

    Each tree's groups are expanded on both sides alike, because a list of members in Principals describes a group and
    changes nobody's membership. Where the trees tell a group otherwise, nobody knows which is right: neither hides what
    somebody gains or loses by the other.
    """
    situations = [view.situation for view in (old, new) if view is not None]
    before = _paths(custody.before(old.outlooks, old.situation), old) if old else {}
    after = _paths(_after(old or new, new), new) if new else {}
    differ = [holder for holder in {*before, *after} if before.get(holder) != after.get(holder)]
    people = frozenset(person for holder in differ for person in known.reached(holder))
    told = [
        [_holds(paths, people, known, reach, situations[-1]) for paths in (before, after)] for reach in known.reaches
    ]
    for person in sorted(people):
        found = [
            (kind, had, has)
            for had, has in ((had_by.get(person), has_by.get(person)) for had_by, has_by in told)
            if (kind := _kind(had, has, old, new))
        ]
        if not found:
            continue
        kind, had, has = _gravest(found, situations[-1].capabilities)
        more = _gives_more(had, has, situations[-1].capabilities)
        why = tuple(remarks(person, had, has, situations, known)) if has and more and kind != "release" else ()
        yield Move(situations[-1].address, known.named(person), kind, had, has, why)


Change: TypeAlias = tuple[Kind, Hold | None, Hold | None]
"""What happens, and what somebody had and has."""
GRAVITY: Final[tuple[Kind, ...]] = ("lose", "change", "gain", "extend", "declare", "release", "keep")


def _gravest(found: Sequence[Change], capabilities: Capabilities) -> Change:
    """Of what may happen to one person what gives most; where nothing gives more, what takes most."""
    more = [change for change in found if _gives_more(*change[1:], capabilities)]
    if not more:
        return min(found, key=lambda change: GRAVITY.index(change[0]))
    return reduce(lambda one, other: other if _gives_more(one[2], other[2], capabilities) else one, more)


def _gives_more(had: Hold | None, has: Hold | None, capabilities: Capabilities) -> bool:
    return has is not None and gives_more(has, had, capabilities)


def endings(view: View) -> Iterable[Ending]:
    """The grants in force that end."""
    situation = view.situation
    for principal, grant in ending(situation.sections, situation.directory):
        if grant.expires is not None and in_force(grant, situation.as_of):
            yield Ending(situation.address, principal, grant.access, grant.expires, grant.reason)


def _after(old: View | None, new: View) -> custody.Holders:
    """Who has access once an apply has been through, a former owner that the vendor leaves behind included."""
    known = old.outlooks if old else {}
    outlooks = {
        name: Outlook((), known[name].live if name in known else outlook.live, outlook.desired)
        for name, outlook in new.outlooks.items()
    }
    holders = custody.after(outlooks, new.situation)
    if not new.additive:
        return holders
    # Nothing drops a former owner from an additive list, so the entry that the vendor leaves behind stays.
    ungoverned = {name: outlook for name, outlook in outlooks.items() if name == "owner"}
    return {**custody.after(ungoverned, new.situation), **holders}


def _paths(holders: custody.Holders, view: View) -> Mapping[Principal, Hold]:
    """What each user and group holds in its own right."""
    ends = {item.principal: item.until for item in endings(view)}
    return {holder: Hold(level, None, ends.get(holder)) for holder, level in holders.items()}


def _holds(
    paths: Mapping[Principal, Hold],
    people: frozenset[Principal],
    known: Known,
    reach: Reach,
    situation: Situation,
) -> Mapping[Principal, Hold]:
    """What each of `people` has, by whichever path gives most."""
    found: dict[Principal, list[Hold]] = {}
    for holder in sorted(paths):
        for person in people & reach(holder):
            own = paths[holder]
            via = known.named(holder) if holder != person else None
            found.setdefault(person, []).append(own if via is None else Hold(own.level, via, own.until))
    return {person: lasting(several, situation.capabilities) for person, several in found.items()}


def _kind(had: Hold | None, has: Hold | None, old: View | None, new: View | None) -> Kind | None:
    if had is None:
        created = new is not None and not new.situation.exists
        return "gain" if created or (old is not None and old.permissions is not None) else "declare"
    if has is None:
        return "lose" if new is not None and new.permissions is not None and not new.additive else "release"
    if had == has or new is None:
        return None
    capabilities = new.situation.capabilities
    if had.level != has.level:
        lowered = rank(has.level, capabilities) < rank(had.level, capabilities)
        return "release" if lowered and new.additive and had.level != OWNER else "change"
    return "extend" if gives_more(has, had, capabilities) else "keep"
