"""Which of two access levels gives more; what nobody knows gives least."""

from __future__ import annotations

from itertools import pairwise

from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.ports import OWNER, Capabilities
from reconciler.core.principals import Principal
from reconciler.facets.levels import highest, lowers, rank, unknown_level
from reconciler.facets.permissions import Grant

VENDOR = Capabilities(frozenset({"permissions"}), levels=("CAN_VIEW", "CAN_EDIT"))
ASCENDING = ("CAN_JUDGE", "CAN_VIEW", "CAN_EDIT", OWNER)
"""The first is none of the vendor's."""


def grant(level: str, number: str = "1") -> Grant:
    return Grant(Principal("user", number), level)


def test_levels_are_ranked_as_the_vendor_publishes_them() -> None:
    """Owners have most; of a level that nobody knows nothing is expected, and two of them are alike."""
    assert sorted(ASCENDING, key=lambda level: rank(level, VENDOR)) == list(ASCENDING)
    assert rank("CAN_JUDGE", VENDOR) == rank("CAN_AUDIT", VENDOR)
    assert [level for level in ASCENDING if unknown_level(level, VENDOR)] == ["CAN_JUDGE"]


def test_of_two_grants_the_one_that_gives_more_counts() -> None:
    """The first, when they give the same."""
    for low, high in pairwise(ASCENDING):
        assert highest(grant(low), grant(high), VENDOR) == grant(high)
        assert highest(grant(high), grant(low), VENDOR) == grant(high)
    assert highest(grant("CAN_VIEW", "1"), grant("CAN_VIEW", "2"), VENDOR) == grant("CAN_VIEW", "1")


def test_access_is_lowered_by_less_and_by_nothing_else() -> None:
    """Whoever gains access, or gets another level that nobody knows, loses nothing."""
    steps = [(low, high) for low in ASCENDING for high in ASCENDING]
    found = {(a, b) for a, b in steps if lowers(Modify(grant(a), grant(b), ("access",)), VENDOR)}
    assert found == {(a, b) for a, b in steps if ASCENDING.index(a) > ASCENDING.index(b)}
    assert not lowers(Modify(grant("CAN_JUDGE"), grant("CAN_AUDIT"), ("access",)), VENDOR)
    assert (lowers(Add(grant(OWNER)), VENDOR), lowers(Drop(grant("CAN_JUDGE")), VENDOR)) == (False, True)
