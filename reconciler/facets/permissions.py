"""Permissions: which users and groups hold which access to a dataset.

The owner's own entry in the access list is not a grant: it belongs to the facet `owner` and is left alone here. When
the owner changes, the former owner's entry becomes a grant like any other: vendors leave it behind at some level, and
it is settled in the same run, after the hand-over.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import Risk
from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Directory, Principal
from reconciler.core.words import Json, mapping

from .ends import check_ends, never_ending
from .facet import Complaint, Facet, ItemKey, Situation
from .grants import GrantModel, PermissionsSection, in_force
from .levels import highest, lowers, rank, unknown_level
from .owner import Owner, OwnerSection, resigns
from .repeats import repeated
from .suggest import did_you_mean
from .who import (
    in_manifest,
    one_spelling,
    principal_facts,
    principal_words,
    read_principal,
    unknown_principal,
)


class Grant(Struct, frozen=True):
    """One principal's entry in the access list."""

    principal: Principal
    access: str

    @property
    def key(self) -> str:
        """Kind and id of the principal, whatever it is called."""
        return self.principal.key


class Permissions(Facet[PermissionsSection, Grant]):
    """The facet `permissions`."""

    name = "permissions"
    section = PermissionsSection
    union_keys: ClassVar[Mapping[str, ItemKey]] = {
        "grants": lambda grant, directory: one_spelling(grant.principal, directory)
    }
    codes = (
        Code(
            "unknown-live-level",
            "Somebody has an access level that this version does not know.",
            "It is neither changed nor dropped: what it allows is unknown. Change it at the vendor, or use a newer "
            "version of the reconciler.",
        ),
        Code(
            "more-than-granted",
            "Somebody has more access than an additive list grants.",
            "An additive list lowers nobody. After a hand-over that was broken off, a former owner may have stayed "
            "co-owner. Lower it at the vendor, or make the list authoritative.",
        ),
        Code(
            "grant-expired",
            "The last day of a grant has passed, so it counts as absent.",
            "An apply revokes it where the list is authoritative; an additive list takes nothing away. Remove it from "
            "the manifest, or give it a later `expires`.",
        ),
        Code(
            "grant-never-ends",
            "A grant has a last day, in a list that takes nothing away.",
            "An additive list says who has access at least, so nobody loses any by it. Only an authoritative list "
            "revokes what has ended.",
        ),
        Code(
            "grant-ending",
            "A grant ends within 14 days.",
            "The first apply after its last day revokes it. If the access is still needed, give it a later `expires` "
            "now and have that reviewed; `plan --as-of DATE` shows what the end will do.",
        ),
    )

    def settle(self, section: PermissionsSection, live: tuple[Grant, ...], situation: Situation) -> tuple[Grant, ...]:
        owner, heir = owner_then(live, situation), _heir(situation)
        owning, inheriting = owner.key if owner else "", heir.key if heir else ""
        settled = {grant.key: grant for grant in declared(section, situation)}
        settled.pop(owning, None)
        for grant in live:
            key = grant.key
            if grant.access == OWNER and key != owning and key in settled:
                # What a hand-over leaves to the former owner differs from vendor to vendor; what is declared holds.
                continue
            if key == owning or unknown_level(grant.access, situation.capabilities):
                settled[key] = grant
            elif section.mode == "additive" or key == inheriting:
                settled[key] = highest(grant, settled.get(key, grant), situation.capabilities)
        return tuple(settled[key] for key in sorted(settled))

    def adopted(self, live: tuple[Grant, ...], situation: Situation) -> Json | None:
        # The owner's entry belongs to the facet owner; a level nobody knows is kept without being said.
        owner = owner_then(live, situation)
        return [
            {"principal": in_manifest(grant.principal, situation.directory), "access": grant.access}
            for grant in sorted(live, key=lambda grant: grant.key)
            if grant.principal != owner and not unknown_level(grant.access, situation.capabilities)
        ]

    def verb(self, change: Change[Grant], situation: Situation) -> str:
        if isinstance(change, Add) or not lowers(change, situation.capabilities):
            return "grant"
        # Whoever is to have access through the new owner keeps his own until there is one.
        mine = situation.actor is not None and change.before.principal == situation.actor
        return "relinquish" if mine or resigns(situation) else "revoke"

    def words(self, element: Grant) -> Json:
        return {**mapping(principal_words(element.principal)), "access": element.access}

    def element(self, words: Json) -> Grant:
        return Grant(read_principal(words), str(mapping(words)["access"]))

    def stated(self, section: PermissionsSection, settled: tuple[Grant, ...] | None, directory: Directory) -> Json:
        said = {directory.resolve(grant.principal): grant for grant in section.grants}
        if settled is None:
            grants = [Grant(who, grant.access) for who, grant in said.items() if who is not None]
        else:
            grants = [grant for grant in settled if grant.access != OWNER]
        return {
            "mode": section.mode,
            "grants": [_stated(grant, said.get(grant.principal), directory) for grant in grants],
        }

    def describe(self, change: Change[Grant]) -> str:
        match change:
            case Add(after=grant) | Drop(before=grant):
                return f"{grant.principal} {grant.access}"
            case Modify(before=old, after=new):
                return f"{new.principal} {old.access} -> {new.access}"

    def starts_from(self, change: Change[Grant], found: Grant | None) -> bool:
        # After a hand-over the vendor decides at which level the former owner stays, if at all.
        if not isinstance(change, Add) and change.before.access == OWNER:
            return True
        return super().starts_from(change, found)

    def check(
        self, section: PermissionsSection, capabilities: Capabilities, directory: Directory
    ) -> Iterable[Complaint]:
        who = [directory.resolve(grant.principal) or grant.principal for grant in section.grants]
        for index, times in repeated(who):
            summary = f"{who[index]} is granted access {times} times"
            yield Complaint(("grants", index, "principal"), "duplicate-item", summary)
        levels = capabilities.levels
        for index, grant in enumerate(section.grants):
            if isinstance(who[index], str):
                yield from unknown_principal(grant.principal, ("grants", index, "principal"), directory)
            if levels and grant.access not in levels:
                summary = f'"{grant.access}" is not an access level of this provider'
                hint = did_you_mean(grant.access, levels)
                yield Complaint(("grants", index, "access"), "unknown-access-level", summary, hint)

    def agree(self, field: str, one: object, other: object, directory: Directory) -> bool:
        if isinstance(one, GrantModel) and isinstance(other, GrantModel):
            # They are of one key: it is one person, however each of them is written.
            one = one.model_copy(update={"principal": other.principal})
        return super().agree(field, one, other, directory)

    def check_ends(self, section: PermissionsSection, today: date) -> Iterable[Complaint]:
        return check_ends(section.grants, today) if section.mode == "authoritative" else never_ending(section.grants)

    def remarks(
        self, section: PermissionsSection, live: tuple[Grant, ...], situation: Situation
    ) -> Iterable[Diagnostic]:
        address = situation.address.of(self.name)
        for grant in live:
            if unknown_level(grant.access, situation.capabilities):
                summary = f'{grant.principal} has "{grant.access}", a level this version does not know; it is kept'
                yield Diagnostic("unknown-live-level", "warning", summary, address)
        if section.mode == "additive":
            yield from _exceeding(section, live, situation)
        for declared_grant in section.grants:
            if declared_grant.expires and not in_force(declared_grant, situation.as_of):
                summary = f"the grant to {declared_grant.principal} ended on {declared_grant.expires}"
                kept = " An additive list takes nothing away: who still has it loses it at the vendor."
                hint = f"Remove it from the manifest.{kept if section.mode == 'additive' else ''}"
                yield Diagnostic("grant-expired", "info", summary, address, hint)

    def access(self, elements: Iterable[Grant]) -> Mapping[Principal, str]:
        return {grant.principal: grant.access for grant in elements}

    def counted(self, elements: Sequence[Grant]) -> int:
        return len(elements) - [grant.access for grant in elements].count(OWNER)

    def risk(self, changes: Sequence[Change[Grant]]) -> Risk:
        del changes
        return "sensitive"


def _exceeding(section: PermissionsSection, live: Sequence[Grant], situation: Situation) -> Iterable[Diagnostic]:
    """Who has more than he is granted, other than as the owner."""
    had = {grant.principal: grant.access for grant in live if grant.access != OWNER}
    for grant in declared(section, situation):
        level = had.get(grant.principal)
        if level is not None and rank(level, situation.capabilities) > rank(grant.access, situation.capabilities):
            summary = f"{grant.principal} has {level}, and {grant.access} is granted; an additive list lowers nobody"
            hint = "Lower it at the vendor, or make the list authoritative."
            yield Diagnostic("more-than-granted", "info", summary, situation.address.of("permissions"), hint)


def _stated(grant: Grant, said: GrantModel | None, directory: Directory) -> Json:
    return {
        "principal": str(grant.principal),
        "access": grant.access,
        "expires": said.expires.isoformat() if said and said.expires else "",
        "reason": (said.reason if said else None) or "",
        **principal_facts(grant.principal, directory),
    }


def declared(section: PermissionsSection, situation: Situation) -> Iterable[Grant]:
    """The grants of a manifest that are in force."""
    resolve, as_of = situation.directory.resolve, situation.as_of
    for grant in section.grants:
        if (principal := resolve(grant.principal)) is not None and in_force(grant, as_of):
            yield Grant(principal, grant.access)


def _heir(situation: Situation) -> Principal | None:
    """Whom the manifest names as the owner while this run is not about that: until he is, he keeps what he has."""
    section = situation.unselected.get("owner")
    return situation.directory.resolve(section.principal) if isinstance(section, OwnerSection) else None


def owner_then(live: Sequence[Grant], situation: Situation) -> Principal | None:
    """Who will own the dataset after this run: the one the manifest names if the run is about it, else who does."""
    section = situation.sections.get("owner")
    if isinstance(section, OwnerSection):
        return situation.directory.resolve(section.principal)
    owners = [owner.principal for owner in situation.live.get("owner", ()) if isinstance(owner, Owner)]
    owners += [grant.principal for grant in live if grant.access == OWNER]
    return owners[0] if owners else None
