"""What is certain to be wrong with a schedule, and what only may be."""

from __future__ import annotations

import zoneinfo

import pytest

from reconciler.core.capabilities import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.clocks import wrong_zone
from reconciler.facets.schedule import ScheduleFacet, ScheduleSection


def complaints(**said: object) -> list[tuple[object, ...]]:
    section = ScheduleSection.model_validate({"type": "DAY", **said})
    found = ScheduleFacet().check(section, Capabilities(frozenset()), Directory())
    return [(*item.path, item.summary, item.hint) for item in found]


@pytest.mark.parametrize("clock", ["25:99 PM", "13:00 am", "12:60 AM", "24:00", "00:60", "6:75"])
def test_a_time_that_no_clock_shows_is_refused(clock: str) -> None:
    """Whichever of the two clocks it is written by."""
    hint = 'Write it by the clock of twelve hours: "06:00 AM".'
    assert complaints(at=clock) == [("at", f'"{clock}" is no time of day', hint)]
    assert complaints(time=clock) == [("time", f'"{clock}" is no time of day', hint)]


@pytest.mark.parametrize("clock", ["12:59 PM", "6:00am", "00:15 AM", "14:30", "23:59", "sunrise"])
def test_what_may_be_a_time_is_passed_on(clock: str) -> None:
    """No document says all that the vendor takes."""
    assert complaints(at=clock) == []


WHOLE, MONTHS, DAYS = "Write a whole number from 1 on.", "Write numbers from 1 to 12.", "Write numbers from 1 to 31."


@pytest.mark.parametrize(
    ("name", "value", "told", "hint"),
    [
        ("interval", 0, "0", WHOLE),
        ("interval", -15, "-15", WHOLE),
        ("interval", 2.5, "2.5", WHOLE),
        ("interval", True, "true", WHOLE),
        ("month", [1, 13], "13", MONTHS),
        ("dayOfMonth", [0, 1], "0", DAYS),
        ("dayOfMonth", 32, "32", DAYS),
    ],
)
def test_a_number_that_counts_nothing_is_refused(name: str, value: object, told: str, hint: str) -> None:
    """An interval, a month or a day of one that there cannot be."""
    assert complaints(**{name: value}) == [(name, f"{name} cannot be {told}", hint)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("interval", 1), ("interval", 90), ("month", [1, 12]), ("dayOfMonth", [1, 31]), ("dayOfMonth", "L")],
)
def test_a_number_that_counts_something_is_passed_on(name: str, value: object) -> None:
    """And so is a word: no document says that there is none."""
    assert complaints(**{name: value}) == []


ELSE = "Write an IANA name, such as America/Denver; one that is new needs newer time zone data on this machine."


@pytest.mark.skipif(not wrong_zone("Mars/Base"), reason="this machine has no data of time zones")
@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("America/Denvr", "Did you mean America/Denver?"),
        ("utc", "Did you mean UTC?"),
        ("../../etc/passwd", ELSE),
        ("/etc/passwd", ELSE),
        ("America", None),
        ("zone.tab", None),
    ],
)
def test_a_zone_that_is_not_there_is_refused(zone: str, hint: str | None) -> None:
    """With the nearest one."""
    (found,) = complaints(timezone=zone)
    assert found[:2] == ("timezone", f'there is no time zone "{zone}"')
    assert hint is None or found[2] == hint


@pytest.mark.parametrize("zone", ["UTC", "America/Denver", "US/Pacific", "Etc/GMT+5"])
def test_a_zone_that_is_there_is_not(zone: str) -> None:
    """Old names are names."""
    assert complaints(timezone=zone) == []


def test_without_data_nothing_is_said_of_zones(tmp_path: object) -> None:
    """Of a machine that has none, or none of the old names."""
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert complaints(timezone="Mars/Base") == []
    finally:
        zoneinfo.reset_tzpath()
