"""All pages of a list that has no total, no cursor and no promised order, or a failure (notes 1, Pagination).

Pages are cut out of an order that may move between two requests, so one passage may see a version twice and miss
another. But the lengths of the pages of one passage tell how many versions there are: once that many different ones
have been seen, none is missing. Until then, more passages are made. An addition and a deletion at the same time may
hide each other; the version that is missed then is one more that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from reconciler.core.ports import ProviderError

MOST_PAGES = 200
MOST_PASSAGES = 20


class Identified(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


I_co = TypeVar("I_co", bound=Identified, covariant=True)
I = TypeVar("I", bound=Identified)  # noqa: E741 - the plain form of the above


class Listing(Struct, Generic[I_co], frozen=True):
    """A list that is proven complete."""

    items: tuple[I_co, ...]
    """Each id once."""
    pages: int
    """How many pages one passage has."""


def everything(ask: Callable[[int], Sequence[I]], what: str) -> Listing[I]:
    """What `ask` answers to the pages 1, 2, … until one is empty; `what` is in the list, in the plural.

    Raises:
        ProviderError: the list moved all the time, or never ended.
    """
    found: dict[str, I] = {}
    expected = -1
    for _ in range(MOST_PASSAGES):
        pages = _passage(ask, what)
        seen = {item.id: item for page in pages for item in page}
        total = sum(map(len, pages))
        # Another total: something was added or deleted meanwhile, and earlier passages prove nothing any more.
        found = {**found, **seen} if total == expected else seen
        expected = total
        if len(found) == total:
            return Listing(tuple(found.values()), len(pages) + 1)
    summary = f"the list of {what} kept moving while it was read, so it is not known to be complete"
    raise ProviderError(summary, hint=f"Try again when nobody adds or deletes {what}.", retryable=True)


def _passage(ask: Callable[[int], Sequence[I]], what: str) -> list[Sequence[I]]:
    pages: list[Sequence[I]] = []
    # A short page need not be the last one: a server may answer fewer than it was asked for.
    while page := ask(len(pages) + 1):
        pages.append(page)
        if len(pages) > MOST_PAGES:
            raise ProviderError(f"the list of {what} does not end", hint="Look at it at Clarifai.")
    return pages
