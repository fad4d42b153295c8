"""How often a write is made anew, and how long that takes."""

from __future__ import annotations

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.patience import ATTEMPTS
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Journal, Write
from reconciler.execution.tries import Tries
from reconciler.facets.tags import Tag
from tests.support.memory import Memory


@pytest.mark.parametrize(
    ("again", "waits"),
    [(None, []), (0.0, [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]), (2.0, [2.0] * 5 + [3.2] + [5.0] * 3)],
)
def test_each_wait_is_longer_and_none_shorter_than_was_asked_for(again: float | None, waits: list[float]) -> None:
    """Ten attempts, as at anything that is read."""
    slept: list[float] = []
    tries = Tries(slept.append)
    while tries.further(ProviderError("busy", again=again)):
        pass
    assert slept == waits
    assert ATTEMPTS == 10


def test_an_answer_that_stays_mangled_is_given_up_soon() -> None:
    """A page to sign in with does not become an answer."""
    slept: list[float] = []
    tries = Tries(slept.append)
    while tries.further(ProviderError("a web page", again=0.0, mangled=True)):
        pass
    assert slept == [0.1, 0.2]


def test_what_may_have_been_done_stays_uncertain() -> None:
    """A refusal of the next attempt does not tell about the one before."""
    tries = Tries(lambda _: None)
    found = [tries.after(ProviderError("x", uncertain=each)).uncertain for each in (False, True, False)]
    assert found == [False, True, True]


class Contrary(Memory):
    """Does what it is told, and says no."""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        raise ProviderError("the answer is something that is not JSON")


def test_what_is_there_after_a_refusal_was_done() -> None:
    """So that the steps behind it are begun, and an undo plan knows of it."""
    ref, gold = DatasetRef(Address("acme", "orders"), "1"), Tag("gold")
    step = Step(ref.address.of("tags"), "tag", (Add(gold),), (gold,))
    vendor = Contrary({"1": {"tags": ()}}, Principal("user", "900"))
    assert Write(vendor, Journal(None, lambda: 0.0)).perform(ref, step) == Applied(step, before=(), after=(gold,))
