"""Which elements of an ordered set really moved: those outside the longest run that kept its order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def moved(live: Sequence[str], desired: Sequence[str]) -> tuple[str, ...]:
    """Keys in both lists whose place changed, in desired order; the fewest that explain the new order.

    Dropping or adding a key in the middle moves nothing: only the order of the keys in both lists counts.
    """
    place = {key: index for index, key in enumerate(live)}
    common = [key for key in desired if key in place]
    kept = _longest_increasing([place[key] for key in common])
    return tuple(key for index, key in enumerate(common) if index not in kept)


def _longest_increasing(numbers: Sequence[int]) -> frozenset[int]:
    """Indexes of one longest strictly increasing subsequence (patience sorting, O(n log n))."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        previous.append(tail_indexes[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        tail_indexes[at : at + 1] = [index]
    kept = set()
    index = tail_indexes[-1] if tail_indexes else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return frozenset(kept)
