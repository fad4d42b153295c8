"""What a list holds more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def repeated(items: Sequence[Hashable]) -> Iterable[tuple[int, int]]:
    """The place of each item that is there more than once, and how often it is."""
    if len(set(items)) == len(items):
        return ()
    counts = Counter(items)
    return [(place, counts[item]) for place, item in enumerate(items) if counts[item] > 1]
