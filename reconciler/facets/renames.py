"""Columns that are to be renamed: which they are, and what `renamedFrom` cannot mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from reconciler.core.diagnostics import Code

from .facet import Complaint

if TYPE_CHECKING:
    from .schema import ColumnModel

CONTRADICTED = Code(
    "rename-contradicted",
    "A column's `renamedFrom` contradicts the other columns.",
    "A column that is renamed becomes the new one, with its data: it cannot stay beside it, nor become two. Take the "
    "old column out of the list, and say `renamedFrom` on one column only. Where the rename was applied already, and "
    "the old name is to be another column now, take `renamedFrom` out.",
)


def former_names(columns: Sequence[ColumnModel]) -> Mapping[str, str]:
    """The former name of each column that is renamed, by its name; nothing where `contradictions` finds something."""
    said = {column.name: column.renamed_from for column in columns if column.renamed_from is not None}
    if not said:
        return {}
    times, names = Counter(said.values()), {column.name for column in columns}
    return {new: old for new, old in said.items() if times[old] == 1 and old not in names}


def contradictions(columns: Sequence[ColumnModel]) -> Iterable[Complaint]:
    """Each `renamedFrom` that cannot be meant: its column's own name, one that stays, or one that is said twice."""
    said = [(index, column.name, old) for index, column in enumerate(columns) if (old := column.renamed_from)]
    if not said:
        return
    times, names = Counter(old for _, _, old in said), {column.name for column in columns}
    for index, new, old in said:
        place = ("columns", index, "renamedFrom")
        if old == new:
            summary, hint = f'column "{new}" is renamedFrom its own name', "Take renamedFrom out."
            yield Complaint(place, CONTRADICTED.name, summary, hint)
        elif old in names:
            summary = f'column "{new}" is renamedFrom "{old}", which is listed beside it'
            hint = f'Take column "{old}" out; or renamedFrom, where the rename was applied.'
            yield Complaint(place, CONTRADICTED.name, summary, hint)
        elif times[old] > 1:
            summary = f'column "{new}" is renamedFrom "{old}", and so is another'
            yield Complaint(
                place, CONTRADICTED.name, summary, f'Say it on the one that is to have the data of "{old}".'
            )
