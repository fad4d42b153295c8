"""What two trees know of a target's people, taken together: neither hides what the other says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias, TypeVar

from msgspec import Struct

from reconciler.core.principals import Directory, Group, Person, Principal

Entry = TypeVar("Entry", Person, Group)


class Home(Struct, frozen=True):
    """The domains of the organisation's own e-mail addresses; empty when nobody can tell."""

    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, directory: Directory) -> Home:
        """The one domain that more than half of the people with an address have."""
        counts = Counter(
            domain for person in directory.users.values() if not person.service and (domain := _domain(person.email))
        )
        best = counts.most_common(1)
        return cls(frozenset({best[0][0]} if best and best[0][1] * 2 > counts.total() else ()))

    def outside(self, person: Person) -> bool:
        """Whether `person` is known to have an address elsewhere."""
        domain = _domain(person.email)
        return bool(self.domains and domain) and domain not in self.domains


def _domain(email: str | None) -> str:
    return (email or "").rpartition("@")[2].strip().lower()


Members: TypeAlias = Mapping[Principal, frozenset[Principal]]
"""Of a group users that it is said to have, and itself where it counts beside them."""
Reach: TypeAlias = Callable[[Principal], frozenset[Principal]]
"""Who has what a user or group has."""


class Known(Struct, frozen=True):
    """The people of one target, as a base and a head together know them."""

    outsiders: frozenset[Principal]
    """Whom either gives an address elsewhere."""
    everyone: frozenset[Principal]
    """The groups that either says mean everybody."""
    _reached: Members
    """Who has what a group has."""
    _told: tuple[Members, ...]
    """The same as each of the two tells it; once where they tell the same."""
    _named: Mapping[Principal, Principal]

    @classmethod
    def of(cls, base: Directory, head: Directory, domains: frozenset[str]) -> Known:
        """What `base` and `head` know; `domains` are the organisation's, told from the base when empty."""
        home = Home(domains) if domains else Home.of(base if base.users else head)
        people = (person for tree in (base, head) for person in tree.users.values())
        outsiders = frozenset(Principal("user", each.id) for each in people if home.outside(each))
        both = united(base, head)
        users = [Principal("user", person.id, key) for key, person in both.users.items()]
        groups = [Principal("group", group.id, key) for key, group in both.groups.items()]
        everyone = frozenset(filter(both.is_everyone, groups))
        reached = {group: frozenset(both.reached(group)) for group in groups}
        told = [{group: reached[group] & {*tree.members(group), group} for group in groups} for tree in (base, head)]
        return cls(
            outsiders,
            everyone,
            reached,
            tuple(told[:1] if told[0] == told[1] else told),
            {principal: principal for principal in (*users, *groups)},
        )

    def reached(self, holder: Principal) -> frozenset[Principal]:
        """Who has what `holder` has: its members; the group itself where nobody lists it, or not all of it."""
        return _by(self._reached, holder)

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """`reached` as each tree tells it, the base first; one where both tell the same."""
        return tuple(partial(_by, members) for members in self._told)

    def named(self, principal: Principal) -> Principal:
        """`principal` under its name; a name that the head gives to somebody else does not stand for both."""
        return self._named.get(principal) or Principal(principal.kind, principal.id)


def _by(members: Members, holder: Principal) -> frozenset[Principal]:
    found = members.get(holder)
    return frozenset((holder,)) if found is None else found


def united(base: Directory, head: Directory) -> Directory:
    """Every user and group of either, and the members that either says a group has; all told apart by id."""
    users = _named(base.users, head.users)
    names = {person.id: name for name, person in users.items()}
    said: dict[str, list[tuple[Directory, Group]]] = defaultdict(list)
    for tree in (base, head):
        for group in tree.groups.values():
            said[group.id].append((tree, group))
    groups = {}
    for name, group in _named(base.groups, head.groups).items():
        ids = dict.fromkeys(
            tree.users[key].id for tree, each in said[group.id] for key in each.members if key in tree.users
        )
        members = tuple(names[identifier] for identifier in ids)
        groups[name] = Group(group.id, group.display, members, any(each.everyone for _, each in said[group.id]))
    return Directory(users, groups)


def _named(base: Mapping[str, Entry], head: Mapping[str, Entry]) -> dict[str, Entry]:
    """Each entry of either once; one whose name the head gives to somebody else goes by its id."""
    found = {key: entry for key, entry in base.items() if key not in head or head[key].id == entry.id}
    ids = {entry.id for entry in found.values()}
    found |= {key: entry for key, entry in head.items() if entry.id not in ids}
    ids = {entry.id for entry in found.values()}
    return found | {f"#{entry.id}": entry for entry in base.values() if entry.id not in ids}
