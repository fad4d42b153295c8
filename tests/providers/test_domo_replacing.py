"""What is live data where a stream replaces: the newest version only where its run surely brought that one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.facets.retention.version import Version
from reconciler.providers.domo.client.versions import DataVersion
from reconciler.providers.domo.partitions import Partitions
from reconciler.providers.domo.replacing import doubt
from reconciler.providers.domo.retention import to_elements, version_of
from reconciler.providers.domo.wire import Execution, Metadata, Stream

RUN = {"updateMethod": "REPLACE", "startedAt": 1769904000, "endedAt": 1769904060.5}
"""From 2026-02-01T00:00:00Z, for a minute."""


def versioned(number: int, date: str | None, rows: int | None = None) -> Version:
    wire = {"dataId": number, "uploadStatus": "success", "recordedDate": date, "numRows": rows}
    return version_of(DataVersion.model_validate(wire))


@pytest.mark.parametrize(
    ("run", "dates", "rows", "why"),
    [
        pytest.param(RUN, ("01-31T12:00:00", "02-01T00:00:59"), 2, None, id="its run brought the newest"),
        pytest.param(RUN, ("01-30T12:00:00", "01-31T12:00:00"), 2, None, id="its run brought nothing"),
        pytest.param(RUN, ("01-31T12:00:00", "02-01T00:01:00.9"), 2, None, id="within the second in which it ended"),
        pytest.param({**RUN, "startedAt": None}, ("02-01T00:00:01", "02-01T00:00:02"), 2, None, id="no start"),
        pytest.param(
            {**RUN, "startedAt": None},
            ("02-01T00:00:01", "02-01T00:00:02"),
            None,
            "version 2 is not known to be of the last run of its stream, and the row count of the dataset is not told",
            id="neither start nor rows",
        ),
        pytest.param(RUN, ("01-31T12:00:00", "02-01T00:00:59"), None, None, id="no row count"),
        pytest.param({**RUN, "updateMethod": None}, ("01-31T12:00:00", "02-01T00:00:59"), 2, None, id="no method"),
        pytest.param(
            RUN, ("02-01T00:00:59", "02-01T00:01:01"), 2, "version 2 came after the last run of its stream", id="after"
        ),
        pytest.param(
            RUN,
            ("02-01T00:00:00", "02-01T00:00:59"),
            2,
            "versions 1 and 2 came during the last run of its stream",
            id="two in one run",
        ),
        pytest.param(
            RUN,
            ("01-31T12:00:00", "02-01T00:00:59"),
            1_003,
            "the dataset has 1,003 rows, and its newest version 2",
            id="other rows",
        ),
        pytest.param(
            {**RUN, "endedAt": None},
            ("01-31T12:00:00", "02-01T00:00:59"),
            2,
            "when its stream last ran is not told",
            id="no end",
        ),
        pytest.param(
            {**RUN, "endedAt": "soon"},
            ("01-31T12:00:00", "02-01T00:00:59"),
            2,
            "when its stream last ran is not told",
            id="an end that is no time",
        ),
        pytest.param(
            None, ("01-31T12:00:00", "02-01T00:00:59"), 2, "no run of its stream has replaced them yet", id="no run"
        ),
        pytest.param(
            {**RUN, "updateMethod": "APPEND"},
            ("01-31T12:00:00", "02-01T00:00:59"),
            2,
            "no run of its stream has replaced them yet",
            id="switched to REPLACE since",
        ),
        pytest.param(None, ("02-01T00:00:59",), 2, None, id="only one version"),
    ],
)
def test_versions_are_history_only_where_a_run_surely_replaced_them(
    run: dict[str, Any] | None, dates: Sequence[str], rows: int | None, why: str | None
) -> None:
    """Whoever appends beside the stream (document 002, Upload CSV) leaves no other sign than a time and a count."""
    stream = Stream.model_validate({"id": 1, "updateMethod": "REPLACE", "lastSuccessfulExecution": run})
    ready = [versioned(number, f"2026-{date}Z", number) for number, date in enumerate(dates, 1)]
    assert doubt(stream.last_successful_execution, ready, rows) == why


def test_a_run_without_rows_may_have_left_what_was_appended() -> None:
    """Only the row count tells what queries see then (notes 4.13)."""
    ready = [versioned(1, "2026-01-30T00:00:00Z", 9), versioned(2, "2026-01-31T00:00:00Z", 1)]
    ready.append(versioned(3, "2026-02-01T00:00:30Z", 0))
    run = Execution.model_validate(RUN)
    assert [doubt(run, ready, rows) for rows in (0, 1)] == [None, None]
    assert doubt(run, ready, 10) == "the dataset has 10 rows, and its newest version 0"
    assert doubt(run, ready, None) == "version 3 has no rows, and the row count of the dataset is not told"


@pytest.mark.parametrize(
    ("counts", "rows", "why"),
    [
        ((9, None), 10, "version 2 is not known to be of the last run of its stream"),
        ((9, None, 0), 10, "version 3 has no rows"),
        ((9, None), None, "version 2 is not known to be of the last run of its stream"),
        ((9, None, 0), 0, None),
    ],
    ids=str,
)
def test_the_row_count_tells_nothing_beside_a_version_that_does_not_tell_its_own(
    counts: Sequence[int | None], rows: int | None, why: str | None
) -> None:
    """Somebody may have appended version 2 to the 9 rows of the first, and the run have brought none."""
    ready = [versioned(number, f"2026-01-0{number}T00:00:00Z", count) for number, count in enumerate(counts, 1)]
    told = doubt(Execution.model_validate(RUN), ready, rows)
    whose = "the dataset" if rows is None else "a version"
    assert told == (f"{why}, and the row count of {whose} is not told" if why else None)


@pytest.mark.parametrize(
    "ended", [1769904060, 1769904060.5, 1769904060500, "2026-02-01T00:01:00.5Z", "2026-02-01T01:01:00.5+01:00"]
)
def test_when_a_run_ended_is_understood_as_seconds_milliseconds_or_text(ended: float | str) -> None:
    """Domo writes seconds there, and milliseconds or text elsewhere, even within one answer (notes 1.13)."""
    run = Execution.model_validate({"updateMethod": "REPLACE", "endedAt": ended})
    before, after = (
        [versioned(1, "2026-01-01T00:00:00Z", 1), versioned(2, f"2026-02-01T00:01:{second}Z", 2)]
        for second in ("00", "01")
    )
    assert doubt(run, before, 2) is None
    assert doubt(run, after, 2) == "version 2 came after the last run of its stream"


def test_what_is_live_is_never_guessed_too_narrow() -> None:
    """Where it replaces: the newest, and whatever might be newer."""
    dates = {1: "2026-01-01T00:00:00Z", 2: "2026-02-01T00:00:00Z", 3: "soon", 4: None}
    versions = [versioned(number, date) for number, date in dates.items()]
    assert [each.id for each in to_elements(versions, replaced=True) if each.live] == ["2", "3", "4"]
    assert [each.id for each in to_elements(versions, replaced=False) if each.live] == ["1", "2", "3", "4"]
    assert to_elements([], replaced=True, partitions=Partitions()) == ()


@pytest.mark.parametrize(
    ("rows", "live"),
    [
        ([7, 7, 7], ["3"]),
        ([7, 7, None], ["3"]),
        ([7, 7, 0], ["2", "3"]),
        ([7, 0, 0], ["1", "3"]),
        ([7, None, 0], ["2", "3"]),
        ([0, 0, 0], ["3"]),
    ],
    ids=str,
)
def test_a_replace_without_rows_may_have_left_what_was_before(rows: list[int | None], live: list[str]) -> None:
    """The newest, and the newest with rows, which may be what everybody sees (notes 4.13)."""
    versions = [versioned(n, f"2026-0{n}-01T00:00:00Z", count) for n, count in enumerate(rows, 1)]
    assert [each.id for each in to_elements(versions, replaced=True) if each.live] == live


@pytest.mark.parametrize(
    ("told", "rows"),
    [(499, 499), ("499", 499), (0, 0), (None, None), ("", None), (499.5, None), ([], None), (-1, None)],
)
def test_a_row_count_that_nobody_can_read_is_not_told(told: object, rows: int | None) -> None:
    """It is one of many things that metadata tells, and the others are needed."""
    metadata = Metadata.model_validate({"id": "x", "name": "orders", "rowCount": told})
    assert (metadata.name, metadata.row_count) == ("orders", rows)
