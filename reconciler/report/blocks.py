"""Blocks of Markdown and how they share a size limit: on their borders, the worst news first, saying what is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from .safe import SENTENCE, md_code

NOTE: Final = 160
"""Bytes a block keeps for saying what is cut; more than such a sentence takes, but for where all of it is."""

WHOLE: Final = "`reconciler show` has the whole plan."


def shown_by(command: str) -> str:
    """Where all of it can be seen: by a command to be typed."""
    return f"{md_code(command, limit=SENTENCE)} shows all of it."


class Table(Struct, frozen=True):
    """A heading and a table under it; rows can be left out from its end."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def lines(self, budget: int, whole: str) -> list[str]:
        """As many rows as fit into `budget` bytes; how many do not, and where the `whole` of them can be seen."""
        if not self.rows:
            return []
        head = [self.title, "", _row(self.columns), _row(("---",) * len(self.columns))]
        kept = fitting((_row(row) for row in self.rows), budget - size(head) - NOTE - size([whole]))
        missing = len(self.rows) - len(kept)
        note = ["", f"_{missing:,} of {len(self.rows):,} are not shown here. {whole}_"] if missing else []
        return [*head, *kept, *note, ""] if kept else [self.title, *note, ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


class Piece(Struct, frozen=True):
    """What the fold says of one dataset."""

    lines: list[str]
    bad: bool
    """Whether it is among what is kept first."""


class Fold(Struct, frozen=True):
    """A folded diff, a piece for each dataset; whole pieces can be left out, good news first.

    Every line begins with its sign, so no name in it can end the fenced block.
    """

    summary: str
    pieces: Sequence[Piece]
    open_lines: int = 12
    """The fold is open when it has no more lines than this."""

    def lines(self, budget: int, whole: str) -> list[str]:
        """As many pieces as fit into `budget` bytes, in their order; how many do not, and where the `whole` is."""
        if not self.pieces:
            return []
        room = budget - NOTE - size([whole, self.summary]) - 100
        ranked = sorted(range(len(self.pieces)), key=lambda index: not self.pieces[index].bad)
        chosen = fitting(("\n".join(self.pieces[index].lines) for index in ranked), room)
        shown = [line for index in sorted(ranked[: len(chosen)]) for line in self.pieces[index].lines]
        if not shown:
            shown = fitting(self.pieces[ranked[0]].lines, room)
        missing = len(self.pieces) - len(chosen)
        note = [f"_{missing:,} of {len(self.pieces):,} datasets are not shown in full. {whole}_", ""] if missing else []
        opening = "<details open>" if len(shown) <= self.open_lines else "<details>"
        summary = f"<summary>{self.summary}</summary>"
        return [f"{opening}{summary}", "", "```diff", *shown, "```", "", *note, "</details>", ""]


def fitting(pieces: Iterable[str], room: int) -> list[str]:
    """The longest beginning of `pieces` that fits into `room` bytes."""
    kept: list[str] = []
    for piece in pieces:
        room -= size([piece])
        if room < 0:
            break
        kept.append(piece)
    return kept


def size(lines: Iterable[str]) -> int:
    """Bytes of `lines` in UTF-8, line breaks included."""
    return sum(len(line.encode()) + 1 for line in lines)


def share(blocks: Sequence[Table | Fold], budget: int, whole: str = WHOLE) -> list[list[str]]:
    """The lines of each block, most important first: each may take half of what those before it left, the last all.

    Of what is cut it is said where the `whole` can be seen.
    """
    shown = []
    for index, block in enumerate(blocks):
        lines = block.lines(budget if index == len(blocks) - 1 else budget // 2, whole)
        budget -= size(lines)
        shown.append(lines)
    return shown
