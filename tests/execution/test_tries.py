"""How often a write is made anew, and how long that takes."""

from __future__ import annotations

import errno
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add, Drop
from reconciler.core.patience import ATTEMPTS, PATIENCE
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, Ended, FacetState, ProviderError, Snapshot
from reconciler.core.principals import Principal
from reconciler.execution import INTERRUPTED, Applied, Failed, Journal, Outcome, Write
from reconciler.execution.tries import Tries
from reconciler.facets.permissions import Grant
from reconciler.facets.tags import Tag
from tests.support.memory import Memory

from .test_journal import Disk

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


class Unhurried(threading.Event):
    """Nobody asks to end, and no wait takes any time."""

    waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        self.waits += 1
        return False


@dataclass
class Contrary(Memory):
    """Does what it is told, and says something else."""

    failure: ProviderError = field(default_factory=lambda: ProviderError("no"))
    done: tuple[Tag, ...] = ()

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        self.datasets[ref.id]["tags"] = self.done or self.datasets[ref.id]["tags"]
        raise self.failure


def contrary(failure: ProviderError, stop: threading.Event | None = None, *done: Tag) -> Outcome:
    """What came of it; `done` is what it does in place of what it is told."""
    vendor = Contrary({"1": {"tags": ()}}, Principal("user", "900"), failure=failure, done=done)
    return Write(vendor, Journal(None, lambda: 0.0), stop=stop).perform(REF, TAGGED)


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


def test_what_is_there_before_a_further_attempt_is_there_and_not_ours() -> None:
    """Nothing of ours was done, so somebody else did it: what was sent is told as refused, and needs nothing more."""
    after = (Tag("gold"),)
    expected = Applied(TAGGED, already=True, refused="busy", before=after, after=after)
    assert contrary(ProviderError("busy", again=0.0), Unhurried()) == expected


@dataclass
class Falling(Memory):
    """Says no, and is not there any more when it is asked how things are."""

    failure: ProviderError = field(default_factory=lambda: ProviderError("no"))
    gone: bool = False
    whole: bool = False

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del ref, step, found
        self.gone = True
        raise self.failure

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        if self.gone:
            raise ProviderError("not there", whole=self.whole)
        return super().read(ref, facets)


@pytest.mark.parametrize("again", [None, 0.0])
@pytest.mark.parametrize(("refused", "fell"), [(True, False), (False, True), (False, False)])
def test_a_target_that_fails_at_the_write_or_at_the_look_behind_it_fails_as_a_whole(
    again: float | None, *, refused: bool, fell: bool
) -> None:
    """Either tells that it is of no use to begin another dataset there."""
    vendor = Falling(
        {"1": {"tags": ()}},
        Principal("user", "900"),
        failure=ProviderError("no", whole=refused, again=again),
        whole=fell,
    )
    outcome = Write(vendor, Journal(None, lambda: 0.0), stop=Unhurried()).perform(REF, TAGGED)
    assert outcome == Failed(TAGGED, "refused", "no", whole=refused or fell, before=())


def test_who_ends_it_has_no_target_blamed_for_it() -> None:
    """It might have been reached at the next attempt: others are not begun for they were to end, not for its sake."""
    stop = threading.Event()
    stop.set()
    outcome = contrary(ProviderError("busy", whole=True, begun=True, again=0.0), stop, Tag("none"))
    assert outcome == Failed(TAGGED, INTERRUPTED, "busy", Ended.GO_ON, before=(), after=(Tag("none"),))


def test_what_gets_further_begins_to_count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that may be spent, and the answers that nobody can read, are those since then."""
    now = [0.0]
    monkeypatch.setattr("reconciler.execution.tries.monotonic", lambda: now[0])
    tries, page = Tries(lambda _: None), ProviderError("a web page", again=0.0, mangled=True)
    told = [tries.further(page), tries.further(page)]
    now[0] = PATIENCE - 1
    tries.anew()
    told += [tries.further(page), tries.further(page)]
    now[0] = 2 * PATIENCE - 2
    told.append(tries.further(ProviderError("busy", again=0.0)))
    now[0] = 2 * PATIENCE
    assert told == [True] * 5
    assert not tries.further(ProviderError("busy", again=0.0))


PEOPLE = tuple(Grant(Principal("user", str(number)), "CAN_VIEW") for number in range(30))
REVOKED = Step(REF.address.of("permissions"), "revoke", tuple(map(Drop, PEOPLE)), ())


@dataclass
class Slow(Memory):
    """Takes away two entries, then says that it is busy; never gets below `floor`."""

    floor: int = 0
    lost: bool = False

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        entries = self.datasets[ref.id]["permissions"]
        going = max(0, min(2, len(entries) - self.floor))
        self.datasets[ref.id]["permissions"] = entries[going:]
        if len(entries) > going:
            raise ProviderError("busy", begun=bool(going), again=0.0, uncertain=self.lost)


@pytest.mark.parametrize("lost", [True, False])
def test_what_an_attempt_did_is_told_although_no_further_one_can_be_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lost: bool
) -> None:
    """A disk that is full behind the intent: nothing further is sent, and of what was sent the look tells."""
    journal = Journal(tmp_path / "journal/1.jsonl", lambda: 0.0)
    Disk(monkeypatch, "write", 2, errno.ENOSPC)
    vendor = Slow({"1": {"permissions": PEOPLE}}, Principal("user", "900"), lost=lost)
    outcome = Write(vendor, journal, stop=Unhurried()).perform(REF, REVOKED)
    summary = f"{journal.path} cannot be written: No space left on device; 2 of 30 were done before"
    hint = "Nothing is sent that is not in the journal. Make room on the disk, then apply again."
    left = PEOPLE[2:]
    assert outcome == Failed(REVOKED, "journal-failed", summary, hint, uncertain=lost, before=PEOPLE, after=left)


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
