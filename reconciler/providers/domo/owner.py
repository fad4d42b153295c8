"""The owner at Domo: in the metadata; handed over through `/owner`, or through `responsibleUsers` where that is not."""

from __future__ import annotations

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import OWNER, FacetState, ProviderError
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner

from .dataset import Dataset
from .wire import Party

ENDPOINT = "owner"


def to_elements(wire: Party, dataset: Dataset) -> tuple[Owner, ...]:
    """The owner."""
    return (Owner(dataset.principal(wire.kind, wire.id)),)


def to_wire(principal: Principal) -> tuple[str, str]:
    """Kind and id in Domo's words."""
    return ("GROUP" if principal.kind == "group" else "USER"), principal.id


def find(dataset: Dataset) -> Party | None:
    """The owner from the metadata, or from `/owner` where the metadata names none."""
    wire = dataset.metadata.owner or dataset.whole_metadata.owner
    if wire is None:
        wire = dataset.maybe(ENDPOINT, dataset.api.owner)
        if wire is not None:
            dataset.rest_on(ENDPOINT, wire)
    return wire


def read(dataset: Dataset) -> FacetState:
    """From the first of metadata, `/owner` and access list that names one."""
    wire = find(dataset)
    if wire is None:
        entries = [entry for entry in dataset.permissions.entries if entry.access_level == OWNER]
        if not entries:
            raise ProviderError("Domo names no owner of the dataset", hint="Look at the dataset's owner in Domo.")
        wire = Party(id=entries[0].id, type=entries[0].type, name=entries[0].name)
    return FacetState(to_elements(wire, dataset), wire)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Hand the dataset over, by the endpoint that the server has."""
    for element in apply(found.elements, step.changes):
        if isinstance(element, Owner) and element not in found.elements:
            kind, identifier = to_wire(element.principal)
            documented = dataset.has(ENDPOINT, dataset.api.owner)
            put = dataset.api.put_owner if documented else dataset.api.put_responsible
            put(dataset.id, kind, identifier)
