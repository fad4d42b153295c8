"""The access list at Domo. Written one principal at a time: PUT means four different things (notes 1.3)."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus

from reconciler.core.changes import apply
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.core.ports import OWNER, FacetState, ProviderError
from reconciler.facets.permissions import Grant
from reconciler.providers.http import HttpError

from . import owner
from .dataset import Dataset
from .owner import to_wire as principal_to_wire
from .wire import AccessList

KINDS = frozenset({"USER", "GROUP"})
NOTHING = "NONE"


def to_elements(wire: AccessList, dataset: Dataset) -> tuple[Grant, ...]:
    """The entries of users and groups; an entry with no access is none."""
    return tuple(
        Grant(dataset.principal(entry.type, entry.id), entry.access_level)
        for entry in wire.entries
        if entry.type in KINDS and entry.access_level != NOTHING
    )


def to_wire(grant: Grant) -> dict[str, str]:
    """An entry as it is shared."""
    kind, identifier = principal_to_wire(grant.principal)
    return {"id": identifier, "type": kind, "accessLevel": grant.access}


def read(dataset: Dataset) -> FacetState:
    """The whole list, or an error: a grant that is not seen would be planned as missing.

    Raises:
        ProviderError: it is not whole, or somebody is in it twice: nobody could say which entry a change is about.
    """
    wire = dataset.permissions
    # Counted as different entries: one that came twice may have come in place of another.
    known = {(entry.type, entry.id) for entry in wire.entries}
    for kind, total in (("USER", wire.total_user_count), ("GROUP", wire.total_group_count)):
        listed = sum(each == kind for each, _ in known)
        if total is not None and listed < total:
            summary = f"the access list has {listed} of {total} {kind.lower()} entries"
            raise ProviderError(summary, hint="Nothing was concluded from a part of it. Try again.", retryable=True)
    if others := sorted({entry.type for entry in wire.entries} - KINDS):
        summary = f"entries of {', '.join(others)} in the access list are not governed and stay as they are"
        dataset.diagnostics.append(
            Diagnostic("ungoverned-access", "info", summary, dataset.ref.address.of("permissions"))
        )
    grants = to_elements(wire, dataset)
    if len({grant.principal for grant in grants}) < len(grants):
        name, times = Counter(str(grant.principal) for grant in grants).most_common(1)[0]
        summary = f"the access list has {times} entries of {name}"
        raise ProviderError(summary, hint="Nothing was concluded from it. Leave one of them at Domo.", retryable=True)
    return FacetState(_with_owner(grants, dataset), wire)


def _with_owner(grants: tuple[Grant, ...], dataset: Dataset) -> tuple[Grant, ...]:
    """The list with its owner, where the server leaves it out: a grant to one who owns would change nothing."""
    if any(grant.access == OWNER for grant in grants) or (wire := owner.find(dataset)) is None:
        return grants
    holder = dataset.principal(wire.kind, wire.id)
    return (Grant(holder, OWNER), *(grant for grant in grants if grant.principal != holder))


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Share what is new or at another level, in one request; revoke what is gone, one by one.

    In an order of our own: lists come in another one each time, and a dry run shows what will be sent.
    """
    before = {element.key: element for element in found.elements}
    after = {element.key: element for element in apply(found.elements, step.changes)}
    shared = [grant for key, grant in sorted(after.items()) if isinstance(grant, Grant) and before.get(key) != grant]
    if any(grant.access == OWNER for grant in shared):
        raise ProviderError("ownership is handed over, not granted", hint="Name the owner under spec.owner.")
    if shared:
        dataset.api.share(dataset.id, [to_wire(grant) for grant in shared])
    for key, grant in sorted(before.items()):
        if key not in after and isinstance(grant, Grant):
            _revoke(dataset, grant)


def _revoke(dataset: Dataset, grant: Grant) -> None:
    kind, identifier = principal_to_wire(grant.principal)
    try:
        dataset.api.revoke(dataset.id, kind, identifier)
    except HttpError as failure:
        # 404 is how some servers say that the entry is already gone.
        if failure.status != HTTPStatus.NOT_FOUND:
            raise
        dataset.prove()
