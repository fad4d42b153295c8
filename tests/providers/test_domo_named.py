"""Looking for a dataset by its name: what decides whether a creation whose answer was lost took place."""

from __future__ import annotations

import pytest

from reconciler.core.changes import Add
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError
from reconciler.facets.schema import Column
from reconciler.sandbox import World
from tests.providers.connected import CLIENTS, ROLES, Start, ref

COLUMN = Column("a", "LONG")
STEP = Step(ref(ROLES).address.of("schema"), "create", (Add(COLUMN),), (COLUMN,))


def test_all_of_one_name_are_found_over_all_pages(start: Start) -> None:
    """Names are not unique, and other names hold this one."""
    bench = start(World.parse("observed"))
    made = [bench.session.create(STEP) for _ in range(53)]
    assert sorted(bench.session.named(STEP.address.dataset) or ()) == sorted(made)
    assert bench.session.named("mock_clients") == (CLIENTS,)
    assert bench.session.named("mock_client") == ()


def test_a_server_that_does_not_list_says_so(start: Start) -> None:
    """None, not an empty list: nothing may be concluded."""
    assert start(World.parse("documented")).session.named("mock_clients") is None


@pytest.mark.parametrize("kind", ["html", "401", "truncated"])
def test_a_list_that_cannot_be_read_is_an_error(kind: str, start: Start) -> None:
    """Never an empty list."""
    bench = start(World.parse("observed"))
    bench.sandbox.faults.script("GET", "/api/data/v3/datasources", kind, times=100)
    with pytest.raises(ProviderError):
        bench.session.named("mock_clients")
