"""What of a step that is written in parts is our work."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from reconciler.app.deeds import Attempt, Killed, Run, killed_before
from reconciler.core.address import Address
from reconciler.core.changes import Drop
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Failed, Journal, Outcome, Write
from reconciler.execution.traces import Done
from reconciler.facets.retention import Version
from tests.support.memory import Memory

REF = DatasetRef(Address("acme", "orders"), "1")
VERSIONS = tuple(Version(f"{number:02}", datetime(2026, 1, 1, tzinfo=UTC)) for number in range(20))
PRUNED = Step(REF.address.of("retention"), "prune", tuple(map(Drop, VERSIONS)), ())
OTHER = replace(VERSIONS[19], rows=7)


@dataclass
class Shared(Memory):
    """Behind the first part somebody else deletes five versions of the second one, and rewrites another."""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        self.datasets[ref.id]["retention"] = (*VERSIONS[15:19], OTHER)


def test_what_somebody_else_did_between_two_parts_is_not_ours() -> None:
    """The second part is not begun, for it is not as it was; of what is gone from it, we took nothing away."""
    vendor = Shared({"1": {"retention": VERSIONS}}, Principal("user", "900"))
    outcome = Write(vendor, Journal(None, lambda: 0.0)).perform(REF, PRUNED)
    assert isinstance(outcome, Failed)
    assert outcome.summary.endswith("; 10 of 20 were done before")
    assert (outcome.before, outcome.after) == ((*VERSIONS[:10], *VERSIONS[15:19], OTHER), (*VERSIONS[15:19], OTHER))


@dataclass
class Refusing(Memory):
    """Refuses what is asked, while somebody else does what nobody asked for."""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        self.datasets[ref.id]["retention"] = VERSIONS[1:]
        raise ProviderError("no")


def test_what_somebody_else_did_during_a_refusal_is_not_ours() -> None:
    """Nothing of ours was done: what is different is his work."""
    few = replace(PRUNED, changes=PRUNED.changes[:2])
    vendor = Refusing({"1": {"retention": VERSIONS}}, Principal("user", "900"))
    outcome = Write(vendor, Journal(None, lambda: 0.0)).perform(REF, few)
    assert outcome == Failed(few, "refused", "no", before=VERSIONS[1:], after=VERSIONS[1:])


@dataclass
class Cut(Memory):
    """Takes away one version, is refused the other."""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        self.datasets[ref.id]["retention"] = VERSIONS[1:]
        raise ProviderError("no", begun=True)


def test_what_was_done_before_a_refusal_is_ours() -> None:
    """It was begun, so what is gone was taken away by us."""
    few = replace(PRUNED, changes=PRUNED.changes[:2])
    vendor = Cut({"1": {"retention": VERSIONS}}, Principal("user", "900"))
    outcome = Write(vendor, Journal(None, lambda: 0.0)).perform(REF, few)
    summary = "no; 1 of 2 were done before"
    assert outcome == Failed(few, "refused", summary, before=VERSIONS, after=VERSIONS[1:])


@dataclass
class Crowded(Memory):
    """Takes away a version of ours and is busy; from then on it only ever is, while somebody else takes them away."""

    failures: list[ProviderError] = field(default_factory=list)

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        self.datasets[ref.id]["retention"] = self.datasets[ref.id]["retention"][1:]
        raise self.failures.pop(0)


class Unhurried(threading.Event):
    """No wait takes any time."""

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        return False


def crowded(count: int, *failures: ProviderError) -> Outcome:
    """What came of taking so many versions away; each attempt fails, and behind each of them one version is gone."""
    step = replace(PRUNED, changes=PRUNED.changes[:count])
    vendor = Crowded({"1": {"retention": VERSIONS}}, Principal("user", "900"), failures=list(failures))
    return Write(vendor, Journal(None, lambda: 0.0), stop=Unhurried()).perform(REF, step)


def busy(*, begun: bool = False, uncertain: bool = False) -> ProviderError:
    return ProviderError("busy", again=0.0, begun=begun, uncertain=uncertain)


FIRST = (VERSIONS[0], *VERSIONS[3:])
"""The versions as they would be without us."""


def test_what_somebody_else_did_while_a_later_attempt_did_nothing_is_not_ours() -> None:
    """The first attempt did something, the second nothing, and the third, behind which it ended, neither."""
    outcome = crowded(5, busy(begun=True), busy(), ProviderError("no"))
    assert isinstance(outcome, Failed)
    assert (outcome.summary, outcome.uncertain) == ("no; 1 of 5 were done before", False)
    assert (outcome.before, outcome.after) == (FIRST, VERSIONS[3:])


def test_what_somebody_else_finished_is_done_and_only_our_part_of_it_ours() -> None:
    """The look behind the third attempt finds nothing left to do."""
    outcome = crowded(3, busy(begun=True), busy(), busy())
    assert isinstance(outcome, Applied)
    assert (outcome.already, outcome.before, outcome.after) == (False, FIRST, VERSIONS[3:])


def test_what_a_lost_attempt_may_still_do_is_not_called_somebody_elses() -> None:
    """It may take effect at any time, so whatever is different may be ours."""
    outcome = crowded(5, busy(uncertain=True), busy(), busy(begun=True), ProviderError("no"))
    assert isinstance(outcome, Failed)
    assert (outcome.uncertain, outcome.before, outcome.after) == (True, VERSIONS, VERSIONS[4:])


@dataclass
class Passing(Memory):
    """Ends each attempt as it is told to, with these elements behind it."""

    ends: list[tuple[ProviderError, tuple[Version, ...]]] = field(default_factory=list)

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        del step, found
        error, self.datasets[ref.id]["retention"] = self.ends.pop(0)
        raise error


def test_what_somebody_undid_and_did_again_is_not_ours() -> None:
    """The first version was ours, until it was put back while we waited; then it went without us."""
    gone = VERSIONS[2:]
    ends = [(busy(begun=True), VERSIONS[1:]), (busy(), VERSIONS), (busy(), gone), (ProviderError("no"), gone)]
    vendor = Passing({"1": {"retention": VERSIONS}}, Principal("user", "900"), ends=ends)
    step = replace(PRUNED, changes=PRUNED.changes[:5])
    outcome = Write(vendor, Journal(None, lambda: 0.0), stop=Unhurried()).perform(REF, step)
    assert isinstance(outcome, Failed)
    assert (outcome.summary, outcome.before, outcome.after) == ("no", gone, gone)


def test_what_was_sent_behind_the_last_look_is_unread() -> None:
    """Of the first part it is known what came of it; of the second one nothing is."""
    first, second = (replace(PRUNED, changes=PRUNED.changes[start : start + 10]) for start in (0, 10))
    done = Done(PRUNED, VERSIONS).and_then(Applied(first, before=VERSIONS, after=VERSIONS[10:]))
    lost = Failed(second, "outcome-unknown", "lost", uncertain=True, before=VERSIONS[10:])
    known = done.and_then(lost).all_told(lost)
    assert (known.before, known.after) == (VERSIONS, VERSIONS[10:])
    assert isinstance(known, Failed)
    assert known.unread == second.changes
    nothing = Done(PRUNED, VERSIONS).and_then(replace(lost, step=first, before=VERSIONS)).all_told(lost)
    assert isinstance(nothing, Failed)
    assert (nothing.after, nothing.unread) == (None, ())


def test_a_journal_has_what_was_there_before_us(tmp_path: Path) -> None:
    """Should its apply be killed, whoever goes on with the plan does not take what a rival did for our work."""
    few = replace(PRUNED, changes=PRUNED.changes[:2])
    journal = Journal(tmp_path / "journal/1.jsonl", lambda: 0.0)
    journal.begin("plan", {"targets": ["acme"]})
    vendor = Refusing({"1": {"retention": VERSIONS}}, Principal("user", "900"))
    Write(vendor, journal).perform(REF, few)
    journal.close()
    expected = Killed(few, [Attempt(VERSIONS[1:], VERSIONS[1:], settled=True)])
    assert killed_before(Run("plan", None, None, None), tmp_path, [few]) == {few.id: expected}
    assert killed_before(Run("plan", None, "1/2", None), tmp_path, [few]) == {}
