"""Whose access to one dataset changes between two trees, in people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.core.ports import OWNER
from reconciler.core.principals import Directory, Principal
from reconciler.facets import Outlook, Outlooks, Situation, custody
from reconciler.facets.permissions import PermissionsSection, in_force, rank

from .known import Known
from .lasting import gives_more, lasting
from .remarks import remarks
from .values import Ending, Hold, Kind, Move


@dataclass(frozen=True, slots=True)
class View:
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

    `known` expands groups on both sides alike, because a list of members in Principals describes a group and changes
    nobody's membership.
    """
    views = [view for view in (old, new) if view is not None]
    before = _holds(custody.before(old.outlooks, old.situation), old, known.directory) if old else {}
    after = _holds(_after(old or new, new), new, known.directory) if new else {}
    for person in sorted({*before, *after}):
        had, has = before.get(person), after.get(person)
        kind = _kind(had, has, old, new)
        if kind is None:
            continue
        situations = [view.situation for view in views]
        more = has is not None and gives_more(has, had, situations[-1].capabilities)
        told = tuple(remarks(person, had, has, situations, known)) if has and more and kind != "release" else ()
        # A name that the head gives to somebody else must not stand for both.
        named = known.directory.principal(person.kind, person.id)
        yield Move(situations[-1].address, named, kind, had, has, told)


def endings(view: View) -> Iterable[Ending]:
    """The grants in force that have a last day; what an additive list grants is never taken away."""
    for grant in view.permissions.grants if view.permissions and not view.additive else ():
        principal = view.situation.directory.resolve(grant.principal)
        if principal is not None and grant.expires and in_force(grant, view.situation.as_of):
            yield Ending(view.situation.address, principal, grant.access, grant.expires, grant.reason)


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


def _holds(holders: custody.Holders, view: View, directory: Directory) -> Mapping[Principal, Hold]:
    ends = {item.principal: item.until for item in endings(view)}
    paths: dict[Principal, list[Hold]] = {}
    for holder, level in sorted(holders.items()):
        people = directory.members(holder)
        # Who else is in such a group nobody lists, so it is named beside those whom somebody does.
        for person in people if people and not directory.is_everyone(holder) else (*people, holder):
            via = holder if holder != person else None
            paths.setdefault(person, []).append(Hold(level, via, ends.get(holder)))
    return {person: lasting(found, view.situation.capabilities) for person, found in paths.items()}


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
