"""Quartz expressions: the golden table of what they mean and when they run, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reconciler.facets.quartz import QuartzError, check, in_words, next_runs, tidy

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

ORACLE = Path(__file__).parent / "quartz_runs.txt"
TABLE = [line.split(" | ") for line in ORACLE.read_text("utf-8").splitlines() if not line.startswith("#")]

GOLDEN = [
    ("0 13/30 * * * ?", "Every 30 minutes, starting at 13 minutes past the hour", ["21 12:13", "21 12:43", "21 13:13"]),
    ("0 13/30 * * *?", "Every 30 minutes, starting at 13 minutes past the hour", ["21 12:13", "21 12:43", "21 13:13"]),
    ("0 28 23 * * ?", "At 23:28", ["21 23:28", "22 23:28", "23 23:28"]),
    ("0 0 6 ? * 2-6", "At 06:00, Monday through Friday", ["23 06:00", "24 06:00", "25 06:00"]),
    ("0 0 6 ? * mon-fri", "At 06:00, Monday through Friday", ["23 06:00", "24 06:00", "25 06:00"]),
    ("0 0 6 ? * 1", "At 06:00, only on Sunday", ["22 06:00", "29 06:00", "6 06:00"]),
    ("0 0 6 ? * 7", "At 06:00, only on Saturday", ["28 06:00", "5 06:00", "12 06:00"]),
    ("0 15 10 ? * 6L", "At 10:15, on the last Friday of the month", ["27 10:15", "25 10:15", "29 10:15"]),
    ("0 15 10 ? * 6#3", "At 10:15, on the third Friday of the month", ["18 10:15", "15 10:15", "19 10:15"]),
    ("0 0 8 L * ?", "At 08:00, on the last day of the month", ["30 08:00", "31 08:00", "31 08:00"]),
    ("0 0 22-2 * * ?", None, ["21 22:00", "21 23:00", "22 00:00"]),
    ("0 0/20 14,18 * * ?", "Every 20 minutes, at 14:00 and 18:00", ["21 14:00", "21 14:20", "21 14:40"]),
    ("0 0 0/5 * * ?", "0 0 0/5 * * ?", ["21 15:00", "21 20:00", "22 00:00"]),
    ("30 0 12 1/7 * ?", None, ["22 12:00", "29 12:00", "1 12:00"]),
    ("0 0 12 1 1 ? 2028", None, ["1 12:00"]),
]


@pytest.mark.parametrize(("expression", "words", "runs"), GOLDEN, ids=[each[0] for each in GOLDEN])
def test_an_expression_is_told_in_words_and_runs(expression: str, words: str | None, runs: list[str]) -> None:
    """From Saturday noon on, in UTC."""
    found = next_runs(expression, SATURDAY)
    assert found is not None
    assert [f"{moment.day} {moment:%H:%M}" for moment in found] == runs
    assert words is None or in_words(expression) == words
    assert in_words(expression)


def test_runs_are_in_the_zone_that_is_asked_for() -> None:
    """06:00 in Denver is not 06:00 in UTC, nor the same distance from it all year."""
    denver = next_runs("0 0 6 ? 3 1#2", SATURDAY.astimezone(ZoneInfo("America/Denver")), 1)
    assert denver is not None
    assert denver[0].isoformat() == "2027-03-14T06:00:00-06:00"


@pytest.mark.parametrize("expression", [row[0] for row in TABLE if row[3] != "refused"])
def test_every_expression_is_told(expression: str) -> None:
    """In words that come to an end; `", ,"` is where the library's broke off."""
    words = in_words(expression)
    assert words == " ".join(words.split())
    assert ", ," not in words


@pytest.mark.parametrize(
    ("told", "bare"),
    [
        ("0 0/30 * * * ?", "0 0/59 * * * ?"),
        ("0 0 3/6 * * ?", "0 0 6/6 * * ?"),
        ("0 5-20/5 * * * ?", "0 5-20/5,40 * * * ?"),
        ("0 0 12 1 1/2 ?", "0 0 12 1/2 * ?"),
        ("0 0 12 1,15 * ?", "0 0 12 1W,15 * ?"),
        ("0 0 12 1-3,15 * ?", "0 0 12 1,L * ?"),
        ("0 0 12 L-3 * ?", "0 0 12 L-3W * ?"),
        ("0 0 12 ? * 7L", "0 0 12 ? * L"),
        ("0 0 12 ? * MON,WED-FRI", "0 0 12 ? * 2/2"),
    ],
)
def test_what_words_would_lose_stays_an_expression(told: str, bare: str) -> None:
    """The library would say "Every 59 minutes" of `0/59`, and "day 1 and L"; of a weekday `L` it says nothing."""
    assert in_words(told) != told
    assert in_words(bare) == bare


def test_what_quartz_does_not_keep_to_is_told_in_words_only() -> None:
    """Of the runs on a nearest weekday Quartz leaves some out, depending on when it is asked."""
    for expression in ("0 15 10 15W * ?", "0 15 10 LW * ?", "0 15 10 L-2W * ?"):
        assert next_runs(expression, SATURDAY) is None
        assert in_words(expression)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_runs_are_those_of_quartz_itself(row: list[str]) -> None:
    """Values, ranges, steps, wrap-around, L, #, years, and zones whose clocks move; and what Quartz refuses."""
    expression, zone, asked, told = row
    if told == "refused":
        with pytest.raises(QuartzError):
            check(expression)
        return
    found = next_runs(expression, datetime.fromisoformat(asked).astimezone(ZoneInfo(zone)), 4)
    if "W" in expression.split()[3]:
        assert found is None
        return
    assert found is not None
    assert [run.isoformat().replace("+00:00", "Z") for run in found] == (told.split(", ") if told != "never" else [])


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("*/5 * * * *", "it has 5 fields; Quartz has 6, seconds first, or 7 with the year"),
        ("MANUAL", "it has 1 fields; Quartz has 6, seconds first, or 7 with the year"),
        ("0 60 * * * ?", '"60" is not a value of its field minutes, which holds 0 to 59'),
        ("0 0/60 * * * ?", '"0/60" is not a value of its field minutes, which holds 0 to 59'),
        ("0 0 24 * * ?", '"24" is not a value of its field hours, which holds 0 to 23'),
        ("0 0 6 ? * 0", '"0" is not a value of its field day of week, which holds 1 to 7'),
        ("0 0 6 ? * FUN", '"FUN" is not a value of its field day of week, which holds 1 to 7'),
        ("0 0 6 ? * MON/2", '"MON/2" is not a value of its field day of week, which holds 1 to 7'),
        ("0 0 6 ? * 2#1,5", '"2#1" is not a value of its field day of week, which holds 1 to 7'),
        ("0 0 6 * * 2", "day of month and day of week cannot both be given; write ? for one of them"),
        ("0 0 6 1 * 2", "day of month and day of week cannot both be given; write ? for one of them"),
        ("0 0 6 ? * ?", "one of day of month and day of week has to be something else than ?"),
        ("0 0 6 1,, * ?", '"" is not a value of its field day of month, which holds 1 to 31'),
        ("0 *-5 6 * * ?", '"*-5" is not a value of its field minutes, which holds 0 to 59'),
        ("0 0/1_0 6 * * ?", '"0/1_0" is not a value of its field minutes, which holds 0 to 59'),
        ("0 0/ 6 * * ?", '"0/" is not a value of its field minutes, which holds 0 to 59'),
        ("0 \u0663 6 * * ?", '"\u0663" is not a value of its field minutes, which holds 0 to 59'),
        ("0 0 6 L-\u0663 * ?", '"L-\u0663" is not a value of its field day of month, which holds 1 to 31'),
        ("0 0 6 ? * 6#6", '"6#6" is not a value of its field day of week, which holds 1 to 7'),
    ],
)
def test_what_is_no_expression_is_refused_with_its_field(expression: str, why: str) -> None:
    """By Quartz's own grammar, not by that of cron; Quartz takes `MON/2` and `2#1,5`, and means something else."""
    with pytest.raises(QuartzError) as caught:
        check(expression)
    assert str(caught.value) == why


def test_a_date_that_never_comes_ends_the_search() -> None:
    """30 February."""
    assert next_runs("0 0 6 30 2 ?", SATURDAY) == ()


def test_spelling_does_not_count() -> None:
    """White space, small letters, and document 003's missing space."""
    assert tidy("  0  13/30 * *   *? ") == tidy("0 13/30 * * * ?") == "0 13/30 * * * ?"
    assert tidy("0 0 6 ? * mon") == "0 0 6 ? * MON"
