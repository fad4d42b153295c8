"""Schema: the ordered columns of a dataset and their types."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import ClassVar

from msgspec import Struct
from pydantic import Field

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.diagnostics import Code
from reconciler.core.plan import Risk
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.core.words import Json, mapping
from reconciler.diffing import keyed, moved

from .columns import narrows
from .facet import Complaint, Facet, ItemKey, Situation, Test
from .renames import CONTRADICTED, contradictions, former_names
from .repeats import repeated
from .section import Items, Model, Section, Text
from .suggest import did_you_mean

PLACE = ("place",)
"""The fields of a modification that only moves a column."""


class ColumnModel(Model):
    """One column."""

    name: Text
    type: Text
    """The vendor's type; Domo: STRING, DECIMAL, LONG, DOUBLE, DATE, DATETIME."""
    renamed_from: Text | None = None
    """The column's former name: makes this a rename instead of a drop and an addition."""


class SchemaSection(Section):
    """The columns a dataset should have: all of them, in this order."""

    columns: Items[ColumnModel] = Field(min_length=1)


class Column(Struct, frozen=True):
    """One column."""

    name: str
    type: str

    @property
    def key(self) -> str:
        """The column's name."""
        return self.name


class Schema(Facet[SchemaSection, Column]):
    """The facet `schema`."""

    name = "schema"
    section = SchemaSection
    union_keys: ClassVar[Mapping[str, ItemKey]] = {"columns": lambda column, _: str(column.name)}
    codes = (
        Code(
            "column-dropped",
            "A column would be dropped, with the data in it.",
            "Cards, dataflows and people that read the column break. If it was renamed, say `renamedFrom`. If it may "
            "go, lift this guard for the dataset.",
            liftable=True,
        ),
        Code(
            "rename-ambiguous",
            "A dropped and an added column look like one column that was renamed.",
            "They have the same type, and nearly the same name or the same place. A rename keeps the data, a drop and "
            "an addition lose it. Say `renamedFrom` on the new column; if they are two columns, lift this guard.",
            liftable=True,
        ),
        Code(
            "column-type-narrowed",
            "A column would get a type that cannot hold all of its present values.",
            "Values that do not fit are lost or make the next load fail. Lift this guard if the data is known to fit.",
            liftable=True,
        ),
        Code(
            "column-hidden",
            "A column would get the name of one that is hidden.",
            "Hidden columns are not governed and stay as they are. A column of the same name would take the place of "
            "the hidden one, and its data would be shown, retyped or dropped. Show or rename the hidden column where "
            "it is hidden, or choose another name. Cannot be lifted.",
        ),
        CONTRADICTED,
    )

    def arranged(self, elements: Iterable[Column]) -> tuple[Column, ...]:
        return tuple(elements)

    def settle(self, section: SchemaSection, live: tuple[Column, ...], situation: Situation) -> tuple[Column, ...]:
        del live, situation
        return tuple(Column(column.name, column.type) for column in section.columns)

    def diff(
        self, live: tuple[Column, ...], desired: tuple[Column, ...], section: SchemaSection | None = None
    ) -> tuple[Change[Column], ...]:
        names = {column.name: column for column in live}
        former = {
            new: names[old]
            for new, old in former_names(section.columns if section else ()).items()
            if old in names and new not in names
        }
        renamed = {old.name for old in former.values()}
        renames = [
            Modify(former[new.name], new, ("name", "type") if former[new.name].type != new.type else ("name",))
            for new in desired
            if new.name in former
        ]
        rest = keyed(
            tuple(column for column in live if column.name not in renamed),
            tuple(column for column in desired if column.name not in former),
        )
        return (*renames, *rest, *self._moves(live, desired, rest))

    def _moves(
        self, live: Sequence[Column], desired: Sequence[Column], changes: Iterable[Change[Column]]
    ) -> Iterable[Modify[Column]]:
        touched = {change.key for change in changes}
        by_name = {column.name: column for column in desired}
        places = moved([column.name for column in live], [column.name for column in desired])
        return [Modify(by_name[name], by_name[name], PLACE) for name in places if name not in touched]

    def holding(self, found: tuple[Column, ...], desired: tuple[Column, ...]) -> Test[Column]:
        names = [column.name for column in found]
        there = frozenset(names)
        misplaced = cache(lambda: frozenset(moved(names, [column.name for column in desired])))
        as_such = super().holding(found, desired)

        def holds(change: Change[Column]) -> bool:
            if isinstance(change, Modify) and change.fields == PLACE:
                return change.key not in misplaced()
            if isinstance(change, Modify) and change.before.name != change.after.name:
                return change.before.name not in there and as_such(change)
            return as_such(change)

        return holds

    def adopted(self, live: tuple[Column, ...], situation: Situation) -> Json | None:
        del situation
        return {"columns": [self.words(column) for column in live]} if live else None

    def verb(self, change: Change[Column], situation: Situation) -> str:
        del change
        return "alter" if situation.exists else "create"

    def words(self, element: Column) -> Json:
        return {"name": element.name, "type": element.type}

    def element(self, words: Json) -> Column:
        given = mapping(words)
        return Column(str(given["name"]), str(given["type"]))

    def describe(self, change: Change[Column]) -> str:
        match change:
            case Add(after=column) | Drop(before=column):
                return f'column "{column.name}" {column.type}'
            case Modify(before=old, after=new, fields=fields) if fields == PLACE:
                return f'column "{new.name}" to another place'
            case Modify(before=old, after=new):
                name = f'"{old.name}"' if old.name == new.name else f'"{old.name}" -> "{new.name}"'
                kind = "" if old.type == new.type else f" {old.type} -> {new.type}"
                return f"column {name}{kind}"

    def check(self, section: SchemaSection, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        del directory
        for index, times in repeated([column.name for column in section.columns]):
            summary = f'column "{section.columns[index].name}" is listed {times} times'
            yield Complaint(("columns", index, "name"), "duplicate-item", summary)
        for index, column in enumerate(section.columns):
            if capabilities.column_types and column.type not in capabilities.column_types:
                summary = f'"{column.type}" is not a column type of this provider'
                hint = did_you_mean(column.type, capabilities.column_types)
                yield Complaint(("columns", index, "type"), "unknown-column-type", summary, hint)
        yield from contradictions(section.columns)

    def check_whole(self, section: SchemaSection) -> Iterable[Complaint]:
        # One of the two columns may be the profile's.
        return contradictions(section.columns)

    def risk(self, changes: Sequence[Change[Column]]) -> Risk:
        lossy = any(isinstance(change, Drop) or self._narrowing(change) for change in changes)
        return "destructive" if lossy else "safe"

    def reversible(self, changes: Sequence[Change[Column]]) -> bool:
        return self.risk(changes) != "destructive"

    @staticmethod
    def _narrowing(change: Change[Column]) -> bool:
        return isinstance(change, Modify) and narrows(change.before.type, change.after.type)
