"""Findings with a stable code, a place and a way out; the only form in which anything is complained about."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from .address import Address

Severity: TypeAlias = Literal["error", "blocked", "warning", "info"]
"""error: the work cannot go on · blocked: a guard holds the plan · warning, info: for the reader."""

RANK: dict[str, int] = {"error": 0, "blocked": 1, "warning": 2, "info": 3}


class Code(Struct, frozen=True):
    """What a diagnostic code means; `reconciler explain CODE` prints it."""

    name: str
    """Stable, kebab-case."""
    title: str
    """One sentence."""
    explanation: str
    """What it protects from or what went wrong, and what to do."""
    liftable: bool = False
    """Whether `--allow` or an `allow` entry may lift it. Only guards are."""
    of_plan: bool = False
    """Whether it is only ever said of a plan as a whole, so that no dataset's manifest lifts it."""


class Source(Struct, frozen=True, order=True):
    """A place in a manifest; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


MOST_WORDS = 200
"""Characters of an exception's own text that are told, or go into a journal."""


def unforeseen(error: Exception) -> str:
    """What nobody reckoned with, in words: its type, and what it says itself."""
    return f"this should not have happened: {type(error).__name__}: {' '.join(str(error).split())[:MOST_WORDS]}"


class Diagnostic(Struct, frozen=True):
    """One finding."""

    code: str
    severity: Severity
    summary: str
    """What is wrong, in one sentence."""
    address: Address | None = None
    hint: str | None = None
    """What to do next."""
    source: Source | None = None

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Files first and in order, then by address; a total order, so that output never depends on chance."""
        place, address = self.source or Source("", 0), self.address or Address("", "")
        shown = (place, RANK[self.severity], str(self.address or ""), self.code, self.summary, self.hint or "")
        # What looks the same may still differ; the order of a set would then decide, and that is chance.
        return (*shown, address, self.hint is None, self.source is None)


def ordered(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """`diagnostics` without repetitions, in their total order."""
    # What comes in order already, as most does, is sorted at once; a set would shuffle it.
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda item: item.sort_key))
