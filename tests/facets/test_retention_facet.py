"""The facet `retention`: what it plans, says, reports and holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Drop
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.facet import Outlook, Situation
from reconciler.facets.retention import CODES, Retention, RetentionSection, Version, guard_versions
from reconciler.facets.versions import VersionsSection

NOW = datetime(2023, 6, 15, 12, tzinfo=UTC)
ADDRESS = Address("acme", "orders")
RETENTION = Retention()

THIRD = Version("3", datetime(2023, 3, 31, 14, 21, 13, tzinfo=UTC), rows=18, bytes=458)
FOURTH = Version("4", datetime(2023, 3, 31, 14, 21, 28, tzinfo=UTC), rows=499, bytes=6890)
FIFTH = Version("5", datetime(2023, 4, 2, 8, tzinfo=UTC), rows=1, bytes=1)
HISTORY = (FIFTH, FOURTH, THIRD)


def policy(**section: Any) -> RetentionSection:
    return RetentionSection.model_validate(section)


def situation(section: RetentionSection) -> Situation:
    return Situation(ADDRESS, {"retention": section}, {}, Directory(), Capabilities(frozenset({"retention"})), NOW)


def planned(live: tuple[Version, ...], section: RetentionSection) -> Outlook:
    desired = RETENTION.settle(section, live, situation(section))
    return Outlook(RETENTION.diff(live, desired, section), live, desired)


def held(live: tuple[Version, ...], section: RetentionSection) -> list[tuple[str, str]]:
    found = list(guard_versions({"retention": planned(live, section)}, situation(section)))
    assert all(item.severity == "blocked" and item.address == ADDRESS.of("retention") for item in found)
    return [(item.code, item.summary) for item in found]


def remarked(live: tuple[Version, ...], section: RetentionSection) -> list[Diagnostic]:
    return list(RETENTION.remarks(section, live, situation(section)))


def aged(count: int, **more: Any) -> tuple[Version, ...]:
    return tuple(Version(str(n), NOW - timedelta(days=100 - n), rows=10, **more) for n in range(1, count + 1))


def test_prune_drops_the_oldest_first() -> None:
    """Deletions come oldest first, whatever the order of the answer."""
    outlook = planned(HISTORY, policy(keepLast=1, prune=True))
    assert outlook.changes == (Drop(THIRD), Drop(FOURTH))
    assert outlook.desired == (FIFTH,)


def test_without_prune_nothing_changes() -> None:
    """prune: false is the default and changes nothing."""
    assert planned(HISTORY, policy(keepLast=1)).changes == ()


def test_prune_is_a_destructive_step_that_cannot_be_undone() -> None:
    """Every change is a prune, destructive and irreversible."""
    section = policy(keepLast=1, prune=True)
    changes = planned(HISTORY, section).changes
    assert {RETENTION.verb(change, situation(section)) for change in changes} == {"prune"}
    assert (RETENTION.risk(changes), RETENTION.reversible(changes)) == ("destructive", False)


def test_a_report_says_what_would_go_and_why() -> None:
    """prune: false names the versions, the reasons, and the limit that would hold them."""
    failed = Version("2", datetime(2023, 1, 1, tzinfo=UTC), "failed")
    section = policy(keepLast=1, keepFailedWithin="30d", guards={"maxDeletes": 2})
    assert remarked((*HISTORY, failed), section) == [
        Diagnostic(
            "retention-report",
            "info",
            "3 versions would be deleted: 2 (failed, past keepFailedWithin 30d), 3 and 4 (kept by no rule)",
            ADDRESS.of("retention"),
            "prune: true plans the deletion. That would be held: 3 of 4 versions would be deleted; maxDeletes is 2.",
        )
    ]


def test_a_long_report_names_ten() -> None:
    """The list stays readable."""
    summary = remarked(aged(14), policy(keepLast=1))[0].summary
    assert summary == ("13 versions would be deleted: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more (kept by no rule)")


def test_nothing_to_say() -> None:
    """A dataset within its policy has no remarks, nor has a prune that is planned."""
    assert remarked(HISTORY, policy(keepLast=3)) == []
    assert remarked(HISTORY, policy(keepLast=1, prune=True)) == []


def test_what_only_a_protection_keeps_is_said() -> None:
    """Live data, dates nobody can read and legal holds explain why versions beyond the policy are still there."""
    live = (*aged(2, live=True), Version("u", None), FIFTH)
    summaries = [(item.code, item.severity, item.summary) for item in remarked(live, policy(keepLast=1))]
    assert summaries == [
        ("retention-kept", "warning", "only a missing or unreadable date keeps 1 version: u"),
        ("retention-kept", "info", "only activeData: keep keeps 2 versions: 1 and 2"),
    ]
    hold = {"reason": "case 4711", "by": "legal"}
    assert [item.summary for item in remarked(HISTORY, policy(keepLast=2, legalHold=hold))] == [
        "only the legal hold keeps 1 version: 3"
    ]


def test_a_policy_without_rules_deletes_nothing() -> None:
    """A dataset may set its profile's rules to zero; what is left is refused, and would be harmless."""
    section = policy(keepLast=2, prune=True).model_copy(update={"keep_last": 0})
    assert planned(HISTORY, section).changes == ()
    assert [complaint.code for complaint in Retention().check_whole(section)] == ["retention-empty"]


def test_a_version_that_is_yet_to_be_made_is_not_counted() -> None:
    """And whoever reads the plan is told that the next one may delete more."""
    section = policy(keepLast=3, prune=True)
    sections = {"retention": section, "versions": VersionsSection.model_validate([{"id": "6"}, {"id": "5"}])}
    there = replace(situation(section), sections=sections)
    assert RETENTION.settle(section, HISTORY, there) == (THIRD, FOURTH, FIFTH)
    assert [(item.code, item.summary) for item in RETENTION.remarks(section, HISTORY, there)] == [
        ("version-uncounted", "6 is yet to be made, and counts once it is there")
    ]


def test_pins_that_protect_nothing() -> None:
    """An ended pin and a pin on no version are said; while versions go and are not only reported, it holds the plan."""
    pins = [{"id": 99, "reason": "typo"}, {"id": 5, "reason": "audit", "until": "2023-06-14"}]
    missing = "the pin on version 99 protects nothing: the dataset has no such version"
    assert [(item.code, item.severity, item.summary) for item in remarked(HISTORY, policy(keepLast=3, pins=pins))] == [
        ("pin-without-version", "warning", missing),
        ("pin-expired", "info", "the pin on version 5 ended on 2023-06-14"),
    ]
    pruning = policy(keepLast=1, pins=pins, prune=True)
    assert held(HISTORY, pruning) == [("pin-without-version", missing)]
    assert [item.code for item in remarked(HISTORY, pruning)] == ["pin-expired"]
    reported = [item.code for item in remarked(HISTORY, policy(keepLast=1, pins=pins))]
    assert reported == ["retention-report", "pin-without-version", "pin-expired"]


@pytest.mark.parametrize(
    ("count", "section", "summary"),
    [
        pytest.param(30, {"keepLast": 5, "guards": {"maxDeletePercent": 100}}, None, id="exactly-the-default-count"),
        pytest.param(9, {"keepLast": 1}, None, id="few-versions-have-no-default-percent"),
        pytest.param(
            10, {"keepLast": 6}, "4 of 10 versions would be deleted; maxDeletePercent is 30", id="default-percent"
        ),
        pytest.param(10, {"keepLast": 7}, None, id="exactly-the-default-percent"),
        pytest.param(
            4,
            {"keepLast": 2, "guards": {"maxDeletePercent": 30}},
            "2 of 4 versions would be deleted; maxDeletePercent is 30",
            id="a-given-percent-always-counts",
        ),
        pytest.param(
            5,
            {"keepLast": 1, "guards": {"maxDeletes": 3}},
            "4 of 5 versions would be deleted; maxDeletes is 3",
            id="count",
        ),
    ],
)
def test_too_many_deletions_hold_the_plan(count: int, section: dict[str, Any], summary: str | None) -> None:
    """Above a limit the whole prune is held; nothing is cut off to fit."""
    live, rules = aged(count), policy(**section, prune=True)
    assert len(planned(live, rules).changes) == count - rules.keep_last
    assert held(live, rules) == ([("versions-deleted", summary)] if summary else [])


def test_rows_of_the_live_data_hold_the_plan() -> None:
    """Deleting a piece of the live data deletes rows, and is never done quietly."""
    rules = policy(keepLast=1, activeData="delete", prune=True)
    assert held(aged(3, live=True), rules) == [
        ("live-data-deleted", "2 versions of the live data would be deleted, with 20 rows: 1 and 2")
    ]


def test_every_guard_can_be_explained() -> None:
    """Whatever retention says has a code with a title; what holds a plan can be lifted by name."""
    liftable = {code.name for code in CODES if code.liftable}
    assert liftable == {"versions-deleted", "live-data-deleted", "release-of-hold", "pin-without-version"}
    assert Retention.codes == CODES


def test_a_dataset_without_versions() -> None:
    """Nothing is planned and nothing said."""
    section = policy(keepLast=1, prune=True)
    assert (planned((), section).changes, remarked((), section), held((), section)) == ((), [], [])
