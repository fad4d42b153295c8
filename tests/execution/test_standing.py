"""What a look at a step costs: calls are counted, for the clock of a busy machine says little."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from reconciler.app.deeds import Attempt, Killed, account
from reconciler.core.address import Address
from reconciler.core.changes import Elements, apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.execution import Applied
from reconciler.execution.looking import undone
from reconciler.execution.standing import standing
from reconciler.facets import BY_NAME
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag

Made = Callable[[int], tuple[Elements, Elements]]


def reversed_columns(number: int) -> tuple[Elements, Elements]:
    live = tuple(Column(f"c{each}", "LONG") for each in range(number))
    return live, live[::-1]


def other_types(number: int) -> tuple[Elements, Elements]:
    names = [f"c{each}" for each in range(number)]
    return tuple(Column(name, "LONG") for name in names), tuple(Column(name, "STRING") for name in names)


class Word(str):
    """A text that calls something when it is compared."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)


def other_tags(number: int) -> tuple[Elements, Elements]:
    live, desired = (tuple(Tag(Word(f"{letter}{each}")) for each in range(number)) for letter in "tu")
    return live, desired


@pytest.mark.parametrize(
    ("facet", "made"), [("schema", reversed_columns), ("schema", other_types), ("tags", other_tags)]
)
def test_the_work_for_a_step_grows_with_it_and_not_with_its_square(facet: str, made: Made) -> None:
    """Whether it is done, what is left of it, and what comes of it: four times as much for four times the changes."""
    assert calls(facet, made(400)) < 5 * calls(facet, made(100))


def calls(facet: str, pair: tuple[Elements, Elements]) -> int:
    live, desired = pair
    step = Step(Address("acme", "orders", facet), "alter", BY_NAME[facet].diff(live, desired), desired)
    killed = Killed(
        step, [Attempt(live, apply(live, step.changes[::2]), settled=True), Attempt(live, desired, settled=True)]
    )
    count = 0

    def counted(*event: object) -> None:
        nonlocal count
        count += event[1] in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        stands = [standing(step, live), standing(step, desired)]
        undone(step, FacetState(live))
        reached = apply(live, step.changes)
        known = [account(Applied(step, before=live, after=desired), None)]
        known.append(account(Applied(step, already=True, before=desired, after=desired), killed))
    finally:
        sys.setprofile(None)
    assert stands == ["pending", "done"]
    assert set(reached) == set(desired)
    assert [each.done for one in known for each in one.deeds] == [True, True, False]
    return count
