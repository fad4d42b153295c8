"""Random datasets, live and desired, in one target, for laws about plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.plan import Plan
from reconciler.core.ports import OWNER, DatasetRef, FacetState, Snapshot
from reconciler.core.principals import Directory, Group, Person, Principal
from reconciler.facets import BY_NAME, Section
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.planning import Allow, Desired, DesiredDataset, Limit, Limits, TargetView, plan
from reconciler.providers import by_name

AS_OF = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DOMO = by_name()["domo"].capabilities
DIRECTORY = Directory(
    users={
        **{name: Person(str(number)) for number, name in enumerate(("ada", "bo", "cy", "dee"), 100)},
        "bot": Person("900", service=True),
        "robot": Person("901", service=True),
    },
    groups={
        "eng": Group("g1", members=("ada", "bo")),
        "ops": Group("g2", members=("bot", "cy")),
        "bots": Group("g3", members=("bot", "robot")),
    },
)
NAMES = DIRECTORY.names
ALL = Limit(100, percent=True)
ALLOWED = tuple(
    Allow(code) for code in ("too-many-revocations", "too-many-changes", "column-dropped", "rename-ambiguous")
)


def principal(reference: str) -> Principal:
    found = DIRECTORY.resolve(reference)
    assert found is not None
    return found


@dataclass(frozen=True)
class Case:
    """One dataset, as it is and as its manifest wants it."""

    live: dict[str, Elements]
    spec: dict[str, Any]
    actor: Principal
    name: str = "orders"

    @property
    def sections(self) -> dict[str, Section]:
        return {name: BY_NAME[name].section.model_validate(value) for name, value in self.spec.items()}

    @property
    def address(self) -> Address:
        return Address("acme", self.name)


grants = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(DOMO.levels), max_size=7)
tags = st.lists(st.sampled_from(("gold", "pii", "raw")), unique=True)
columns = st.lists(st.sampled_from(("id", "amount", "region", "day")), unique=True, min_size=1)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    owner = principal(draw(st.sampled_from(NAMES)))
    held = {principal(name): level for name, level in draw(grants).items()}
    held[owner] = OWNER
    live: dict[str, Elements] = {
        "owner": (Owner(owner),),
        "permissions": tuple(Grant(who, level) for who, level in held.items()),
        "tags": tuple(Tag(name) for name in draw(tags)),
        "schema": tuple(Column(name, "LONG") for name in draw(columns)),
    }
    wanted = [{"principal": name, "access": level} for name, level in draw(grants).items()]
    spec: dict[str, Any] = {
        "owner": {"principal": draw(st.sampled_from(NAMES))},
        "permissions": {"mode": draw(st.sampled_from(("authoritative", "additive"))), "grants": wanted},
        "tags": {"values": draw(tags)},
        "schema": {"columns": [{"name": name, "type": "LONG"} for name in draw(columns)]},
    }
    about_access = draw(
        st.sampled_from(({"owner", "permissions"}, {"owner", "permissions"}, {"owner"}, {"permissions"}))
    )
    managed = about_access | draw(st.sets(st.sampled_from(sorted(spec))))
    actor = draw(st.sampled_from(("user:bot", "user:bot", "user:ada", "user:robot")))
    return Case(live, {name: spec[name] for name in sorted(managed)}, principal(actor))


def planned(*given: Case, allows: tuple[Allow, ...] = ALLOWED) -> Plan:
    """The plan of `given`, which share their target and its actor."""
    target = TargetView("domo", DOMO, DIRECTORY, given[0].actor)
    wanted = tuple(DesiredDataset(case.address, case.name, case.sections) for case in given)
    observed = zip(wanted, map(snapshot, given), strict=True)
    return plan(Desired(wanted, {"acme": target}, Limits(ALL, ALL, ALL)), observed, AS_OF, allows)


def snapshot(case: Case) -> Snapshot:
    facets = {name: FacetState(case.live[name]) for name in case.spec}
    return Snapshot(DatasetRef(case.address, case.name), facets, len(facets))
