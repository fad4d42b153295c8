"""Columns that are to be renamed."""

from __future__ import annotations

import pytest

from reconciler.core.changes import Add, Modify
from reconciler.facets.schema import Column, Schema, SchemaSection

A, B, C = (Column(name, "LONG") for name in "abc")


def diff(desired: tuple[Column, ...], **former: str) -> tuple[object, ...]:
    columns = [
        {"name": c.name, "type": c.type, **({"renamedFrom": former[c.name]} if c.name in former else {})}
        for c in desired
    ]
    return Schema().diff((A,), desired, SchemaSection.model_validate({"columns": columns}))


def test_a_column_that_is_said_to_be_renamed_is() -> None:
    """From a name that is gone."""
    assert diff((B,), b="a") == (Modify(A, B, ("name",)),)


@pytest.mark.parametrize(("desired", "former", "added"), [((A, B), {"b": "a"}, (B,)), ((A,), {"a": "a"}, ())])
def test_no_column_gives_its_data_away_while_it_stays(
    desired: tuple[Column, ...], former: dict[str, str], added: tuple[Column, ...]
) -> None:
    """Even where nobody refused it."""
    assert diff(desired, **former) == tuple(map(Add, added))


def test_no_column_becomes_two() -> None:
    """It is dropped, and a guard holds that."""
    assert [type(change).__name__ for change in diff((B, C), b="a", c="a")] == ["Add", "Add", "Drop"]


@pytest.mark.parametrize(("found", "made"), [((B,), True), ((A, B), False), ((A,), False), ((), False)])
def test_a_rename_is_made_once_the_old_name_is_gone(found: tuple[Column, ...], *, made: bool) -> None:
    """Beside it the new one is another column."""
    assert Schema().holding(found, (B,))(Modify(A, B, ("name",))) == made
