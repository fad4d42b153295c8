"""Looking for a dataset by its name: what decides whether a creation whose answer was lost took place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.core.changes import Add
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError
from reconciler.facets.schema import Column
from reconciler.providers.domo.listing import MOST_PAGES, everything
from reconciler.sandbox import World
from tests.providers.connected import CLIENTS, ROLES, Start, ref


class Paged:
    """A server with a list of its own."""

    def __init__(self, total: int, page: Callable[[int], list[int]]) -> None:
        self._total, self._page = total, page
        self.asked = 0

    def page_of_datasets(self, part: str, offset: int) -> object:
        """One page."""
        del part
        self.asked += 1
        entries = [{"id": str(number), "name": "x"} for number in self._page(offset)]
        return {"_metaData": {"totalCount": self._total}, "dataSources": entries}


@pytest.mark.parametrize(
    ("server", "summary", "asked"),
    [
        (Paged(10**15, lambda _: [1]), "the list of datasets has 1 of 1000000000000000 entries", 2),
        (Paged(10**15, lambda offset: [offset, 1]), "the list of datasets does not end", MOST_PAGES),
        (
            Paged(10**15, lambda offset: [offset] if not offset else []),
            f"the list of datasets has 1 of {10**15} entries",
            2,
        ),
        (Paged(60, lambda _: list(range(50))), "the list of datasets has 50 of 60 entries", 2),
    ],
    ids=["same", "endless", "empty", "again"],
)
def test_a_list_ends_and_what_was_not_listed_is_not_taken_for_absent(server: Paged, summary: str, asked: int) -> None:
    """Whatever total the server tells, a page that brings nothing new is the last one."""
    with pytest.raises(ProviderError) as caught:
        everything(server)  # type: ignore[arg-type]  # one endpoint of many
    assert (caught.value.summary, server.asked) == (summary, asked)
    assert caught.value.hint


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
