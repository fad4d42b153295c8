"""Who can hold access: users and groups, by the vendor's id, with the names people know them by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, TypeAlias, cast

from msgspec import Struct, field

Kind: TypeAlias = Literal["user", "group"]


class Principal(Struct, frozen=True):
    """A user or a group of one target. Two are equal when kind and id are, whatever they are called."""

    kind: Kind
    id: str
    """The vendor's id."""
    name: str | None = None
    """Key of its entry in the target's `Principals`, if it has one. For display only."""

    @property
    def key(self) -> str:
        """Kind and id, whatever it is called."""
        return f"{self.kind}:#{self.id}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Principal):
            return NotImplemented
        return self.id == other.id and self.kind == other.kind

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Principal):
            return NotImplemented
        return (self.kind, self.id) < (other.kind, other.id)

    def __hash__(self) -> int:
        return hash((self.kind, self.id))

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else f"{self.kind}:#{self.id}"


class Person(Struct, frozen=True):
    """What `Principals` says of one user."""

    id: str
    display: str | None = None
    email: str | None = None
    service: bool = False
    """A machine account: never counts as a human owner."""


class Group(Struct, frozen=True):
    """What `Principals` says of one group."""

    id: str
    display: str | None = None
    members: tuple[str, ...] = ()
    """Keys of the users in it."""
    everyone: bool = False
    """Whoever has an account is in it, whatever `members` says."""


class Directory(Struct, frozen=True, dict=True):
    """The users and groups one target's `Principals` name."""

    users: Mapping[str, Person] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    @cached_property
    def _resolved(self) -> dict[str, Principal | None]:
        """What references were found to mean: the same few people are named in thousands of manifests."""
        return {}

    @cached_property
    def _keys(self) -> Mapping[tuple[Kind, str], str]:
        """The key of each entry by kind and id; where two have one id, the first."""
        keys: dict[tuple[Kind, str], str] = {}
        for key, person in self.users.items():
            keys.setdefault(("user", person.id), key)
        for key, group in self.groups.items():
            keys.setdefault(("group", group.id), key)
        return keys

    @cached_property
    def _crowds(self) -> frozenset[str]:
        """The ids of the groups that are everybody; if a group has several entries, one that says so is enough."""
        return frozenset(group.id for group in self.groups.values() if group.everyone)

    def resolve(self, reference: str) -> Principal | None:
        """The principal that `user:KEY`, `group:KEY`, `user:#ID` or `group:#ID` means; None if no entry has the key."""
        known = self._resolved
        if reference not in known:
            known[reference] = self._resolve(reference)
        return known[reference]

    def _resolve(self, reference: str) -> Principal | None:
        kind, _, key = reference.partition(":")
        if kind not in {"user", "group"} or not key:
            return None
        if key.startswith("#"):
            return self.principal(cast("Kind", kind), key[1:]) if len(key) > 1 else None
        entry = (self.users if kind == "user" else self.groups).get(key)
        return Principal(cast("Kind", kind), entry.id, key) if entry else None

    def principal(self, kind: Kind, identifier: str) -> Principal:
        """The principal with the vendor's `identifier`, named when the directory knows it."""
        return Principal(kind, identifier, self._keys.get((kind, identifier)))

    def members(self, principal: Principal) -> tuple[Principal, ...]:
        """The users in a group, as far as the directory says; a user is its own only member."""
        if principal.kind == "user":
            return (principal,)
        group = self._keys.get(("group", principal.id))
        keys = self.groups[group].members if group is not None else ()
        return tuple(Principal("user", self.users[key].id, key) for key in keys if key in self.users)

    def reached(self, holder: Principal) -> tuple[Principal, ...]:
        """Who has what `holder` has: its members; the group itself where nobody lists them, or not all of them."""
        members = self.members(holder)
        return members if members and not self.is_everyone(holder) else (*members, holder)

    def is_person(self, principal: Principal) -> bool:
        """Whether a human being stands behind `principal`; what the directory does not know counts as one."""
        if principal.kind == "group":
            return True
        user = self._keys.get(("user", principal.id))
        return user is None or not self.users[user].service

    def is_everyone(self, principal: Principal) -> bool:
        """Whether `principal` is a group that means everybody with an account."""
        return principal.kind == "group" and principal.id in self._crowds

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every reference a manifest may use, sorted."""
        return tuple(sorted([f"user:{key}" for key in self.users] + [f"group:{key}" for key in self.groups]))
