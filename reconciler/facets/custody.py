"""Who holds what access to a dataset, before and after a plan, over all facets that give any; and who must keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import floor
from typing import Self

from msgspec import Struct

from reconciler.core.changes import Add, Elements
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Directory, Principal

from .facet import Outlooks, Situation, blocked
from .levels import lowers, rank
from .owner import Owner, OwnerFacet, resigns
from .permissions import Grant, Permissions

Holders = Mapping[Principal, str]
"""Level by principal, the highest where a principal has several."""

SMALL_LIST = 4
MOST_REVOKED = 3
MOST_REVOKED_SHARE = 0.25

CODES = (
    Code(
        "actor-locked-out",
        "The account that the token acts as would lose the right to administer the dataset.",
        "After such an apply nobody could plan or undo it with this token. Keep the actor as owner or co-owner, "
        "directly or through a group, or unmanage the dataset's permissions and owner first. Cannot be lifted. With "
        "--guards-from, only who is in a group by the Principals of both commits keeps a right through it.",
    ),
    Code(
        "actor-hands-over",
        "The account that the token acts as hands over a dataset that it has a right to only as its owner.",
        "What a former owner keeps differs from server to server, and no document says it. Where it is nothing, the "
        "hand-over cannot be read back and is reported as uncertain, and no later plan can read the dataset with "
        "this token. Everything is done before but what is taken from others. Grant the actor CO_OWNER through a "
        "group, or let an administrator's token hand over.",
    ),
    Code(
        "last-owner-lost",
        "No person would be left who can administer the dataset.",
        "A dataset that only a service account administers is an orphan when that account goes. Name a person or a "
        "group as owner or co-owner.",
        liftable=True,
    ),
    Code(
        "everyone-gains-access",
        "Everybody would gain access: by a group that means everybody with an account, or by a version's visibility.",
        "One line of a manifest opens the dataset to the whole company. Which groups mean everybody, `everyone: true` "
        "in the target's Principals says; a version of visibility ORG is open to its organisation, one of PUBLIC "
        "to everybody. Grant it to the group that needs it, or lift this guard for the dataset.",
        liftable=True,
    ),
    Code(
        "too-many-revocations",
        "Many of a dataset's grants, or of all grants in the plan, would be dropped or lowered at once.",
        "More than 3 or more than 25 % of the grants of one dataset that has at least 4, or more than maxRevocations "
        "of the workspace (a percentage says nothing about fewer than 4, unless it is 0%). An owner's own entry is no "
        "grant. A wrong file or a truncated list looks like this. Check who loses access, then allow it; what "
        "maxRevocations holds, for the whole plan.",
        liftable=True,
    ),
)


def before(outlooks: Outlooks, situation: Situation) -> Holders:
    """Who has access now, as far as the managed facets show."""
    del situation
    return _holders({name: outlook.live for name, outlook in outlooks.items()})


def after(outlooks: Outlooks, situation: Situation) -> Holders:
    """Who will have access, a former owner that the vendor leaves behind included."""
    desired = {name: outlook.desired for name, outlook in outlooks.items()}
    holders = dict(_holders(desired))
    former = _former_owner(outlooks)
    if former is None:
        return holders
    left_behind = situation.capabilities.former_owner_level
    kept = "permissions" not in outlooks or holders.get(former) == OWNER
    if kept and left_behind is not None:
        holders[former] = left_behind
    return holders


def undisturbed(outlooks: Outlooks) -> bool:
    """Whether nobody's access changes: what holds after the plan is then what holds now."""
    return not any(outlooks[name].changes for name in ("owner", "permissions") if name in outlooks)


def _former_owner(outlooks: Outlooks) -> Principal | None:
    outlook = outlooks.get("owner")
    old = _owner(outlook.live) if outlook else None
    return old if outlook and old != _owner(outlook.desired) else None


def _owner(elements: Elements) -> Principal | None:
    return next((element.principal for element in elements if isinstance(element, Owner)), None)


def _holders(state: Mapping[str, Elements]) -> Holders:
    holders: dict[Principal, str] = {}
    grants = [element for element in state.get("permissions", ()) if isinstance(element, Grant)]
    owners = [element for element in state.get("owner", ()) if isinstance(element, Owner)]
    holders.update(Permissions().access(grants))
    holders.update(OwnerFacet().access(owners))
    return holders


def people(
    holders: Holders, directory: Directory, capabilities: Capabilities
) -> dict[Principal, tuple[str, Principal]]:
    """The highest level of each person, and of each group that is more than its listed members, and whose it is."""
    effective: dict[Principal, tuple[str, Principal]] = {}
    for holder, level in sorted(holders.items()):
        for person in directory.reached(holder):
            present = effective.get(person)
            better = present is None or rank(level, capabilities) > rank(present[0], capabilities)
            if better or (present is not None and person == holder and level == present[0]):
                effective[person] = (level, holder)
    return effective


def managers(holders: Holders, situation: Situation, directory: Directory) -> frozenset[Principal]:
    """Everybody who can administer the dataset, if those are in its groups whom `directory` says."""
    levels = situation.capabilities.managing_levels
    effective = people(holders, directory, situation.capabilities)
    return frozenset(person for person, (level, _) in effective.items() if level in levels)


class _Custody(Struct, frozen=True):
    """Who can administer a dataset before and after a plan, by what one directory says of groups."""

    directory: Directory
    now: frozenset[Principal]
    then: frozenset[Principal]
    sure: frozenset[Principal]
    """Those of `then` whatever the server leaves to a former owner."""

    @classmethod
    def by(cls, directory: Directory, outlooks: Outlooks, situation: Situation) -> Self:
        old, new, former = before(outlooks, situation), after(outlooks, situation), _former_owner(outlooks)
        kept = {who: level for who, level in new.items() if who != former}
        return cls(directory, *(managers(holders, situation, directory) for holders in (old, new, kept)))

    def loses(self, actor: Principal) -> bool:
        """Whether `actor` can administer the dataset, and could not any more."""
        return actor in self.now and actor not in self.then

    @property
    def orphans(self) -> bool:
        """Whether a person can administer the dataset, and none could any more."""
        is_person = self.directory.is_person
        return any(map(is_person, self.now)) and not any(map(is_person, self.then))


def guard_custody(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Nobody is left to administer the dataset, or not the actor, by anything that is said of who is in a group."""
    if undisturbed(outlooks):
        return
    told = [_Custody.by(each, outlooks, situation) for each in (situation.directory, *situation.witnesses)]
    facet = "permissions" if "permissions" in outlooks else "owner"
    actor = situation.actor
    if actor is not None and any(each.loses(actor) for each in told):
        summary = f"{actor}, which this token acts as, could no longer administer the dataset"
        group = "a group" if told[0].loses(actor) else "a group that it is in by the Principals of --guards-from, too"
        yield blocked(situation, facet, "actor-locked-out", summary, f"Keep {actor} as CO_OWNER, or through {group}.")
    handing_over = situation.exists and resigns(situation)
    if handing_over and all(actor in each.then for each in told) and any(actor not in each.sure for each in told):
        summary = f"{actor}, which this token acts as, hands over what it owns; what the server leaves it is not known"
        hint = f"Give {actor} its right through a group, or let an administrator hand over."
        yield Diagnostic("actor-hands-over", "warning", summary, situation.address.of("owner"), hint)
    lost = {who for each in told for who in each.now - each.then}
    if actor is None and lost:
        who = ", ".join(map(str, sorted(lost)))
        summary = (
            f"{who} could no longer administer the dataset, and nobody knows whether this token acts as one of them"
        )
        hint = "Say who the token acts as: targets.NAME.actor in the Workspace manifest."
        yield Diagnostic("actor-unknown", "warning", summary, situation.address.of(facet), hint)
    if any(each.orphans for each in told):
        summary = "no person would own or co-own the dataset"
        group = "a group" if told[0].orphans else "a group that has one by the Principals of --guards-from, too,"
        yield blocked(situation, facet, "last-owner-lost", summary, f"Name a person or {group} as owner or co-owner.")


def guard_everyone(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Everybody gets access, or more of it."""
    if undisturbed(outlooks):
        return
    old = before(outlooks, situation)
    for principal, level in sorted(after(outlooks, situation).items()):
        had = old.get(principal)
        more = had is None or rank(level, situation.capabilities) > rank(had, situation.capabilities)
        if more and situation.directory.is_everyone(principal):
            summary = (
                f"{principal} is everybody with an account, and would get {level}{f' instead of {had}' if had else ''}"
            )
            facet = "owner" if level == OWNER else "permissions"
            hint = "Grant it to the group that needs it, or allow it for this dataset."
            yield blocked(situation, facet, "everyone-gains-access", summary, hint)


def guard_revocations(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Too many grants of one dataset dropped or lowered, short lists included."""
    outlook = outlooks.get("permissions")
    if outlook is None or not outlook.changes:
        return
    lowered = [
        change.before
        for change in outlook.changes
        if not isinstance(change, Add) and lowers(change, situation.capabilities)
    ]
    held = [grant for grant in outlook.live if isinstance(grant, Grant)]
    grants, lost = Permissions().counted(held), Permissions().counted(lowered)
    limit = min(MOST_REVOKED, floor(MOST_REVOKED_SHARE * grants))
    if grants >= SMALL_LIST and lost > limit:
        summary = f"{lost} of {grants} grants would be dropped or lowered; the limit is {limit}"
        yield blocked(situation, "permissions", "too-many-revocations", summary, "Check who loses access below.")
