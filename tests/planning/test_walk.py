"""Every state a dataset passes through while a plan is applied, down to the single change, keeps people's access."""

from __future__ import annotations

import dataclasses
import os
import threading

from hypothesis import HealthCheck, assume, event, given, settings
from msgspec.structs import replace

from reconciler.core.changes import Element
from reconciler.core.plan import Plan, Step
from reconciler.core.ports import OWNER, DatasetRef, FacetState
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Brake, Journal, Write, execute
from reconciler.facets.custody import people
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from tests.support.memory import Memory, State

from .situations import DIRECTORY, DOMO, Case, cases, planned

EXAMPLES = int(os.environ.get("RECONCILER_EXAMPLES", "300"))
RANK = {level: place for place, level in enumerate((*DOMO.levels, OWNER))}


class Witness(Memory):
    """Takes a step's changes one at a time, as a vendor gets requests, and keeps every state in between."""

    def __init__(self, case: Case) -> None:
        super().__init__({case.name: dict(case.live)}, case.actor)
        self.name = case.name
        self.seen: list[State] = [dict(case.live)]
        self.before_writes: list[State] = []

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        self.before_writes.append(self.seen[-1])
        single = step.changes if step.address.facet == "permissions" else ()
        for change in single:
            state = FacetState(self.datasets[self.name]["permissions"])
            super().write(ref, replace(step, changes=(change,)), state)
            self.seen.append(dict(self.datasets[self.name]))
        if not single:
            super().write(ref, step, found)
            self.seen.append(dict(self.datasets[self.name]))


@given(cases())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_nobody_who_keeps_access_is_without_it_at_any_moment(case: Case) -> None:
    """Whoever has access before and after has, in every state between, at least the lower of the two levels."""
    plan, states, _ = applied(case)
    held = [levels(state) for state in states]
    first, last = held[0], held[-1]
    event(f"{len(list(plan.steps))} steps")
    for person in first.keys() & last.keys():
        least = min(RANK[first[person]], RANK[last[person]])
        assert [RANK[state[person]] if person in state else None for state in held] == [
            RANK[state[person]] for state in held if person in state and RANK[state[person]] >= least
        ]


@given(cases())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_there_is_never_a_moment_without_a_person_in_charge(case: Case) -> None:
    """A dataset that a person administers is administered by one in every state."""
    _, states, _ = applied(case)
    assume(humans(states[0]))
    assert all(humans(state) for state in states)


@given(cases())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_the_actor_can_always_go_on(case: Case) -> None:
    """Before every write the account that writes may write, and it ends as it must: still in charge."""
    _, states, before_writes = applied(case)
    assume(case.actor in managers(states[0]))
    assert all(case.actor in managers(state) for state in (*before_writes, states[-1]))


@given(cases())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_an_apply_that_succeeds_is_followed_by_an_empty_plan(case: Case) -> None:
    """Nothing is left for a second run, the former owner included."""
    _, states, _ = applied(case)
    assert list(planned(dataclasses.replace(case, live=states[-1])).steps) == []


def applied(case: Case) -> tuple[Plan, list[State], list[State]]:
    """The plan of `case`, every state of its apply, and the states before each step was written."""
    plan = planned(case)
    assume(plan.applyable)
    witness = Witness(case)
    outcomes = execute(plan, {"acme": Write(witness, Journal(None, lambda: 0.0))}, Silent(), Brake(threading.Event()))
    assert all(isinstance(outcome, Applied) for outcome in outcomes)
    return plan, witness.seen, witness.before_writes


class Silent:
    def began(self, step: Step) -> None:
        del step

    def settled(self, outcome: object) -> None:
        del outcome


def levels(state: State) -> dict[Principal, str]:
    """What each person has, at most."""
    holders: dict[Principal, str] = {}
    elements: tuple[Element, ...] = (*state["permissions"], *state["owner"])
    for element in elements:
        if isinstance(element, Grant):
            holders[element.principal] = element.access
        elif isinstance(element, Owner):
            holders[element.principal] = OWNER
    return {person: level for person, (level, _) in people(holders, DIRECTORY, DOMO).items()}


def managers(state: State) -> set[Principal]:
    return {person for person, level in levels(state).items() if level in DOMO.managing_levels}


def humans(state: State) -> set[Principal]:
    return {person for person in managers(state) if DIRECTORY.is_person(person)}
