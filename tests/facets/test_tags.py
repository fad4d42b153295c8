"""What is imported of a dataset's tags, and what policies see of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.core.address import Address
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json, mapping
from reconciler.facets.facet import Situation
from reconciler.facets.tags import Tag, Tags, TagsSection

VENDOR = Capabilities(frozenset({"tags"}), generated_tags=("s_*", "um_*"))
SITUATION = Situation(Address("acme", "orders"), {}, {}, Directory(), VENDOR, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("live", "adopted"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["gold", "S_x", "daily"], ["S_x", "daily", "gold"], id="people's"),
        pytest.param(["um_REPLACE", "gold", "daily"], {"values": ["daily", "gold"], "ignore": ["um_*"]}, id="both"),
        pytest.param(["um_x", "s_x"], {"values": [], "ignore": ["s_*", "um_*"]}, id="the vendor's"),
    ],
)
def test_tags_that_the_vendor_generates_are_imported_as_the_patterns_that_they_fit(
    live: list[str], adopted: Json
) -> None:
    """Only those of its patterns that something fits; without any, the manifest has the short form. Sorted."""
    assert Tags().adopted(tuple(map(Tag, live)), SITUATION) == adopted


def test_policies_judge_the_tags_that_a_dataset_will_have() -> None:
    """Those too that an additive list leaves in place, sorted; without live state those that the manifest names."""
    section = TagsSection.model_validate({"mode": "additive", "values": ["gold"]})
    settled = (Tag("pii"), Tag("gold"))
    seen = [Tags().stated(section, given, Directory()) for given in (settled, None)]
    assert [mapping(each)["values"] for each in seen] == [["gold", "pii"], ["gold"]]
