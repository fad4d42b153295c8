"""Whose access to one dataset changes between two trees, in people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import attrgetter
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Principal
from reconciler.facets import Outlook, Outlooks, Situation, custody
from reconciler.facets.grants import PermissionsSection, in_force
from reconciler.facets.levels import rank
from reconciler.planning.reach import ending

from .known import Known, Reach
from .lasting import gives_more, lasting
from .remarks import Look
from .values import Ending, Hold, Kind, Move

ORDER: Final = attrgetter("kind", "id")
"""As principals compare, without asking them pair by pair: of a large review this is most of what is sorted."""


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


Doubt: TypeAlias = Literal["created", "elsewhere"]
"""Why two trees may mean two datasets.

created: the dataset got an id as an apply gives it to what it created · elsewhere: it got one in another way, or its
account is written in other words.
"""


def moves(old: View | None, new: View | None, known: Known, doubt: Doubt | None = None) -> Iterable[Move]:
    """What happens to each person, sorted; old or new is None where the tree has no manifest of the dataset.

    Each tree's groups are expanded on both sides alike, because a list of members in Principals describes a group and
    changes nobody's membership. Where the trees tell a group otherwise, nobody knows which is right: neither hides what
    somebody gains or loses by the other. With `doubt`, whatever `new` gives is told, for it may be given at another
    dataset, and who has less than `old` gives is, for it may be the same one.
    """
    situations = [view.situation for view in (old, new) if view is not None]
    before = _paths(custody.before(old.outlooks, old.situation), old) if old else {}
    after = _paths(_after(old or new, new), new) if new else {}
    differ = [holder for holder in {*before, *after} if doubt or before.get(holder) != after.get(holder)]
    if not differ:
        return
    people = frozenset(person for holder in differ for person in known.reached(holder))
    told = [
        [_holds(paths, people, known, reach, situations[-1]) for paths in (before, after)] for reach in known.reaches
    ]
    look = Look.at(situations, known)
    for person in sorted(people, key=ORDER):
        pairs = ((had_by.get(person), has_by.get(person)) for had_by, has_by in told)
        found = [change for had, has in pairs if (change := _change(had, has, old, new, doubt))]
        if found:
            yield _move(person, _gravest(found, situations[-1].capabilities), situations[-1], look)


class Change(Struct, frozen=True):
    """What happens to one person, as one of the trees expands groups."""

    kind: Kind
    had: Hold | None
    has: Hold | None
    seen: Hold | None
    """What somebody has looked at before: what a dataset that was still to be created gives has been then."""


def _move(person: Principal, change: Change, situation: Situation, look: Look) -> Move:
    has, seen = change.has, change.seen
    more = change.kind != "release" and _gives_more(seen, has, situation.capabilities)
    why = tuple(look.remarks(person, seen, has)) if has and more else ()
    return Move(situation.address, look.known.named(person), change.kind, change.had, has, why)


GRAVITY: Final[tuple[Kind, ...]] = ("lose", "change", "gain", "extend", "declare", "release", "keep")


def _change(
    had: Hold | None, has: Hold | None, old: View | None, new: View | None, doubt: Doubt | None
) -> Change | None:
    kind = _kind(had, has, old, new)
    seen = None if doubt == "elsewhere" else had
    if doubt and has and new and not (kind == "change" and had and _lowered(had, has, new.situation)):
        return Change("declare", None, has, seen)
    return Change(kind, had, has, seen) if kind else None


def _gravest(found: Sequence[Change], capabilities: Capabilities) -> Change:
    """Of what may happen to one person what gives most; where nothing gives more, what takes most."""
    if len(found) == 1:
        return found[0]
    more = [change for change in found if _gives_more(change.had, change.has, capabilities)]
    if not more:
        return min(found, key=lambda change: GRAVITY.index(change.kind))
    return reduce(lambda one, other: other if _gives_more(one.has, other.has, capabilities) else one, more)


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
    for holder in sorted(paths, key=ORDER):
        own = paths[holder]
        for person in people & reach(holder):
            via = known.named(holder) if holder != person else None
            found.setdefault(person, []).append(own if via is None else Hold(own.level, via, own.until))
    return {person: lasting(several, situation.capabilities) for person, several in found.items()}


def _kind(had: Hold | None, has: Hold | None, old: View | None, new: View | None) -> Kind | None:
    if had is None:
        created = new is not None and not new.situation.exists
        return "gain" if created or (old is not None and old.permissions is not None) else "declare"
    if had != has and new is not None and had.level == OWNER and "owner" not in new.outlooks:
        return "release"  # Only another owner ends ownership; to a list of grants, its entry is none.
    if has is None:
        return "lose" if new is not None and new.permissions is not None and not new.additive else "release"
    if had == has or new is None:
        return None
    if had.level != has.level:
        lowered = _lowered(had, has, new.situation)
        return "release" if lowered and new.additive and had.level != OWNER else "change"
    return "extend" if gives_more(has, had, new.situation.capabilities) else "keep"


def _lowered(had: Hold, has: Hold, situation: Situation) -> bool:
    return rank(has.level, situation.capabilities) < rank(had.level, situation.capabilities)
