"""The keep rules mean what restic's documentation says they mean.

Tables and examples: restic's manual, "Removing backup snapshots" (doc/060_forget.rst), and its forum, thread 7091.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.facets.retention import Duration, RetentionSection, Verdict, Version, judge

NO_FLOOR = {"minAge": "0d"}

WEEKDAYS = """
time                 daily 5  within daily 7d
2025-04-21 11:00:00  -        -
2025-04-22 11:00:00  -        -
2025-04-23 11:00:00  -        -
2025-04-24 11:00:00  -        -
2025-04-25 11:00:00  -        -
2025-04-25 23:00:00  keep     -
2025-04-28 11:00:00  keep     keep
2025-04-29 11:00:00  keep     keep
2025-05-01 11:00:00  keep     keep
2025-05-02 11:00:00  -        -
2025-05-02 23:00:00  keep     keep
"""
"""Every weekday for two weeks but one, twice on Fridays. Two policies and what they keep."""

ONE_MONTH = """
time                 monthly 4
2024-01-02 13:42:44  keep
2024-01-03 01:04:38  -
2024-01-04 20:09:54  -
2024-01-04 20:20:32  keep
"""
"""Fewer months than the rule has counts: the oldest stays as well."""


def versions(*moments: datetime) -> list[Version]:
    return [Version(str(number), moment.replace(tzinfo=UTC)) for number, moment in enumerate(moments)]


def verdicts(history: list[Version], **rules: object) -> tuple[Verdict, ...]:
    section = RetentionSection.model_validate({**rules, "guards": NO_FLOOR})
    return judge(history, section, datetime(2026, 1, 1, tzinfo=UTC))


def column(table: str, number: int) -> tuple[list[Version], list[bool]]:
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    history = versions(*(datetime.fromisoformat(f"{row[0]} {row[1]}") for row in rows))
    return history, [row[1 + number] == "keep" for row in rows]


@pytest.mark.parametrize(
    ("table", "number", "rules"),
    [
        pytest.param(WEEKDAYS, 1, {"keepDaily": 5}, id="daily-5"),
        pytest.param(WEEKDAYS, 2, {"keepWithinDaily": "7d"}, id="within-daily-7d"),
        pytest.param(ONE_MONTH, 1, {"keepMonthly": 4}, id="monthly-4-in-one-month"),
    ],
)
def test_published_table(table: str, number: int, rules: dict[str, object]) -> None:
    """What restic's tables keep is kept, and nothing else."""
    history, expected = column(table, number)
    assert [verdict.keep for verdict in verdicts(history, **rules)] == expected


def test_only_sundays() -> None:
    """Twelve Sundays under daily 4: the last four Sundays stay, for days without a version do not count."""
    sundays = [datetime(2025, 1, 5) + timedelta(weeks=week) for week in range(12)]  # noqa: DTZ001
    kept = [verdict.version.id for verdict in verdicts(versions(*sundays), keepDaily=4) if verdict.keep]
    assert kept == ["8", "9", "10", "11"]


def test_a_hundred_years_of_days() -> None:
    """Daily 7, weekly 5, monthly 12, yearly 75 over a century: each rule keeps its number, the union less."""
    days = [datetime(1925, 1, 1) + timedelta(days=day) for day in range(36525)]  # noqa: DTZ001
    judged = verdicts(versions(*days), keepDaily=7, keepWeekly=5, keepMonthly=12, keepYearly=75)
    kept = [verdict for verdict in judged if verdict.keep]
    counted = {
        word: sum(word in verdict.words for verdict in kept) for word in ("daily", "weekly", "monthly", "yearly")
    }
    assert counted == {"daily": 7, "weekly": 5, "monthly": 12, "yearly": 75}
    dates = [str(verdict.version.created)[:10] for verdict in kept]
    recent = [date for date in dates if date.startswith("2024")]
    assert recent == [
        *("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31"),
        *("2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30"),
        *("2024-12-08", "2024-12-15", "2024-12-22", "2024-12-25", "2024-12-26", "2024-12-27", "2024-12-28"),
        *("2024-12-29", "2024-12-30", "2024-12-31"),
    ]
    assert len(kept) == len(recent) + 74


def test_counts_of_two_rules_are_independent() -> None:
    """A version that two rules want uses up a count of each (restic, not borg)."""
    history = versions(*(datetime(2025, 3, day) for day in range(1, 11)))  # noqa: DTZ001
    kept = [verdict.version.id for verdict in verdicts(history, keepLast=2, keepDaily=3) if verdict.keep]
    assert kept == ["7", "8", "9"]


RHYTHMS = [
    ("Hourly", timedelta(minutes=25), "3h", "%Y-%m-%d %H"),
    ("Daily", timedelta(hours=10), "3d", "%Y-%m-%d"),
    ("Weekly", timedelta(days=3), "21d", "%G-%V"),
    ("Monthly", timedelta(days=13), "3m", "%Y-%m"),
    ("Yearly", timedelta(days=150), "3y", "%Y"),
]
"""A rule, versions that come more often than its periods, three of its periods, and how to name one."""


def newest_of_each(history: list[Version], label: str) -> list[str]:
    """The newest version of each period, oldest first; `history` is oldest first."""
    return list({f"{version.created:{label}}": version.id for version in history}.values())


@pytest.mark.parametrize(("rule", "gap", "window", "label"), RHYTHMS, ids=[each[0] for each in RHYTHMS])
def test_each_rule_counts_and_reaches_back_in_periods_of_its_own(
    rule: str, gap: timedelta, window: str, label: str
) -> None:
    """A count keeps the newest version of so many periods, a duration those of the periods that it reaches into."""
    newest = datetime(2025, 6, 15, 17, 50)  # noqa: DTZ001
    history = versions(*(newest - gap * back for back in reversed(range(40))))
    last = newest_of_each(history, label)
    assert [each.version.id for each in verdicts(history, **{f"keep{rule}": 3}) if each.keep] == last[-3:]
    since = Duration.parse(window).before(newest.replace(tzinfo=UTC))
    reached = [each for each in history if each.created is not None and each.created > since]
    kept = [each.version.id for each in verdicts(history, **{f"keepWithin{rule}": window}) if each.keep]
    assert kept == newest_of_each(reached, label)
    assert kept[-3:] == last[-3:]


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        ("1m", "2025-05-31T12:00", "2025-05-01T12:00"),
        ("3m", "2025-05-31T12:00", "2025-03-03T12:00"),
        ("1y", "2024-02-29T00:00", "2023-03-01T00:00"),
        ("13d23h", "2025-01-14T23:00", "2025-01-01T00:00"),
        ("1y1d1m", "2025-03-10T00:00", "2024-02-09T00:00"),
        ("9999y", "2025-03-10T00:00", "0001-01-01T00:00"),
        ("2025y", "2025-03-10T00:00", "0001-01-01T00:00"),
        ("99999d", "0200-03-10T00:00", "0001-01-01T00:00"),
    ],
)
def test_calendar_arithmetic(text: str, moment: str, expected: str) -> None:
    """Durations are counted back in the calendar; a day its month does not have runs over, as in restic."""
    since = Duration.parse(text).before(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert since == datetime.fromisoformat(expected).replace(tzinfo=UTC)
