"""A vendor in memory that implements the ports: for scenarios about planning and execution, not about HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from reconciler.core.address import Address
from reconciler.core.changes import Elements, apply
from reconciler.core.plan import Step
from reconciler.core.ports import OWNER, DatasetRef, FacetState, ProviderError, Request, Snapshot
from reconciler.core.principals import Directory, Principal
from reconciler.facets import BY_NAME, Situation
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.retention import Version
from reconciler.providers import by_name

State = dict[str, Elements]


@dataclass
class Memory:
    """Datasets by id. Hands over as Domo does: the former owner stays behind as co-owner."""

    datasets: dict[str, State]
    actor: Principal
    born: int = 0
    written: list[str] = field(default_factory=list)

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        if ref.id not in self.datasets:
            raise ProviderError("there is no such dataset", missing=True)
        state = self.datasets[ref.id]
        return Snapshot(ref, {name: FacetState(state.get(name, ())) for name in facets}, requests=len(facets))

    def create(self, step: Step) -> str:
        self.born += 1
        identifier = f"new-{self.born}"
        owner: Elements = (Owner(self.actor),)
        grants: Elements = (Grant(self.actor, OWNER),)
        self.datasets[identifier] = {"owner": owner, "permissions": grants, step.address.facet: step.desired}
        self.written.append(step.id)
        return identifier

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        self.written.append(step.id)
        state = self.datasets[ref.id]
        facet = step.address.facet
        state[facet] = step.desired if facet == "schema" else apply(found.elements, step.changes)
        if facet == "owner":
            self._hand_over(state)

    def _hand_over(self, state: State) -> None:
        new = next(element.principal for element in state["owner"] if isinstance(element, Owner))
        grants = [grant for grant in state.get("permissions", ()) if isinstance(grant, Grant)]
        kept = [Grant(grant.principal, "CO_OWNER") if grant.access == OWNER else grant for grant in grants]
        state["permissions"] = (*(grant for grant in kept if grant.principal != new), Grant(new, OWNER))

    def named(self, name: str) -> tuple[str, ...] | None:
        del name
        return None

    def settling(self) -> AbstractContextManager[None]:
        return nullcontext()

    @property
    def rehearsed(self) -> tuple[Request, ...]:
        return ()

    def close(self) -> None:
        pass


def live_state(spec: Mapping[str, Any], directory: Directory, as_of: Any) -> State:
    """A state said in manifest words; `versions` lists what retention is about."""
    domo = by_name()["domo"].capabilities
    situation = Situation(Address("live", "live"), {}, {}, directory, domo, as_of)
    state: State = dict.fromkeys(BY_NAME, ())
    for name, value in spec.items():
        if name == "versions":
            state["retention"] = tuple(version(item) for item in value)
        else:
            facet = BY_NAME[name]
            state[name] = facet.settle(facet.section.model_validate(value), (), situation)
    owners = tuple(Grant(owner.principal, OWNER) for owner in state["owner"] if isinstance(owner, Owner))
    state["permissions"] = (*owners, *state["permissions"])
    return state


def version(words: Mapping[str, Any]) -> Version:
    full = {"status": "ready", "rows": None, "bytes": None, "live": False, "origin": None, **words}
    element = BY_NAME["retention"].element(full)
    assert isinstance(element, Version)
    return element
