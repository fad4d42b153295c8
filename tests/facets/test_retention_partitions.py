"""Partitions as versions: what they are called, what protects them, how many there may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Drop
from reconciler.core.ports import Capabilities
from reconciler.facets.retention import Retention, RetentionSection, Version, doomed, judge
from reconciler.facets.retention.remarks import near_limit
from reconciler.providers import by_name

NOW = datetime(2026, 6, 15, tzinfo=UTC)
RETENTION = Retention()
OLD = Version("7", NOW - timedelta(days=90), rows=1, live=True, partition=True, data="372")
LEFT = Version("6", NOW - timedelta(days=99), "emptied", live=True, partition=True)
NEW = Version("8", NOW - timedelta(days=1), rows=1, live=True, partition=True, data="373")


def going(*versions: Version, **section: Any) -> list[str]:
    policy = RetentionSection.model_validate({"keepLast": 1, "prune": True, "activeData": "delete", **section})
    return [version.key for version in doomed(judge(versions, policy, NOW))]


def test_a_tag_may_read_like_the_id_of_another_version() -> None:
    """Two things, told apart; a pin on the name they share protects both."""
    version = Version("7", NOW - timedelta(days=80))
    assert going(OLD, version, NEW) == ["partition 7", "7"]
    assert going(OLD, version, NEW, pins=[{"id": 7, "reason": "audit"}]) == []


def test_a_pin_may_name_the_tag_or_the_data_in_it() -> None:
    """Either is its name in one of the vendor's lists."""
    assert going(OLD, NEW) == ["partition 7"]
    assert going(OLD, NEW, pins=[{"id": "372", "reason": "audit"}]) == []


@pytest.mark.parametrize(
    "protection",
    [
        {"activeData": "keep"},
        {"legalHold": {"reason": "case", "by": "legal"}},
        {"pins": [{"id": "6", "reason": "audit"}]},
        {"guards": {"minAge": "100d"}},
    ],
)
def test_a_tag_without_data_goes_unless_something_protects_it(protection: dict[str, Any]) -> None:
    """No rule counts it; what protects any version protects it too."""
    assert going(LEFT, OLD, NEW, keepLast=2) == ["partition 6"]
    assert going(LEFT, OLD, NEW, keepLast=2, **protection) == []
    assert going(replace(LEFT, created=None), NEW) == []


def test_a_plan_starts_from_a_tag_whose_data_its_own_apply_deleted() -> None:
    """And from nothing else that is not as it was."""
    assert RETENTION.starts_from(Drop(OLD), replace(OLD, status="emptied", rows=None, data=None))
    assert not RETENTION.starts_from(Drop(OLD), replace(OLD, data="374"))
    assert not RETENTION.starts_from(Drop(OLD), replace(OLD, status="emptied", partition=False))


@pytest.mark.parametrize(
    ("count", "told"),
    [(359, []), (360, ["360 partitions; the limit is 400"]), (401, ["401 partitions; the limit is 400"])],
)
def test_the_limit_on_partitions_is_told_before_it_is_hit(count: int, told: list[str]) -> None:
    """Document 002, Delete Partition Tag: 400 in Magic. A tag counts until it is removed."""
    versions = [replace(LEFT if number % 2 else OLD, id=f"p{number}") for number in range(count)]
    domo = by_name()["domo"].capabilities
    assert [item.summary for item in near_limit(versions, Address("acme", "d"), domo)] == told
    assert list(near_limit(versions, Address("acme", "d"), Capabilities(frozenset()))) == []
