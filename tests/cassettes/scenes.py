"""What is recorded: everything that the product asks of a Domo instance, in a few scenes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import cast

from reconciler.core.changes import Add, Elements
from reconciler.core.insight import Insight
from reconciler.core.plan import Step
from reconciler.core.ports import Catalog, Writer
from reconciler.diffing import keyed
from reconciler.facets.schema import Column
from tests.providers.connected import ALL, CLIENTS, COVID, ROLES, instance, recordable, ref
from tests.providers.samples import DESIRED

READ_BY_CARDS = "61c4e63d-0627-41f7-b138-74968ebd7634"
BEGINNING, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


def session(url: str, token: str) -> Writer:
    """A session with the instance at `url`."""
    return recordable(instance(url, token), "write")


def reading(domo: Writer) -> object:
    """Every facet of three datasets, their metadata in one request where the server can."""
    return [domo.read(ref(key), ALL).facets for key in (COVID, CLIENTS, ROLES)]


def writing(domo: Writer) -> object:
    """Schema, tags and owner brought to each of their samples."""
    return [_brought(domo, COVID, facet, each) for facet in ("schema", "tags", "owner") for each in DESIRED[facet]]


def scheduling(domo: Writer) -> object:
    """A stream's schedule brought to each of its samples."""
    return [_brought(domo, COVID, "schedule", each) for each in DESIRED["schedule"]]


def granting(domo: Writer) -> object:
    """Access shared, changed and revoked; the owner's own entry stays."""
    own = tuple(each for each in _elements(domo, CLIENTS, "permissions") if getattr(each, "access", "") == "OWNER")
    return [_brought(domo, CLIENTS, "permissions", (*own, *desired)) for desired in DESIRED["permissions"]]


def pruning(domo: Writer) -> object:
    """The oldest version deleted."""
    kept = _elements(domo, CLIENTS, "retention")[1:]
    return _brought(domo, CLIENTS, "retention", kept)


def creating(domo: Writer) -> object:
    """A dataset made, waited for, and read."""
    column = Column("a", "LONG")
    made = domo.create(Step(ref(ROLES).address.of("schema"), "create", (Add(column),), (column,)))
    return _elements(domo, made, "schema")


def knowing(domo: Writer) -> object:
    """What reads a dataset, who changed it, how the runs that fill it went."""
    insight = cast("Insight", domo)
    _brought(domo, COVID, "tags", DESIRED["tags"][0])
    events = insight.events(ref(COVID), BEGINNING, END)
    return insight.dependents(ref(READ_BY_CARDS)), [each.who for each in events or ()], insight.runs(ref(COVID), 3)


def listing(domo: Writer) -> object:
    """All datasets, and those of one name."""
    return cast("Catalog", domo).datasets(), domo.named("mock_clients")


SCENES: Mapping[str, Callable[[Writer], object]] = {
    each.__name__: each for each in (reading, writing, scheduling, granting, pruning, creating, knowing, listing)
}


def _brought(domo: Writer, dataset: str, facet: str, desired: Elements) -> Elements:
    found = domo.read(ref(dataset), frozenset({facet})).facets[facet]
    step = Step(ref(dataset).address.of(facet), "write", keyed(found.elements, desired), desired)
    domo.write(ref(dataset), step, found)
    return _elements(domo, dataset, facet)


def _elements(domo: Writer, dataset: str, facet: str) -> Elements:
    return domo.read(ref(dataset), frozenset({facet})).facets[facet].elements
