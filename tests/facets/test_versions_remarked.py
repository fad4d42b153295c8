"""What facets tell of live versions that they do not change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add, Modify
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.facet import Situation
from reconciler.facets.retention import Version
from reconciler.facets.retention.remarks import near_limit
from reconciler.facets.versions import Declared, State, Versions, VersionsSection

ADDRESS = Address("acme", "orders")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_partitions_near_the_limit_are_told() -> None:
    """At nine tenths of what the vendor allows, and not before."""
    parts = [Version(str(number), None, partition=True) for number in range(9)]
    allowed = Capabilities(frozenset(), most_partitions=10)
    assert [(item.code, item.summary) for item in near_limit(parts, ADDRESS, allowed)] == [
        ("partitions-near-limit", "9 partitions; the limit is 10")
    ]
    assert list(near_limit(parts[1:], ADDRESS, allowed)) == []


def test_a_version_that_is_not_as_declared_is_told_and_stays() -> None:
    """Its making failed, or it was made with another filter; neither can be mended from here."""
    section = VersionsSection.model_validate({"declared": [{"id": "v1"}, {"id": "v2", "datasetFilter": "new"}]})
    live = (Declared("v1", state="failed"), Declared("v2", dataset_filter="old"))
    situation = Situation(ADDRESS, {"versions": section}, {}, Directory(), Capabilities(frozenset()), NOW)
    where = ADDRESS.of("versions")
    code = "version-not-as-declared"
    assert list(Versions().remarks(section, live, situation)) == [
        Diagnostic(code, "warning", "version v1 is there, and its making failed", where),
        Diagnostic(code, "warning", "version v2 was made with the filter old, not new", where),
    ]


@pytest.mark.parametrize(("state", "added"), [("ready", True), ("unsettled", False), ("failed", False)])
def test_a_version_is_made_once_it_is_ready(state: State, *, added: bool) -> None:
    """What is said of one that is there holds however far it is."""
    wanted, found = Declared("v1", name="first"), Declared("v1", state=state)
    holds = Versions().holding((found,), (wanted,))
    assert (holds(Add(wanted)), holds(Modify(found, wanted, ("name",)))) == (added, True)
