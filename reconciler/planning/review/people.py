"""Whose access to one dataset changes between two trees, in people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.core.principals import Directory, Principal
from reconciler.facets import Outlook, Outlooks, Situation, custody
from reconciler.facets.permissions import PermissionsSection, in_force

from .remarks import Home, remarks
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


def moves(old: View | None, new: View | None, directory: Directory, home: Home) -> Iterable[Move]:
    """What happens to each person, sorted; old or new is None where the tree has no manifest of the dataset.

    `directory` knows what either tree knows of people: it expands groups on both sides alike, because a list of
    members in Principals describes a group and changes nobody's membership.
    """
    views = [view for view in (old, new) if view is not None]
    before = _holds(custody.before(old.outlooks, old.situation), old, directory) if old else {}
    after = _holds(_after(old or new, new), new, directory) if new else {}
    for person in sorted({*before, *after}):
        had, has = before.get(person), after.get(person)
        kind = _kind(had, has, old, new)
        if kind is not None:
            told = remarks(person, had, has, [view.situation for view in views], home)
            # A name that the head gives to somebody else must not stand for both.
            named = directory.principal(person.kind, person.id)
            yield Move(views[-1].situation.address, named, kind, had, has, tuple(told))


def endings(view: View) -> Iterable[Ending]:
    """The grants in force that have a last day."""
    for grant in view.permissions.grants if view.permissions else ():
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
    return custody.after(outlooks, new.situation)


def _holds(holders: custody.Holders, view: View, directory: Directory) -> Mapping[Principal, Hold]:
    people = custody.people(holders, directory, view.situation.capabilities)
    # Who else is in such a group nobody lists, so it is named beside those whom somebody does.
    people |= {holder: (level, holder) for holder, level in holders.items() if directory.is_everyone(holder)}
    ends = {item.principal: item.until for item in endings(view)}
    return {
        person: Hold(level, holder if holder != person else None, ends.get(holder))
        for person, (level, holder) in people.items()
    }


def _kind(had: Hold | None, has: Hold | None, old: View | None, new: View | None) -> Kind | None:
    if had is None:
        created = new is not None and not new.situation.exists
        return "gain" if created or (old is not None and old.permissions is not None) else "declare"
    if has is None:
        governed = new.permissions if new else None
        return "lose" if governed is not None and governed.mode == "authoritative" else "release"
    if had.level != has.level:
        return "change"
    return "keep" if had != has else None
