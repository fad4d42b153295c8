"""What Domo knows around a dataset: cards, history, runs; and what the product makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.workspaces import open_workspace
from reconciler.core.insight import Insight, Run
from reconciler.core.plan import Dependent
from reconciler.core.ports import DatasetRef, ProviderError
from reconciler.core.principals import Principal
from reconciler.facets.tags import Tag
from reconciler.providers.domo.about import about
from reconciler.sandbox import OBSERVED, World
from tests.providers.connected import COVID, ROLES, Bench, Start, ref
from tests.providers.product import Case, world_around
from tests.providers.test_domo_endpoints import ACTIVITY
from tests.providers.test_domo_shapes import session

BOTH = pytest.mark.parametrize("world", [World(), OBSERVED], ids=["documented", "observed"])
AGES = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def insight(bench: Bench) -> Insight:
    assert isinstance(bench.session, Insight)
    return bench.session


@BOTH
def test_cards_are_named_with_their_owners(start: Start, world: World) -> None:
    """002, Get Cards for a Dataset ID; the documents' own cards."""
    assert insight(start(world)).dependents(ref(ACTIVITY)) == (
        Dependent("card", "93905300", "Page Views by User", ("Bryan Riff",)),
        Dependent("card", "100292082", "DataFlow Creation", ("Scott Wilson",)),
    )


@BOTH
def test_the_history_of_a_dataset_is_told_newest_first(start: Start, world: World) -> None:
    """From its own history or from the audit log, whichever the server has; only of the time asked for."""
    bench = start(world)
    bench.write(ROLES, "tags", Tag("a"))
    bench.write(ROLES, "tags", Tag("a"), Tag("b"))
    told = insight(bench).events(ref(ROLES), *AGES)
    assert told is not None
    assert [(event.who, event.what) for event in told[:2]] == [
        (Principal("user", "901"), "Tags set: a, b."),
        (Principal("user", "901"), "Tags set: a."),
    ]
    assert insight(start(world)).events(ref(ROLES), AGES[0], AGES[0] + timedelta(1)) == ()


@pytest.mark.parametrize(
    ("entry", "facets"),
    [
        ("Column 'column1' type changed from STRING to TEXT.", {"schema"}),
        ("Dataset created with 2 columns.", None),
        ("Tags set: owner, shared.", {"tags"}),
        ("Shared with USER 102.", {"owner", "permissions"}),
        ("Owner changed to USER 102.", {"owner", "permissions"}),
        ("Tags and schedule changed.", {"tags", "schedule", "schema", "retention"}),
        ("Updated the settings of the dataset", None),
        ("UPDATED", None),
        ("", None),
    ],
)
def test_an_entry_is_about_what_its_words_name(entry: str, facets: set[str] | None) -> None:
    """The first two are those of 002; names that people chose tell nothing, and other words leave it open."""
    assert about(entry) == facets


def test_the_audit_log_is_read_once_for_all_datasets(start: Start) -> None:
    """One list for the whole instance."""
    bench = start(OBSERVED)
    for dataset in (ROLES, COVID, ROLES):
        insight(bench).events(ref(dataset), *AGES)
    assert sum("user-audits" in asked for asked in bench.asked()) == 1


def test_a_server_without_any_history_says_nothing() -> None:
    """Neither endpoint is there: nobody is named, and it is no failure."""
    assert session({COVID: {"id": COVID}}).events(ref(COVID), *AGES) is None


@BOTH
def test_runs_are_told_with_how_they_ended(start: Start, world: World) -> None:
    """002, Stream Execution History: two runs that went well. A dataset without a stream has none."""
    bench = start(world)
    ended = [datetime.fromtimestamp(seconds, UTC) for seconds in (1656009824, 1656008009)]
    assert insight(bench).runs(ref(COVID), 3) == (Run(ended[0], failed=False), Run(ended[1], failed=False))
    assert insight(bench).runs(ref(COVID), 1) == (Run(ended[0], failed=False),)
    assert insight(bench).runs(ref(ROLES), 3) is None


def test_a_time_that_cannot_be_is_an_answer_that_cannot_be_understood() -> None:
    """A number beyond any calendar must not end the run."""
    run = {"streamId": 7, "executionId": 1, "currentState": "SUCCESS", "startedAt": 1, "endedAt": 10**30}
    answers = {f"/datasources/{COVID}": {"id": COVID, "streamId": 7}, "/streams/7/history/aggregate": [run]}
    with pytest.raises(ProviderError, match="where a time should be"):
        session(answers).runs(ref(COVID), 1)


def test_a_failed_question_is_an_error(start: Start) -> None:
    """It is the caller who decides that no plan rests on it."""
    bench = start()
    bench.sandbox.faults.script("GET", "*", "401", times=9)
    with pytest.raises(ProviderError):
        insight(bench).dependents(DatasetRef(ref(ROLES).address, ROLES))


def history(*states: str) -> list[dict[str, Any]]:
    return [
        {"streamId": 371, "executionId": 40_000 + number, "currentState": state, "startedAt": 1_790_000_000 + number}
        for number, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("ERROR", "ERROR", "INVALID"), 1),
        (("ERROR", "ERROR", "ERROR", "ACTIVE"), 1),
        (("SUCCESS", "ERROR", "ERROR", "ERROR"), 1),
        (("ERROR", "SUCCESS", "ERROR", "ERROR"), 0),
        (("ERROR", "ERROR", "ERROR", "WARNING"), 0),
    ],
    ids=["all failed", "one is running", "went well before", "went well between", "went well last"],
)
@BOTH
def test_a_schedule_that_keeps_failing_is_reported(
    start: Start, tmp_path: Path, world: World, states: tuple[str, ...], told: int
) -> None:
    """Three failed runs in a row, oldest first here; the plan itself stays as it is."""
    bench = start(world)
    stream = {**bench.sandbox.snapshot()["domo"]["stream"]["371"], "history": history(*states)}
    bench.sandbox.seed({"domo": {"streams": [stream]}})
    spec = {"schedule": {"type": "MINUTE", "interval": 30, "timezone": "UTC"}}
    case = Case({}, {"covid": {"metadata": {"name": "covid", "id": COVID}, "spec": spec}})
    plan = make_plan(open_workspace(case.write(tmp_path, bench.url)), PlanOptions(news=True), world_around()).plan
    assert plan.changed == ()
    expected = "the last 3 runs of its schedule failed, the last at 2026-09-21 "
    found = [item.summary.startswith(expected) for item in plan.diagnostics if item.code == "schedule-failing"]
    assert found == [True] * told
