"""How often a write is made anew, and how long that takes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add, Drop
from reconciler.core.patience import ATTEMPTS
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, Ended, FacetState, ProviderError
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Failed, Journal, Outcome, Write
from reconciler.execution.tries import Tries
from reconciler.facets.permissions import Grant
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


def test_what_is_there_although_nothing_was_sent_is_there_and_not_ours() -> None:
    """Somebody asked to end just before it was sent: nobody was refused anything."""
    after = (Tag("gold"),)
    assert contrary(Ended()) == Applied(TAGGED, already=True, before=after, after=after)


PEOPLE = tuple(Grant(Principal("user", str(number)), "CAN_VIEW") for number in range(30))
REVOKED = Step(REF.address.of("permissions"), "revoke", tuple(map(Drop, PEOPLE)), ())


@dataclass
class Slow(Memory):
    """Takes away two entries, then says that it is busy; never gets below `floor`."""

    floor: int = 0

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        entries = self.datasets[ref.id]["permissions"]
        going = max(0, min(2, len(entries) - self.floor))
        self.datasets[ref.id]["permissions"] = entries[going:]
        if len(entries) > going:
            raise ProviderError("busy", begun=bool(going), again=0.0)


class Unhurried(threading.Event):
    """Nobody asks to end, and no wait takes any time."""

    waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        self.waits += 1
        return False


def revoked(floor: int) -> tuple[Outcome, int]:
    """What came of it, and the waits."""
    vendor, stop = Slow({"1": {"permissions": PEOPLE}}, Principal("user", "900"), floor=floor), Unhurried()
    outcome = Write(vendor, Journal(None, lambda: 0.0), stop=stop).perform(REF, REVOKED)
    return outcome, stop.waits


def test_attempts_that_get_further_are_not_counted() -> None:
    """Fourteen times it is busy, and each time more is done."""
    outcome, waits = revoked(0)
    assert (outcome, waits) == (Applied(REVOKED, before=PEOPLE, after=()), 14)


def test_how_far_it_got_is_said_when_it_gets_no_further() -> None:
    """Ten attempts behind the last one that did anything; what is done is in the outcome."""
    outcome, waits = revoked(20)
    failed = Failed(REVOKED, "refused", "busy; 10 of 30 were done before", before=PEOPLE, after=PEOPLE[10:])
    assert (outcome, waits) == (failed, 5 + ATTEMPTS - 1)
