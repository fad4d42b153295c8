"""The access matrix: people by datasets, with what each has before and after."""

from __future__ import annotations

from collections import Counter
from typing import Final

from msgspec import Struct

from reconciler.core.plan import AccessChange, Plan
from reconciler.report.figures import access_changes
from reconciler.report.safe import safe_text

MOST_PEOPLE: Final = 40
MOST_DATASETS: Final = 12


class Cell(Struct, frozen=True):
    """One person's access to one dataset; empty when nothing changes there."""

    kind: str = ""
    """lose, change or gain."""
    before: str = ""
    after: str = ""
    via: str = ""


class Person(Struct, frozen=True):
    """A row of the matrix."""

    name: str
    cells: tuple[Cell, ...]


class Matrix(Struct, frozen=True):
    """The people and datasets with most losses, then most changes."""

    datasets: tuple[str, ...]
    people: tuple[Person, ...]
    more_datasets: int
    more_people: int


def kind(move: AccessChange) -> str:
    """What happens to somebody, in one word."""
    if move.after is None:
        return "lose"
    return "gain" if move.before is None else "change"


def cell(move: AccessChange) -> Cell:
    """One change of access, as it is shown."""
    via = f"via {safe_text(str(move.via))}" if move.via else ""
    return Cell(kind(move), safe_text(move.before or "none"), safe_text(move.after or "none"), via)


def matrix(plan: Plan) -> Matrix:
    """Who gains, loses and changes access where."""
    people: Counter[tuple[str, str, str]] = Counter()
    datasets: Counter[str] = Counter()
    cells: dict[tuple[tuple[str, str, str], str], Cell] = {}
    names: dict[tuple[str, str, str], str] = {}
    moves = list(access_changes(plan))
    for move in moves:
        person = (move.dataset.target, move.principal.kind, move.principal.id)
        # A loss outweighs any number of gains.
        weight = 1 + len(moves) * (move.after is None)
        people[person] += weight
        datasets[str(move.dataset)] += weight
        names[person] = safe_text(str(move.principal))
        cells[person, str(move.dataset)] = cell(move)
    columns = sorted(sorted(datasets), key=lambda name: -datasets[name])[:MOST_DATASETS]
    rows = sorted(sorted(people), key=lambda person: -people[person])[:MOST_PEOPLE]
    return Matrix(
        tuple(map(safe_text, columns)),
        tuple(Person(names[row], tuple(cells.get((row, column), Cell()) for column in columns)) for row in rows),
        len(datasets) - len(columns),
        len(people) - len(rows),
    )
