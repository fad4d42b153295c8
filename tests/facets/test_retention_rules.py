"""One sentence per rule of retention: what stays, and for which reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.facets.retention import RetentionSection, Verdict, Version, judge

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOLD = {"reason": "case 4711", "by": "legal@acme.example"}


def old(identifier: str, days: float, **more: Any) -> Version:
    """A version made so many days before NOW."""
    return Version(identifier, NOW - timedelta(days=days), **more)


def judged(versions: list[Version], **section: Any) -> dict[str, Verdict]:
    policy = RetentionSection.model_validate(section)
    return {verdict.version.id: verdict for verdict in judge(versions, policy, NOW)}


def deleted(versions: list[Version], **section: Any) -> list[str]:
    return [name for name, verdict in judged(versions, **section).items() if not verdict.keep]


HISTORY = [old("1", 90), old("2", 60), old("3", 30), old("4", 10)]


def test_what_no_rule_keeps_goes() -> None:
    """keepLast 2 of four old versions: the two oldest go, and the verdict says why."""
    verdicts = judged(HISTORY, keepLast=2)
    assert [name for name, verdict in verdicts.items() if not verdict.keep] == ["1", "2"]
    assert [(reason.word, reason.text) for reason in verdicts["1"].reasons] == [("unkept", "kept by no rule")]


def test_every_reason_is_given() -> None:
    """A version that several rules keep names them all, the strongest first."""
    verdicts = judged(HISTORY, keepLast=1, keepWithin="5d", keepDaily=2, pins=[{"id": 4, "reason": "SOX baseline"}])
    assert [(reason.word, reason.text) for reason in verdicts["4"].reasons] == [
        ("pin", "pinned: SOX baseline"),
        ("last", "last 1 of 1"),
        ("within", "within 5d of the newest good version"),
        ("daily", "newest of day 2026-06-05, daily 1 of 2"),
        ("min-versions", "the newest good version"),
    ]


def test_keep_within_is_measured_from_the_newest_good_version() -> None:
    """A dataset that nobody feeds does not melt away; a version exactly as old as the window goes."""
    assert deleted([old("1", 1000), old("2", 970), old("3", 965)], keepWithin="30d") == ["1"]
    assert deleted([old("1", 1000), old("2", 970), old("3", 965)], keepWithin="35d") == ["1"]
    assert deleted([old("1", 1000), old("2", 970), old("3", 965)], keepWithin="35d1h") == []


def test_a_failed_upload_is_no_measure() -> None:
    """The newest version failed: windows and slots go by the newest good one."""
    versions = [old("1", 50), old("2", 40), old("3", 20, status="failed")]
    assert deleted(versions, keepWithin="5d") == ["1"]
    assert deleted(versions, keepLast=1) == ["1"]


def test_what_training_made_fills_no_slot() -> None:
    """It stays anyway; were it counted, three trainings would have taken the place of the history asked for."""
    trained = [old(name, days, origin="a model's training") for name, days in (("t1", 25), ("t2", 9), ("t3", 8))]
    assert deleted([*HISTORY, *trained], keepLast=2) == deleted(HISTORY, keepLast=2) == ["1", "2"]
    assert deleted([*HISTORY, *trained], keepMonthly=2) == deleted(HISTORY, keepMonthly=2)
    assert deleted([*HISTORY, *trained], keepWithin="21d") == deleted(HISTORY, keepWithin="21d") == ["1", "2"]
    verdicts = judged([*HISTORY, *trained], keepLast=9, guards={"minVersions": 2})
    assert [verdicts["t3"].words, verdicts["3"].words] == [("origin",), ("last", "min-versions")]


def test_what_training_made_only_keeps_more() -> None:
    """A dataset of nothing but trainings loses nothing, not even its failed uploads: there is no good version."""
    trained = [old("t", 9, origin="a model's training"), old("f", 90, status="failed")]
    assert deleted(trained, keepLast=1, keepFailedWithin="1d") == []


def test_weeks_are_iso_weeks_in_utc() -> None:
    """Sunday 23:30 in New York is Monday in UTC, and a new week; 29 December 2025 belongs to week 1 of 2026."""
    sunday = Version("1", datetime.fromisoformat("2025-11-30T23:00:00+00:00"))
    monday = Version("2", datetime.fromisoformat("2025-11-30T23:30:00-05:00"))
    december = Version("3", datetime(2025, 12, 29, tzinfo=UTC))
    verdicts = judged([sunday, monday, december], keepWeekly=3)
    assert [verdict.reasons[0].text for verdict in verdicts.values()] == [
        "newest of week 2025-W48, weekly 3 of 3",
        "newest of week 2025-W49, weekly 2 of 3",
        "newest of week 2026-W01, weekly 1 of 3",
    ]


def test_the_oldest_stays_while_counts_are_left() -> None:
    """Two months under monthly 3: the newest of each and the oldest of all; with monthly 2 the oldest goes."""
    versions = [old("1", 74), old("2", 73), old("3", 40), old("4", 39)]
    assert deleted(versions, keepMonthly=3) == ["3"]
    assert judged(versions, keepMonthly=3)["1"].reasons[0].text == "the oldest, with monthly 2 of 3 used"
    assert deleted(versions, keepMonthly=2) == ["1", "3"]
    assert deleted(versions, keepWithinMonthly="1y") == ["3"]
    assert judged(versions, keepWithinMonthly="1y")["1"].reasons[0].text == "the oldest, monthly within 1y"
    assert deleted(versions, keepWithinMonthly="35d") == ["1", "3"]


@pytest.mark.parametrize(
    ("spared", "word", "text"),
    [
        pytest.param(old("1", 90, status="unsettled"), "unsettled", "still being made", id="unsettled"),
        pytest.param(Version("1", None), "undated", "its date is missing or unreadable", id="undated"),
        pytest.param(old("1", -1), "future", "dated after the moment of the plan", id="future"),
        pytest.param(old("1", 90, origin="training"), "origin", "made for training", id="origin"),
        pytest.param(old("1", 90, in_use="an export"), "in-use", "in use by an export", id="in-use"),
        pytest.param(old("1", 90, live=True), "live-data", "a piece of the live data", id="live"),
        pytest.param(old("1", 90, status="failed"), "failed", "failed uploads stay", id="failed"),
        pytest.param(old("1", 6.9), "min-age", "younger than 7d", id="young"),
    ],
)
def test_protected_whatever_the_rules_say(spared: Version, word: str, text: str) -> None:
    """A protection keeps what no rule wants."""
    newest = old("9", 1)
    reason = judged([spared, newest], keepLast=1)["1"].reasons[0]
    assert (reason.word, reason.text) == (word, text)


def test_a_future_version_fills_no_slot() -> None:
    """A clock that runs ahead must not push the real newest version out."""
    verdicts = judged([old("1", 30), old("2", 20), old("3", -400)], keepLast=1)
    assert [name for name, verdict in verdicts.items() if not verdict.keep] == ["1"]


def test_a_legal_hold_keeps_everything() -> None:
    """While the hold stands in the manifest nothing goes; it needs no other rule."""
    assert deleted(HISTORY, keepLast=1, legalHold=HOLD) == []
    verdict = judged(HISTORY, legalHold=HOLD)["1"]
    assert verdict.reasons[0].text == "legal hold by legal@acme.example: case 4711"


@pytest.mark.parametrize(
    ("until", "gone"), [("2026-06-15", ["2", "3"]), ("2026-06-14", ["1", "2", "3"])], ids=["last-day", "day-after"]
)
def test_a_pin_holds_through_its_last_day(until: str, gone: list[str]) -> None:
    """From midnight UTC after `until` a pin protects nothing."""
    assert deleted(HISTORY, keepLast=1, pins=[{"id": "1", "reason": "audit", "until": until}]) == gone


@pytest.mark.parametrize("identifier", [3, "3"])
def test_a_pin_may_be_a_number_or_text(identifier: object) -> None:
    """Domo counts versions, YAML reads numbers: 3 and "3" are the same version."""
    assert deleted(HISTORY, keepLast=1, pins=[{"id": identifier, "reason": "x"}]) == ["1", "2"]


def test_old_failures_go_when_asked_for() -> None:
    """keepFailedWithin lets failed uploads go, measured from the newest good version, never the young ones."""
    versions = [
        old("1", 80, status="failed"),
        old("2", 40, status="failed"),
        old("3", 38),
        old("4", 2, status="failed"),
    ]
    verdicts = judged(versions, keepLast=1, keepFailedWithin="30d")
    assert [name for name, verdict in verdicts.items() if not verdict.keep] == ["1"]
    assert verdicts["1"].reasons[0].text == "failed, past keepFailedWithin 30d"
    assert deleted([old("1", 80, status="failed")], keepLast=1, keepFailedWithin="30d") == []
    assert deleted([old("1", 68, status="failed"), old("3", 38)], keepLast=1, keepFailedWithin="30d") == ["1"]


def test_active_data_may_be_given_up() -> None:
    """activeData: delete judges pieces of the live data like any other version."""
    versions = [old("1", 90, live=True), old("2", 60, live=True), old("3", 30, live=True)]
    assert deleted(versions, keepLast=1) == []
    assert deleted(versions, keepLast=1, activeData="delete") == ["1", "2"]


def test_min_versions_are_the_newest_ones() -> None:
    """minVersions counts from the newest, however many old ones a pin keeps."""
    guards = {"minVersions": 3}
    assert deleted(HISTORY, keepLast=1, guards=guards) == ["1"]
    assert deleted(HISTORY, keepLast=1, guards=guards, pins=[{"id": 1, "reason": "x"}]) == []


def test_min_age_is_measured_from_the_plan() -> None:
    """A version exactly as old as minAge may go."""
    assert deleted([old("1", 7), old("2", 6.99), old("3", 1)], keepLast=1) == ["1"]
    assert deleted([old("1", 7), old("2", 6.99), old("3", 1)], keepLast=1, guards={"minAge": "0d"}) == ["1", "2"]


def test_of_two_made_at_once_the_higher_id_is_newer() -> None:
    """Ids that are numbers are compared as numbers."""
    assert deleted([old("10", 30), old("9", 30)], keepLast=1) == ["9"]
