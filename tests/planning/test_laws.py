"""Laws that hold between live, desired, changes and steps, whatever the facet and wherever an apply is broken off."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconciler.core.address import Address
from reconciler.core.changes import Element, Elements, apply
from reconciler.core.diagnostics import RANK as RANKS
from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.plan import Plan
from reconciler.core.ports import OWNER
from reconciler.execution import Applied, Brake, Journal, Write, execute
from reconciler.execution.standing import standing
from reconciler.facets import BY_NAME, SEQUENCE
from reconciler.facets.permissions import Grant
from reconciler.facets.schema import SchemaSection
from reconciler.planning import Desired, DesiredDataset, Limits, TargetView, plan
from reconciler.providers import by_name
from tests.report.report_strategies import ELEMENTS
from tests.support.memory import Memory

from .situations import ALL, ALLOWED, AS_OF, DIRECTORY, DOMO, Case, cases, planned, principal
from .test_walk import RANK, Silent, Witness, levels

EXAMPLES = int(os.environ.get("RECONCILER_EXAMPLES", "40"))
FEW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
SINGLE = {"owner", "schedule"}


def states(name: str) -> st.SearchStrategy[Elements]:
    """Any state of one facet: elements with keys of their own, at most one where there is only one."""
    most = 1 if name in SINGLE else 6
    elements: st.SearchStrategy[Element] = ELEMENTS[name]
    return st.lists(elements, max_size=most, unique_by=lambda element: element.key).map(tuple)


def pairs(name: str) -> st.SearchStrategy[tuple[Elements, Elements]]:
    """Live and desired, often with elements in common."""
    return states(name).flatmap(
        lambda live: st.tuples(
            st.just(live),
            states(name)
            | st.permutations(live).map(tuple)
            | st.tuples(states(name), st.permutations(live)).map(lambda two: united(*two)),
        )
    )


def united(one: Elements, other: Any) -> Elements:
    return tuple({element.key: element for element in (*one, *other)}.values())


def as_mapping(value: Any) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def as_set(elements: Elements) -> dict[str, Element]:
    return {element.key: element for element in elements}


@pytest.mark.parametrize("name", BY_NAME)
@given(data=st.data())
@FEW
def test_what_a_diff_says_makes_live_desired(name: str, data: st.DataObject) -> None:
    """Applied once or twice, the changes lead from live to desired, and each is then found to hold."""
    facet = BY_NAME[name]
    live, desired = data.draw(pairs(name))
    assume(name not in SINGLE or desired)
    changes = facet.diff(live, desired)
    reached = apply(live, changes)
    assert as_set(reached) == as_set(desired)
    assert apply(reached, changes) == reached
    assert all(map(facet.holding(desired, desired), changes))
    assert len({change.key for change in changes}) == len(changes)


@pytest.mark.parametrize("name", BY_NAME)
@given(data=st.data())
@FEW
def test_what_is_as_it_should_be_has_no_changes(name: str, data: st.DataObject) -> None:
    """Nothing differs from itself, and only the schema minds the order."""
    state = data.draw(states(name))
    assert BY_NAME[name].diff(state, state) == ()
    if name != "schema":
        assert BY_NAME[name].diff(tuple(data.draw(st.permutations(state))), state) == ()


@given(pairs("schema"), st.data())
@FEW
def test_a_rename_leads_where_a_drop_and_an_addition_do(two: tuple[Elements, Elements], data: st.DataObject) -> None:
    """`renamedFrom`, true or mistaken, explains; it never changes the result."""
    live, desired = two
    names = [element.key for element in live] or ["x"]
    former = st.none() | st.sampled_from(names)
    columns = []
    for column in desired:
        words = dict(as_mapping(BY_NAME["schema"].words(column)))
        if (name := data.draw(former)) is not None:
            words["renamedFrom"] = name
        columns.append(words)
    assume(columns)
    section = SchemaSection.model_validate({"columns": columns})
    changes = BY_NAME["schema"].diff(live, desired, section)
    assert as_set(apply(live, changes)) == as_set(desired)


@given(cases())
@FEW
def test_what_is_settled_stays_settled(case: Case) -> None:
    """A facet that has become what it should be wants nothing else."""
    first = planned(case)
    assume(first.applyable)
    live = {**case.live, **{step.address.facet: step.desired for step in first.steps}}
    owner_stays = not any(step.address.facet == "owner" for step in first.steps)
    assume(owner_stays)
    assert list(planned(replace(case, live=live)).steps) == []


@given(cases())
@FEW
def test_steps_are_in_one_total_order(case: Case) -> None:
    """No id twice, the sequence never goes back, and nothing needs what comes later."""
    steps = list(planned(case).steps)
    assert len({step.id for step in steps}) == len(steps)
    places = [SEQUENCE.index(step.verb) for step in steps]
    assert places == sorted(places)
    known: set[str] = set()
    for step in steps:
        assert set(step.needs) <= known
        known.add(step.id)


@given(cases())
@FEW
def test_an_apply_that_is_broken_off_anywhere_is_finished_by_the_next(case: Case) -> None:
    """Even between two requests of one step: no guard stands in the way, and the end is the same.

    But for one thing: once the former owner of an additive list is a co-owner like any other, nothing tells that the
    broken apply was about to lower him; an additive list never lowers anybody.
    """
    first = planned(case)
    assume(first.applyable)
    witness, _ = performed(case, first)
    for state in witness.seen[1:-1]:
        rest = replace(case, live=state)
        again = planned(rest)
        assert not again.blocked, again.diagnostics
        if again.changed:
            end, failed = performed(rest, again)
            assert failed == []
            state = end.seen[-1]  # noqa: PLW2901 - the state that the second apply leaves
        there, here = levels(witness.seen[-1]), levels(state)
        if forgives(case):
            assert {who for who, level in there.items() if RANK[here.get(who, level)] < RANK[level]} == set()
            assert there.keys() <= here.keys()
        else:
            assert {name: as_set(elements) for name, elements in state.items()} == {
                name: as_set(elements) for name, elements in witness.seen[-1].items()
            }


def forgives(case: Case) -> bool:
    """Whether an additive list names an owner who hands over."""
    former = {element.key for element in case.live["permissions"] if getattr(element, "access", "") == OWNER}
    grants = case.spec.get("permissions", {"mode": "", "grants": ()})
    named = {Grant(principal(grant["principal"]), "").key for grant in grants["grants"]}
    return grants["mode"] == "additive" and bool(former & named)


@given(cases())
@FEW
def test_a_saved_plan_that_was_half_applied_finds_what_is_done(case: Case) -> None:
    """Each step of the plan stands as done once it is, and never as moved because of an earlier one."""
    first = planned(case)
    assume(first.applyable)
    witness, _ = performed(case, first)
    for step in first.steps:
        assert standing(step, witness.datasets[case.name][step.address.facet]) in {"done", "pending"}


@given(cases(), st.booleans())
@FEW
def test_a_created_dataset_has_an_empty_second_plan(case: Case, by_a_robot: bool) -> None:  # noqa: FBT001
    """Born with what its creator gets, and settled in the same run."""
    actor = principal("user:robot" if by_a_robot else "user:ada")
    spec = {**case.spec, "schema": case.spec.get("schema", {"columns": [{"name": "id", "type": "LONG"}]})}
    newborn = by_name()["domo"].newborn(actor)
    target = TargetView("domo", DOMO, DIRECTORY, actor, newborn)
    sections = replace(case, spec=spec).sections
    unborn = DesiredDataset(Address("acme", "n"), None, sections)
    first = plan(Desired((unborn,), {"acme": target}, Limits(ALL, ALL, ALL)), [(unborn, None)], AS_OF, ALLOWED)
    assume(first.applyable)
    memory = Memory({}, actor)
    ids: dict[Address, str] = {}
    outcomes = execute(
        first,
        {"acme": Write(memory, Journal(None, lambda: 0.0))},
        Silent(),
        Brake(threading.Event()),
        born=ids.__setitem__,
    )
    assert [outcome for outcome in outcomes if not isinstance(outcome, Applied)] == []
    assert list(ids) == [Address("acme", "n")]
    live = {name: memory.datasets[ids[Address("acme", "n")]].get(name, ()) for name in BY_NAME}
    assert list(planned(Case(live, spec, actor, "n")).steps) == []


severities = st.sampled_from(tuple(RANKS))
few = st.sampled_from(("", "a", "a.tags", "tags"))
diagnostics = st.builds(
    Diagnostic,
    few,
    severities,
    few,
    st.none() | st.builds(Address, few, few, few),
    st.none() | few,
    st.none() | st.builds(Source, few, st.integers(0, 1), st.integers(0, 1)),
)


@given(diagnostics, diagnostics)
@settings(max_examples=20 * EXAMPLES, deadline=None)
def test_findings_that_differ_have_an_order(one: Diagnostic, other: Diagnostic) -> None:
    """However alike they look; else the order of a set would show in output."""
    assume(one.address != Address("", "") != other.address)
    assert (one.sort_key == other.sort_key) == (one == other)
    assert ordered([one, other]) == ordered([other, one])


def performed(case: Case, given_plan: Plan) -> tuple[Witness, list[object]]:
    """Who saw the apply of a plan, and what failed in it."""
    witness = Witness(case)
    performer = Write(witness, Journal(None, lambda: 0.0))
    outcomes = execute(given_plan, {"acme": performer}, Silent(), Brake(threading.Event()))
    return witness, [outcome for outcome in outcomes if not isinstance(outcome, Applied)]
