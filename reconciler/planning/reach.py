"""Who can reach a dataset, and by which paths: every grant that holds, groups expanded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.ports import OWNER
from reconciler.core.principals import Directory, Principal
from reconciler.facets import BY_NAME, Section, Situation
from reconciler.facets.grants import GrantModel, PermissionsSection
from reconciler.facets.levels import rank
from reconciler.facets.owner import Owner, OwnerSection
from reconciler.facets.permissions import Grant

from .desired import DesiredDataset, TargetView

FACETS = ("owner", "permissions")
"""The facets that give access."""


class Path(Struct, frozen=True):
    """One way in which somebody has access to a dataset."""

    dataset: Address
    principal: Principal
    """A person; a group where nobody says who is in it, or where everybody is."""
    level: str
    via: Principal | None
    """The group that a person has it through."""
    until: date | None
    """The last day of the grant, UTC, where a manifest gives one and its list takes away what has ended."""


def settled(dataset: DesiredDataset, target: TargetView, as_of: datetime) -> Mapping[str, Elements]:
    """Owner and grants as the manifest of `dataset` wants them; a facet that it does not govern is missing."""
    situation = Situation(
        dataset.address, dataset.sections, {}, target.directory, target.capabilities, as_of, target.actor
    )
    return {
        name: BY_NAME[name].settle(dataset.sections[name], (), situation) for name in FACETS if name in dataset.sections
    }


def paths(dataset: DesiredDataset, target: TargetView, state: Mapping[str, Elements]) -> tuple[Path, ...]:
    """Every path to `dataset` that `state` gives, the highest level first, then by principal."""
    ends = {principal: grant.expires for principal, grant in ending(dataset.sections, target.directory)}
    found = {
        Path(
            dataset.address,
            person,
            level,
            holder if person != holder else None,
            None if level == OWNER else ends.get(holder),
        )
        for holder, level in _holders(state)
        for person in target.directory.reached(holder)
    }
    return tuple(sorted(found, key=lambda path: _order(path, target)))


def _order(path: Path, target: TargetView) -> tuple[object, ...]:
    return (-rank(path.level, target.capabilities), path.principal, path.via is not None, str(path.via))


def _holders(state: Mapping[str, Elements]) -> Iterator[tuple[Principal, str]]:
    """Each holder once per level; the owner's own entry in the access list says the same as the owner."""
    seen: set[tuple[Principal, str]] = set()
    for element in (element for name in FACETS for element in state.get(name, ())):
        match element:
            case Owner(principal=principal):
                seen.add((principal, OWNER))
            case Grant(principal=principal, access=level):
                seen.add((principal, level))
            case _:
                continue
    yield from seen


def ending(sections: Mapping[str, Section], directory: Directory) -> Iterator[tuple[Principal, GrantModel]]:
    """The grants that have a last day, and whose list takes them away after it.

    An additive list takes nothing away, and a grant to the owner that the manifest names gives nothing: ownership does
    not end.
    """
    owner, section = sections.get("owner"), sections.get("permissions")
    owning = directory.resolve(owner.principal) if isinstance(owner, OwnerSection) else None
    if not isinstance(section, PermissionsSection) or section.mode == "additive":
        return
    for grant in section.grants:
        if grant.expires is not None:
            principal = directory.resolve(grant.principal)
            if principal is not None and principal != owning:
                yield principal, grant
