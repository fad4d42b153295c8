"""All pages of a list in no order: every version exactly once, or an error."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.ports import ProviderError
from reconciler.providers.clarifai.listing import everything
from reconciler.sandbox import World
from tests.providers.clarifai_bench import api_of, monthly, seeded, serve


@dataclass(frozen=True)
class Item:
    """Something with an id."""

    id: str


class Shelf:
    """A list in pages, in another order at every request."""

    def __init__(self, count: int, size: int, seed: int) -> None:
        self.items = [Item(str(number)) for number in range(count)]
        self.size, self.chance = size, random.Random(seed)  # noqa: S311 - no secret

    def page(self, number: int) -> list[Item]:
        """One page of whatever order it is now."""
        order = self.chance.sample(self.items, len(self.items))
        return order[(number - 1) * self.size : number * self.size]


@given(st.integers(0, 60), st.integers(15, 70), st.integers())
def test_a_list_in_random_order_is_found_whole(count: int, size: int, seed: int) -> None:
    """Each id once, none missing, however the pages were cut."""
    shelf = Shelf(count, size, seed)
    listing = everything(shelf.page, "versions")
    assert sorted(item.id for item in listing.items) == sorted(item.id for item in shelf.items)
    assert listing.pages == -(-count // size) + 1


@given(st.integers(1, 40), st.integers(1, 10), st.integers())
def test_a_list_is_never_taken_for_whole_when_it_is_not(count: int, size: int, seed: int) -> None:
    """Small pages may never add up; then it is an error, not a shorter list."""
    shelf = Shelf(count, size, seed)
    with suppress(ProviderError):
        found = everything(shelf.page, "versions").items
        assert len({item.id for item in found}) == len(found) == count


@given(st.lists(st.integers(0, 30), unique=True), st.integers(1, 9))
def test_a_list_that_holds_still_is_read_once(ids: list[int], size: int) -> None:
    """As many requests as pages, and the empty one."""
    asked = []

    def page(number: int) -> list[Item]:
        asked.append(number)
        return [Item(str(each)) for each in ids[(number - 1) * size : number * size]]

    assert [item.id for item in everything(page, "versions").items] == [str(each) for each in ids]
    assert asked == list(range(1, -(-len(ids) // size) + 2))


def test_what_goes_while_a_list_is_read_is_not_in_it() -> None:
    """The first passage saw `gone` and missed `b`; the total changed, so it proves nothing."""
    pages = iter([["a", "gone"], ["a"], [], ["a", "b"], []])
    listing = everything(lambda _: [Item(each) for each in next(pages)], "versions")
    assert {item.id for item in listing.items} == {"a", "b"}


def test_a_list_that_does_not_end_is_an_error() -> None:
    """A server that ignores `page`."""
    with pytest.raises(ProviderError, match="does not end"):
        everything(lambda _: [Item("a")], "versions")


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(1, 9), st.integers(0, 24), st.integers(8, 30))
def test_paging_finds_every_version_exactly_once(shuffle: int, count: int, size: int) -> None:
    """Over HTTP, in another order at every request."""
    with (
        serve(World(shuffle=shuffle), seed=seeded(*monthly(count), dataset="many")) as bench,
        api_of(bench, size) as api,
    ):
        assert sorted(version.id for version in api.versions("many").items) == [each["id"] for each in monthly(count)]
