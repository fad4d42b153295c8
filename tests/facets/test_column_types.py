"""Which types of a column hold every value of another."""

from __future__ import annotations

from reconciler.facets.columns import narrows

TYPES = ("LONG", "DECIMAL", "DOUBLE", "DATE", "DATETIME", "STRING")

WIDE_ENOUGH = {
    # A DOUBLE holds whole numbers up to 2^53 and few decimal fractions.
    "LONG": {"LONG", "DECIMAL", "STRING"},
    "DECIMAL": {"DECIMAL", "STRING"},
    "DOUBLE": {"DOUBLE", "STRING"},
    "DATE": {"DATE", "DATETIME", "STRING"},
    "DATETIME": {"DATETIME", "STRING"},
    "STRING": {"STRING"},
}


def test_a_type_is_wide_enough_where_this_table_says_so_and_nowhere_else() -> None:
    """Each of the vendor's types against each: all but these lose values, and are held by a guard."""
    found = {before: {after for after in TYPES if not narrows(before, after)} for before in TYPES}
    assert found == WIDE_ENOUGH


def test_a_type_that_nobody_knows_holds_nothing_but_its_own() -> None:
    """The vendor may have more types than its documents: a change from one or to one is held."""
    assert [narrows("JSON", "JSON"), narrows("JSON", "STRING"), narrows("LONG", "JSON")] == [False, True, True]
