"""What a policy will do, day by day: nothing but the verdicts of each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.facets.retention import RetentionSection, Version, doomed, judge
from reconciler.facets.retention.simulation import Simulation, rhythm_of, simulate
from tests.facets.test_retention_properties import NOW, histories, policies, policy

DAY = timedelta(days=1)
TODAY = datetime(2026, 6, 15, 12, tzinfo=UTC)


def aged(*days: float, **more: Any) -> list[Version]:
    return [Version(str(number), TODAY - timedelta(days=age), **more) for number, age in enumerate(days, start=1)]


def section(**rules: Any) -> RetentionSection:
    return RetentionSection.model_validate(rules)


def going(simulation: Simulation) -> list[tuple[str, list[str]]]:
    return [(f"{prune.at:%m-%d}", [version.id for version in prune.deleted]) for prune in simulation.prunes]


def test_versions_go_when_they_are_old_enough() -> None:
    """minAge keeps the young ones for now; each goes on the day it is that old, none because time goes on."""
    simulation = simulate(aged(30, 5, 3, 1), section(keepLast=1), TODAY, 365)
    assert going(simulation) == [("06-15", ["1"]), ("06-17", ["2"]), ("06-19", ["3"])]
    assert [(fate.version.id, fate.gone) for fate in simulation.kept] == [("4", None)]
    assert [reason.word for reason in simulation.kept[0].reasons] == ["last", "min-versions"]


def test_a_pin_that_ends_lets_its_version_go_the_day_after() -> None:
    """Its last day is still its day."""
    pins = [{"id": 1, "reason": "audit", "until": "2026-06-20"}]
    assert going(simulate(aged(30, 20), section(keepLast=1, pins=pins), TODAY, 30)) == [("06-21", ["1"])]


def test_the_observed_rhythm_goes_on_where_it_is_asked_for() -> None:
    """Weekly uploads: each new one takes the slot of an old one; what it is like is what the others were like."""
    versions = aged(29, 22, 15, 8, 1, rows=10, bytes=100)
    rhythm = rhythm_of(versions, TODAY)
    assert rhythm == timedelta(days=7)
    simulation = simulate(versions, section(keepLast=4), TODAY, 21, rhythm=rhythm)
    assert going(simulation) == [("06-15", ["1"]), ("06-21", ["2"]), ("06-28", ["3"]), ("07-05", ["4"])]
    assert [(fate.version.id, fate.assumed) for fate in simulation.kept] == [
        ("5", False),
        ("+1", True),
        ("+2", True),
        ("+3", True),
    ]
    assert [(prune.rows, prune.bytes) for prune in simulation.prunes] == [(10, 100)] * 4
    assert simulation.kept[-1].version.rows == 10


def test_uploads_that_stayed_away_are_not_made_up() -> None:
    """A dataset that nobody has fed for a year goes on from today."""
    versions = aged(400, 390, 380)
    simulation = simulate(versions, section(keepLast=9), TODAY, 25, rhythm=rhythm_of(versions, TODAY))
    assert [fate.version.created for fate in simulation.fates if fate.assumed] == [TODAY + 10 * DAY, TODAY + 20 * DAY]


def test_a_new_upload_puts_the_old_live_one_out() -> None:
    """REPLACE: only the newest is live. Where all are live, they are pieces of the data, and so is a new one."""
    replaced = [*aged(30, 20), Version("9", TODAY - 10 * DAY, live=True)]
    rules = section(keepLast=1, prune=True)
    assert going(simulate(replaced, rules, TODAY, 10, rhythm=10 * DAY)) == [("06-15", ["1", "2"]), ("06-25", ["9"])]
    assert going(simulate(aged(30, 20, 10, live=True), rules, TODAY, 60, rhythm=10 * DAY)) == []


def test_what_a_guard_would_hold_is_said() -> None:
    """The day's deletions are shown as if allowed, with what holds them until then."""
    rules = section(keepLast=1, activeData="delete", guards={"maxDeletes": 1})
    prune = simulate(aged(30, 20, 10, rows=5, live=True), rules, TODAY, 0).prunes[0]
    assert prune.held == (
        "versions-deleted: 2 of 3 versions would be deleted; maxDeletes is 1",
        "live-data-deleted: 2 versions of the live data would be deleted, with 10 rows: 1 and 2",
    )


def test_no_rhythm_is_found_in_one_version_or_in_equal_moments() -> None:
    """There must be a time between two good versions."""
    twice = [Version("1", TODAY), Version("2", TODAY)]
    assert [rhythm_of(versions, TODAY) for versions in ([], aged(1), twice)] == [None, None, None]


def naive(versions: list[Version], rules: RetentionSection, days: int) -> list[tuple[datetime, set[str]]]:
    """The same by definition: every day every verdict."""
    gone: list[tuple[datetime, set[str]]] = []
    for day in range(days + 1):
        going_now = {version.id for version in doomed(judge(versions, rules, NOW + day * DAY))}
        versions = [version for version in versions if version.id not in going_now]
        gone += [(NOW + day * DAY, going_now)] if going_now else []
    return gone


@settings(max_examples=150, deadline=None)
@given(histories(), policies(), st.integers(0, 60))
def test_a_simulation_is_every_day_s_verdicts(history: list[Version], rules: dict[str, Any], days: int) -> None:
    """No day is skipped on which something would go, and every version has one fate."""
    simulation = simulate(history, policy(rules), NOW, days)
    told = [(prune.at, {version.id for version in prune.deleted}) for prune in simulation.prunes]
    assert told == naive(history, policy(rules), days)
    assert sorted(fate.version.id for fate in simulation.fates) == sorted(version.id for version in history)
