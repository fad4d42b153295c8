"""Name, description and provider type at Domo: read from the metadata, written through `/properties`."""

from __future__ import annotations

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.facets.properties import DESCRIPTION, NAME, PROVIDER_TYPE, Property

from .dataset import Dataset

KEYS = {NAME: "dataSourceName", DESCRIPTION: "dataSourceDescription", PROVIDER_TYPE: "dataProviderType"}
"""What Domo calls each when it is written (notes 1.8)."""


def read(dataset: Dataset) -> FacetState:
    """From the metadata; a description that is absent is empty."""
    wire = dataset.metadata
    if not wire.name or wire.description is None or wire.data_provider_type is None:
        wire = dataset.whole_metadata
    values = {NAME: wire.name, DESCRIPTION: wire.description or "", PROVIDER_TYPE: wire.data_provider_type}
    elements = tuple(Property(name, value) for name, value in values.items() if value is not None)
    return FacetState(elements, values)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Name and description together: a name that comes alone clears the description of some servers (notes 1.8)."""
    before = {element.key: element for element in found.elements}
    after = {element.key: element for element in apply(found.elements, step.changes)}
    for group in ((NAME, DESCRIPTION), (PROVIDER_TYPE,)):
        sent = {KEYS[name]: each.value for name in group if isinstance(each := after.get(name), Property)}
        if any(after.get(name) != before.get(name) for name in group):
            dataset.api.put_properties(dataset.id, sent)
