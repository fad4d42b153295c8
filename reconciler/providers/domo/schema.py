"""The schema at Domo: written as the whole list of columns, so everything a column holds is sent back with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from reconciler.core.changes import Element, Modify, apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.facets.schema import Column
from reconciler.providers.http import HttpError
from reconciler.providers.understanding import understand

from .dataset import Dataset
from .indexing import index
from .wire import ColumnWire, columns_of

LATEST = "schemas/latest"

RawColumn = dict[str, object]


def to_elements(columns: Sequence[Mapping[str, object]]) -> tuple[Column, ...]:
    """The visible columns, in order."""
    return _visible(_wires(columns))


def to_wire(
    elements: Sequence[Column], found: Sequence[Mapping[str, object]], former: Mapping[str, str]
) -> list[RawColumn]:
    """`elements` as columns; each keeps what was found of it, or of the column that it was called before.

    Hidden columns keep their places: Domo's uploads have no header, so a column's place is what its data goes by.

    Raises:
        ProviderError: one of them has the name of a hidden column, which would be gone with its data.
    """
    hidden = _hidden(_wires(found))
    if taken := [element.name for element in elements if element.name in hidden]:
        summary = f'the dataset has a column "{taken[0]}" already, which is hidden and not governed'
        raise ProviderError(summary, hint="Show or rename it at Domo, or give the other column another name.")
    by_name = {str(column["name"]): column for column in found}
    columns: list[RawColumn] = []
    for element in elements:
        fresh: RawColumn = {"name": element.name, "id": element.name, "type": element.type, "visible": True, "order": 0}
        kept = by_name.get(former.get(element.name, element.name), {})
        columns.append({**fresh, **kept, "name": element.name, "type": element.type, "visible": True})
    for place, column in enumerate(found):
        if column["name"] in hidden:
            columns.insert(place, dict(column))
    return columns


def read(dataset: Dataset) -> FacetState:
    """As last written where the server tells, else as indexed.

    Raises:
        ProviderError: two columns have one name: nobody could say which of them a change is about.
    """
    latest = dataset.maybe(LATEST, dataset.api.latest_schema)
    raw = dataset.rest_on("schema", dataset.api.indexed_schema(dataset.id) if latest is None else latest)
    wires = _wires(_columns(raw))
    if len({wire.name for wire in wires}) < len(wires):
        name, times = Counter(wire.name for wire in wires).most_common(1)[0]
        summary = f'the schema has {times} columns called "{name}", hidden ones included'
        raise ProviderError(summary, hint="Nothing was concluded from it. Rename all but one of them at Domo.")
    return FacetState(_visible(wires), raw, _hidden(wires))


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """The desired columns in their order, then those that came since the plan; indexed where else nobody sees them."""
    columns = [element for element in apply(found.elements, step.changes) if isinstance(element, Column)]
    places = {element.key: place for place, element in enumerate(step.desired)}
    columns.sort(key=lambda column: places.get(column.name, len(places)))
    if tuple(columns) == found.elements:
        return
    former = {change.key: change.before.key for change in step.changes if isinstance(change, Modify)}
    holder, answer = columns_of(found.raw)
    # What is left out may be lost (notes 1.10: upsert keys are); a table of the index is no schema to give back.
    written = "schema" in answer
    rest = holder if written else {}
    try:
        sent = dataset.api.alter_schema(dataset.id, {**rest, "columns": to_wire(columns, _columns(found.raw), former)})
    except HttpError as failure:
        if failure.uncertain and not written:
            # Each one makes a schema version: whether this one was taken shows once it is indexed.
            with suppress(ProviderError):
                index(dataset)
        raise
    if not sent.handed and not written:
        show(dataset, columns)


def show(dataset: Dataset, columns: Sequence[Element]) -> None:
    """Have `columns` indexed where a server shows no others, and they do not show yet."""
    if to_elements(_columns(dataset.api.indexed_schema(dataset.id))) != tuple(columns):
        index(dataset)


def create(elements: Sequence[Element]) -> list[dict[str, str]]:
    """The columns of a dataset that is to be created."""
    return [{"type": element.type, "name": element.name} for element in elements if isinstance(element, Column)]


def _wires(columns: Sequence[Mapping[str, object]]) -> tuple[ColumnWire, ...]:
    return understand(tuple[ColumnWire, ...], columns, "the schema")


def _visible(wires: Sequence[ColumnWire]) -> tuple[Column, ...]:
    return tuple([Column(wire.name, wire.type) for wire in wires if wire.visible])


def _hidden(wires: Sequence[ColumnWire]) -> frozenset[str]:
    return frozenset([wire.name for wire in wires if not wire.visible])


def _columns(raw: object) -> list[RawColumn]:
    holder, _ = columns_of(raw)
    return understand(list[RawColumn], holder.get("columns"), "the schema")
