"""What vendors write for moments, and what is not taken for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.providers.moments import moment_of

JUNE = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["2026-06-15T12:00:00Z", "2026-06-15T14:00:00.000+02:00", 1781524800000, 1781524800000.0, "20260615T12Z"]
)
def test_a_moment_is_read(value: object) -> None:
    """In either notation, and in any zone."""
    assert moment_of(value) == JUNE


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "yesterday", "2026-06-15", "2026-06-15T12:00:00", "2026-02-30T00:00:00Z", True),
        *(float("nan"), float("inf"), -1e300, 1e300),
        *(0, "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", 1781524800),
        "9999-12-31T23:59:59-12:00",
    ],
    ids=str,
)
def test_what_cannot_be_a_moment_of_a_version_is_none(value: object) -> None:
    """Without a zone, a zero for a missing one, seconds taken for milliseconds: such a version stays."""
    assert moment_of(value) is None
