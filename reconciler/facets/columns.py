"""The dangers of changing columns: data that is dropped, does not fit, or is in a hidden column of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.diagnostics import Diagnostic

from .facet import Outlook, Outlooks, Situation, blocked

WIDER: Mapping[str, frozenset[str]] = {
    "LONG": frozenset({"DECIMAL", "STRING"}),
    "DECIMAL": frozenset({"STRING"}),
    "DOUBLE": frozenset({"STRING"}),
    "DATE": frozenset({"DATETIME", "STRING"}),
    "DATETIME": frozenset({"STRING"}),
}
"""The types that hold every value of a type. A DOUBLE holds whole numbers up to 2^53 and few decimal fractions."""

MOST_COMPARED = 10_000
"""So many pairs of names are compared; beyond that a schema is replaced, and every drop is held anyway."""


def guard_columns(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Drops, types that cannot hold what is there, names of hidden columns, and renames that nobody called one."""
    if "schema" not in outlooks:
        return
    outlook = outlooks["schema"]
    if not outlook.changes:
        return
    for change in outlook.changes:
        if isinstance(change, Drop):
            summary = f'column "{change.key}" would be dropped, with its data'
            hint = "If it was renamed, say renamedFrom; else allow it for this dataset."
            yield blocked(situation, "schema", "column-dropped", summary, hint)
        elif isinstance(change, Modify) and narrows(change.before.type, change.after.type):
            summary = f'column "{change.key}": {change.after.type} cannot hold every {change.before.type}'
            hint = "Check that the data fits, then allow it for this dataset."
            yield blocked(situation, "schema", "column-type-narrowed", summary, hint)
    yield from guard_hidden(outlook, situation)
    for old, new in lookalikes(outlook):
        summary = f'"{old}" would be dropped and "{new}" added, of the same type: is it one column, renamed?'
        hint = f"If so, say renamedFrom: {old}; if they are two columns, allow it for this dataset."
        yield blocked(situation, "schema", "rename-ambiguous", summary, hint)


def guard_hidden(outlook: Outlook, situation: Situation) -> Iterable[Diagnostic]:
    """Columns that would take the place of hidden ones."""
    hidden = situation.taken.get("schema", frozenset())
    for name in [column.key for column in outlook.desired if column.key in hidden] if hidden else ():
        summary = f'the dataset has a column "{name}" already, which is hidden and not governed'
        hint = "Show or rename it where it is hidden, or give the other column another name."
        yield blocked(situation, "schema", "column-hidden", summary, hint)


def lookalikes(outlook: Outlook) -> Iterable[tuple[str, str]]:
    """Names of a dropped and an added column that may be one: same type, and a near name or the same place."""
    from difflib import get_close_matches  # noqa: PLC0415 - hardly any plan drops a column

    places = {column.key: place for place, column in enumerate(outlook.desired)}
    added = {change.key: change.after for change in outlook.changes if isinstance(change, Add)}
    dropped = {change.key: change.before for change in outlook.changes if isinstance(change, Drop)}
    few = len(added) * len(dropped) <= MOST_COMPARED
    alike: dict[str, dict[str, str]] = {}
    for name, new in added.items():
        alike.setdefault(new.type, {})[name.casefold()] = name
    here = {places[name]: name for name in added}
    for place, old in enumerate(outlook.live):
        if old.key not in dropped:
            continue
        kind = dropped[old.key].type
        near = get_close_matches(old.key.casefold(), alike.get(kind, {}), n=1) if few else []
        other = alike[kind][near[0]] if near else here.get(place)
        if other is not None and added[other].type == kind:
            yield old.key, other


def narrows(before: str, after: str) -> bool:
    """Whether a column of type `after` cannot hold every value of type `before`."""
    return before != after and after not in WIDER.get(before, frozenset())
