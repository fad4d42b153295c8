"""A version in words: for people, and for saved plans."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reconciler.core.changes import Add, Drop
from reconciler.facets.retention import Retention, Version

RETENTION = Retention()

THIRD = Version("3", datetime(2023, 3, 31, 14, 21, 13, tzinfo=UTC), rows=18, bytes=458)
FOURTH = Version("4", datetime(2023, 3, 31, 14, 21, 28, tzinfo=UTC), rows=499, bytes=6890)
FIFTH = Version("5", datetime(2023, 4, 2, 8, tzinfo=UTC), rows=1, bytes=1)


@pytest.mark.parametrize(
    ("version", "line"),
    [
        (THIRD, "version 3 of 2023-03-31, 18 rows, 458 bytes"),
        (FOURTH, "version 4 of 2023-03-31, 499 rows, 6,890 bytes"),
        (FIFTH, "version 5 of 2023-04-02, 1 row, 1 byte"),
        (Version("v-1", None, "failed"), "version v-1, failed"),
        (Version("7", THIRD.created, rows=2, live=True), "version 7 of 2023-03-31, 2 rows, live data"),
    ],
    ids=lambda value: value.id if isinstance(value, Version) else "",
)
def test_a_version_in_one_line(version: Version, line: str) -> None:
    """A change names the version, its UTC day and its size."""
    assert RETENTION.describe(Drop(version)) == line
    assert RETENTION.describe(Add(version)) == line


def test_words_are_json_and_back() -> None:
    """What a saved plan says of a version is that version."""
    full = Version(
        "v", THIRD.created, "failed", 0, 0, live=True, origin="training", in_use="an export", modified=FIFTH.created
    )
    for version in (THIRD, FIFTH, full, Version("v", None)):
        assert RETENTION.element(json.loads(json.dumps(RETENTION.words(version)))) == version
    assert RETENTION.value((THIRD,)) == [
        {"id": "3", "created": "2023-03-31T14:21:13Z", "status": "ready", "rows": 18, "bytes": 458}
    ]


@pytest.mark.parametrize(
    "words",
    [
        "3",
        {},
        {"id": "3"},
        {"id": "3", "status": "gone"},
        {"id": "3", "status": "ready", "created": "yesterday"},
        {"id": "3", "status": "ready", "created": "2023-03-31T14:21:13"},
        {"id": "3", "status": "ready", "rows": "18"},
        {"id": "3", "status": "ready", "rows": True},
        {"id": "3", "status": "ready", "live": "yes"},
        {"id": "3", "status": "ready", "origin": 2},
    ],
    ids=str,
)
def test_other_words_are_no_version(words: Any) -> None:
    """A tampered plan is refused, not read as something else."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        RETENTION.element(words)


def test_a_date_without_a_zone_is_no_date() -> None:
    """Nobody may guess the zone of a version's date."""
    with pytest.raises(ValueError, match="version 3 has a date without a time zone"):
        Version("3", datetime(2023, 3, 31))  # noqa: DTZ001


def test_the_hour_that_comes_twice_does_not_turn_the_order_around() -> None:
    """Half past two in summer time is before ten past two in winter time, whatever the clocks show."""
    berlin = ZoneInfo("Europe/Berlin")
    summer = Version("1", datetime(2026, 10, 25, 2, 30, tzinfo=berlin))
    winter = Version("2", datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=berlin))
    assert sorted([winter, summer], key=lambda version: version.age) == [summer, winter]
