"""Properties and definition: what is named is governed, what is not stays, and one line says what changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.core.address import Address
from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, Situation
from reconciler.facets.definition import Statement
from reconciler.facets.properties import Property

SITUATION = Situation(
    Address("acme", "orders"), {}, {}, Directory(), Capabilities(frozenset()), datetime(2026, 1, 1, tzinfo=UTC)
)
LIVE: dict[str, tuple[Any, ...]] = {
    "properties": (Property("name", "orders"), Property("description", ""), Property("providerType", "api")),
    "definition": (Statement("sql", "SELECT 1"),),
}


@pytest.mark.parametrize(
    ("facet", "section", "told"),
    [
        ("properties", {}, []),
        ("properties", {"description": ""}, []),
        (
            "properties",
            {"name": "Orders", "description": "All of them."},
            ['name "orders" -> "Orders"', 'description "" -> "All of them."'],
        ),
        ("properties", {"description": "x\n" * 60}, ['description "" -> "' + r"x\n" * 60 + '"']),
        ("properties", {"providerType": "sql"}, ['providerType "api" -> "sql"']),
        ("definition", {}, []),
        ("definition", {"sql": "  SELECT 1\n"}, []),
        ("definition", {"sql": "SELECT\n  2"}, [r'sql "SELECT 1" -> "SELECT\n  2"']),
        ("definition", {"query": "SELECT 3"}, ['query "SELECT 3"']),
    ],
)
def test_only_what_is_named_changes(facet: str, section: dict[str, Any], told: list[str]) -> None:
    """Settling what is settled changes nothing more."""
    subject = BY_NAME[facet]
    model = subject.section.model_validate(section)
    settled = subject.settle(model, LIVE[facet], SITUATION)
    changes = subject.diff(LIVE[facet], settled, model)
    assert [subject.describe(change) for change in changes] == told
    assert subject.diff(settled, subject.settle(model, settled, SITUATION), model) == ()


@pytest.mark.parametrize("facet", LIVE)
def test_words_lead_back_to_elements(facet: str) -> None:
    """As saved plans need it."""
    subject = BY_NAME[facet]
    for element in LIVE[facet]:
        assert subject.element(subject.words(element)) == element
        assert subject.describe(Drop(element)) == subject.describe(Add(element))
        assert subject.holding(LIVE[facet], LIVE[facet])(Modify(element, element, ()))
    with pytest.raises(TypeError):
        subject.element("nonsense")


def test_an_empty_definition_is_refused() -> None:
    """It cannot be taken away."""
    subject = BY_NAME["definition"]
    model = subject.section.model_validate({"sql": "  ", "query": "SELECT 1"})
    (complaint,) = subject.check(model, Capabilities(frozenset()), Directory())
    assert (complaint.path, complaint.summary) == (("sql",), "sql is empty")
