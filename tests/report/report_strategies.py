"""Random plans that a planner could have made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Element, Modify
from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.plan import AccessChange, Action, DatasetPlan, Dependent, Plan, Read, Step
from reconciler.core.principals import Principal
from reconciler.core.words import canonical
from reconciler.facets import BY_NAME
from reconciler.facets.definition import Statement
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.properties import Property
from reconciler.facets.retention import Version
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.facets.versions import Declared

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
levels = st.sampled_from(["CAN_VIEW", "CAN_EDIT", "CO_OWNER"])
principals = st.builds(
    Principal, st.sampled_from(["user", "group"]), names, st.none() | names.filter(lambda name: name[0] != "#")
)
settings = st.dictionaries(
    names.filter(lambda key: key != "retry"), names | st.integers() | st.lists(names), max_size=3
)
dependents = st.builds(Dependent, st.just("card"), names, st.just("") | names, st.lists(names, max_size=2).map(tuple))
moments = st.datetimes(timezones=st.just(UTC))
ELEMENTS: dict[str, st.SearchStrategy[Any]] = {
    "properties": st.builds(Property, st.sampled_from(["name", "description", "providerType"]), names),
    "definition": st.builds(Statement.of, st.sampled_from(["sql", "query"]), names),
    "schema": st.builds(Column, names, st.sampled_from(["STRING", "LONG"])),
    "tags": st.builds(Tag, names),
    "permissions": st.builds(Grant, principals, levels),
    "owner": st.builds(Owner, principals),
    "schedule": st.builds(Schedule.of, settings, st.integers(0, 9), st.none() | names),
    "versions": st.builds(
        Declared,
        names,
        st.none() | names,
        st.none()
        | st.dictionaries(names, names | st.integers(-(2**53), 2**53) | st.booleans(), max_size=2).map(canonical),
        st.none() | st.sampled_from(["PRIVATE", "ORG", "PUBLIC"]),
        st.none() | names,
        st.none() | names,
    ),
    "retention": st.builds(
        Version,
        names,
        st.none() | moments,
        st.sampled_from(["ready", "unsettled", "failed"]),
        st.none() | st.integers(0, 10**12),
        st.none() | st.integers(0, 10**12),
        st.booleans(),
        st.none() | names,
        st.none() | names,
        st.none() | moments,
    ),
}
"""How to make an element of each facet; a facet that is missing here is missing in the proofs."""

assert set(ELEMENTS) == set(BY_NAME)
sources = st.builds(Source, names, st.integers(1, 999), st.integers(1, 99))


def changes(elements: st.SearchStrategy[Element]) -> st.SearchStrategy[AnyChange]:
    """Any change between elements of one facet."""
    fields = st.lists(names, max_size=2).map(tuple)
    return st.builds(Add, elements) | st.builds(Drop, elements) | st.builds(Modify, elements, elements, fields)


@st.composite
def steps(draw: Callable[..., Any], address: Address) -> tuple[Step, ...]:
    """Steps of one dataset, each with what it needs among the earlier ones."""
    made: list[Step] = []
    for name in draw(st.lists(st.sampled_from(sorted(ELEMENTS)), max_size=3, unique=True)):
        step = Step(
            address.of(name),
            draw(st.sampled_from(["alter", "grant", "revoke"])),
            tuple(draw(st.lists(changes(ELEMENTS[name]), max_size=3))),
            tuple(draw(st.lists(ELEMENTS[name], max_size=3))),
            tuple(step.id for step in made),
            draw(st.sampled_from(["safe", "sensitive", "destructive"])),
            draw(st.booleans()),
        )
        made.append(step)
    return tuple(made)


@st.composite
def datasets(draw: Callable[..., Any], name: str) -> DatasetPlan:
    """The plan of one dataset."""
    address = Address("acme", name)
    ordered_steps = draw(steps(address))
    people = draw(st.lists(principals, max_size=3, unique_by=lambda item: (item.kind, item.id)))
    access = [
        AccessChange(address, person, "CAN_VIEW", draw(st.none() | st.just("OWNER")), draw(st.none() | principals))
        for person in sorted(people)
    ]
    values = {
        step.address.facet: BY_NAME[step.address.facet].value(step.desired)
        for step in sorted(ordered_steps, key=lambda step: list(BY_NAME).index(step.address.facet))
    }
    changing: st.SearchStrategy[Action] = st.sampled_from(["create", "update"])
    action: Action = draw(changing) if ordered_steps else "no-op"
    read = st.builds(lambda requests, complete: Read(address, requests, complete), st.integers(0, 9), st.booleans())
    return DatasetPlan(
        address,
        "domo",
        None if action == "create" else draw(names),
        action,
        ordered_steps,
        draw(st.none() | sources),
        {} if action == "create" else values,
        values,
        tuple(access),
        read=draw(st.none() | read),
        impact=tuple(draw(st.lists(dependents, max_size=2))),
    )


@st.composite
def plans(draw: Callable[..., Any]) -> Plan:
    """A whole plan; dataset names may look like facets' addresses."""
    some = names | st.sampled_from(["orders", "orders.tags", "orders.tags.tags", "a/b"])
    found = draw(st.lists(some, max_size=4, unique=True))
    addresses = st.builds(Address, st.just("acme"), some, st.sampled_from(["", "tags", "schema"]))
    severities = st.sampled_from(["error", "blocked", "warning", "info"])
    finding = st.builds(
        Diagnostic, names, severities, names, st.none() | addresses, st.none() | names, st.none() | sources
    )
    return Plan(tuple(draw(datasets(name)) for name in found), ordered(draw(st.lists(finding, max_size=3))))
