"""How often a write is made anew, and how long that takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.patience import ATTEMPTS
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Journal, Outcome, Write
from reconciler.execution.tries import Tries
from reconciler.facets.tags import Tag
from tests.support.memory import Memory

REF = DatasetRef(Address("acme", "orders"), "1")
TAGGED = Step(REF.address.of("tags"), "tag", (Add(Tag("gold")),), (Tag("gold"),))


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


@dataclass
class Contrary(Memory):
    """Does what it is told, and says something else."""

    failure: ProviderError = field(default_factory=lambda: ProviderError("no"))

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        raise self.failure


def contrary(failure: ProviderError) -> Outcome:
    vendor = Contrary({"1": {"tags": ()}}, Principal("user", "900"), failure=failure)
    return Write(vendor, Journal(None, lambda: 0.0)).perform(REF, TAGGED)


def test_what_is_there_after_a_lost_answer_was_done() -> None:
    """So that the steps behind it are begun, and an undo plan knows of it."""
    lost = ProviderError("the answer is something that is not JSON", uncertain=True)
    assert contrary(lost) == Applied(TAGGED, before=(), after=(Tag("gold"),))


def test_what_is_there_after_a_refusal_is_there_and_not_ours() -> None:
    """The steps behind it are begun; a rival may have done it, so no undo plan takes it back."""
    after = (Tag("gold"),)
    assert contrary(ProviderError("no")) == Applied(TAGGED, already=True, refused="no", before=after, after=after)
