"""A prune is written in small parts: each journaled, read back, and judged again before the next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.app.auditing import action, left_out
from reconciler.app.deeds import KILLED, Attempt, Killed, account
from reconciler.core.address import Address
from reconciler.core.changes import Drop, Elements, apply
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError, Snapshot
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Failed, Journal, Outcome, Rehearse, Write
from reconciler.execution.portions import SecondLook, no_second_look
from reconciler.execution.telling import state_of
from reconciler.facets.retention import Version
from tests.support.memory import Memory

START = datetime(2024, 1, 1, tzinfo=UTC)
HISTORY = tuple(Version(str(number), START + timedelta(days=number)) for number in range(30))
REF = DatasetRef(Address("acme", "orders"), "1")


@dataclass
class Vendor(Memory):
    """Notes what it is told to delete, and may refuse one version."""

    deleted: list[list[str]] = field(default_factory=list)
    refused: str = ""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        keys = [change.key for change in step.changes]
        if self.refused in keys:
            raise ProviderError(f"version {self.refused} is in use")
        self.deleted.append(keys)
        self.datasets[ref.id]["retention"] = apply(found.elements, step.changes)


def prune(count: int) -> Step:
    drops = tuple(Drop(version) for version in HISTORY[:count])
    return Step(REF.address.of("retention"), "prune", drops, HISTORY[count:], risk="destructive", reversible=False)


def vendor(refused: str = "") -> Vendor:
    return Vendor({"1": {"retention": HISTORY}}, Principal("user", "900"), refused=refused)


def performed(store: Vendor, count: int, look: SecondLook = no_second_look, journal: Path | None = None) -> Outcome:
    return Write(store, Journal(journal, lambda: 0.0), look).perform(REF, prune(count))


def keys(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last)]


def test_ten_at_a_time_oldest_first_each_in_the_journal(tmp_path: Path) -> None:
    """The whole intent is on disk before the first part, and each part before it is sent."""
    store, path = vendor(), tmp_path / "journal"
    outcome = performed(store, 25, journal=path)
    assert isinstance(outcome, Applied)
    assert (outcome.step, outcome.before, outcome.after) == (prune(25), HISTORY, HISTORY[25:])
    assert store.deleted == [keys(0, 10), keys(10, 20), keys(20, 25)]
    events = [json.loads(line) for line in path.read_text().splitlines()]
    told = [(event["event"], len(event.get("keys", event.get("changes", ())))) for event in events]
    assert told == [("intent", 25), ("portion", 10), ("portion", 10), ("portion", 5), ("outcome", 0)]


def test_a_part_that_fails_stops_the_rest_and_says_how_many_went() -> None:
    """What went is in the outcome."""
    store = vendor(refused="14")
    outcome = performed(store, 25)
    assert isinstance(outcome, Failed)
    assert outcome.summary == "version 14 is in use; 10 of 25 were done before"
    assert (outcome.step, outcome.after) == (prune(25), HISTORY[10:])


@dataclass
class Blind(Vendor):
    """Cannot be read any more once so many versions are left; the last write before that may be lost."""

    left: int = 0
    lost: bool = False

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        if self.deleted and len(self.datasets[ref.id]["retention"]) <= self.left:
            raise ProviderError("no right to read")
        return super().read(ref, facets)

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        if self.lost and len(self.datasets[ref.id]["retention"]) <= self.left:
            raise ProviderError("no answer", uncertain=True)


def test_what_nobody_read_back_is_told_apart_from_what_is_known_to_be_gone() -> None:
    """The first part was read back, the second was not, the third was never sent."""
    store = Blind({"1": {"retention": HISTORY}}, Principal("user", "900"), left=10, lost=True)
    outcome = performed(store, 25)
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.uncertain) == ("outcome-unknown", True)
    assert outcome.summary == "no answer; 10 of 25 were done before"
    assert (outcome.before, outcome.after) == (HISTORY, HISTORY[10:])
    assert outcome.unread == prune(25).changes[10:20]
    told = account(outcome, None)
    assert [(each.step.changes, each.done) for each in told.deeds] == [(prune(10).changes, True)]
    assert [each.step.changes for each in told.doubts] == [prune(25).changes[10:20]]


def test_a_killed_apply_tells_the_audit_log_the_same(tmp_path: Path) -> None:
    """Its line is made from its journal: what was sent behind the last reading is named there, too."""
    journal = Journal(tmp_path / "journal/1.jsonl", lambda: 0.0)
    journal.begin("plan", {"targets": ["acme"]})
    store = Blind({"1": {"retention": HISTORY}}, Principal("user", "900"), left=10, lost=True)
    outcome = Write(store, journal).perform(REF, prune(25))
    journal.close()
    ((_, (line,)),) = left_out(tmp_path, frozenset({"acme"}), None)
    told = action(outcome, "1")
    assert told is not None
    assert told["unread"] == keys(10, 20)
    assert line == {"at": "1970-01-01T00:00:00+00:00", **told, "recovered": True}


@dataclass
class Third(Vendor):
    """Stands two readings."""

    readings: int = 0

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        self.readings += 1
        if self.readings > 2:
            raise ProviderError("no right to read")
        return super().read(ref, facets)


def test_what_went_is_told_although_no_further_part_can_be_looked_at() -> None:
    """Nothing is uncertain: what was sent was read back."""
    outcome = performed(Third({"1": {"retention": HISTORY}}, Principal("user", "900")), 25)
    summary = "no right to read; 10 of 25 were done before"
    assert outcome == Failed(prune(25), "refused", summary, before=HISTORY, after=HISTORY[10:])
    assert state_of(outcome) == "partly"
    assert account(outcome, None).doubts == ()


def test_what_is_no_longer_wanted_is_left_in_any_part() -> None:
    """A pin that comes while the first part goes still saves a version of the last one."""
    store = vendor()

    def look(step: Step, found: Elements) -> Mapping[str, str]:
        del step
        return {"24": "pinned"} if len(found) < len(HISTORY) else {}

    outcome = performed(store, 25, look)
    assert isinstance(outcome, Applied)
    assert store.deleted == [keys(0, 10), keys(10, 20), keys(20, 24)]
    assert outcome.spared == ("version 24 of 2024-01-25 (pinned)",)
    assert [change.key for change in outcome.step.changes] == keys(0, 24)


def test_a_version_that_changed_since_the_plan_holds_all_of_it() -> None:
    """Before the first part everything is compared with the plan."""
    store = vendor()
    changed = Version("24", START, modified=START)
    store.datasets["1"]["retention"] = (*HISTORY[:24], changed, *HISTORY[25:])
    outcome = performed(store, 25)
    assert isinstance(outcome, Failed)
    assert (outcome.code, store.deleted) == ("moved-since-plan", [])


def test_a_rehearsal_tells_every_part() -> None:
    """As it would be sent."""
    store = vendor()
    assert isinstance(Rehearse(store).perform(REF, prune(25)), Applied)
    assert [len(part) for part in store.deleted] == [10, 10, 5]


@pytest.mark.parametrize(("count", "portions"), [(10, 0), (11, 2), (20, 2), (21, 3)])
def test_a_part_is_noted_where_there_are_several(count: int, portions: int, tmp_path: Path) -> None:
    """Nothing is added to the intent where there is nothing to add."""
    performed(vendor(), count, journal=tmp_path / "journal")
    events = [json.loads(line)["event"] for line in (tmp_path / "journal").read_text().splitlines()]
    assert events == ["intent", *["portion"] * portions, "outcome"]


def test_what_a_killed_apply_deleted_is_told_beside_what_goes_now() -> None:
    """It was killed between two parts; the step that goes on is planned as it was, and has less left to do."""
    store = vendor()
    store.datasets["1"]["retention"] = HISTORY[10:]
    killed = Killed(prune(25), [Attempt(HISTORY, None, settled=False)])
    told = account(performed(store, 25), killed)
    assert [each.step.changes for each in told.deeds] == [prune(25).changes[10:]]
    assert [(each.step.changes, each.why) for each in told.doubts] == [(prune(10).changes, KILLED)]
