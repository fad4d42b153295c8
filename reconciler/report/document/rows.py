"""A document's bytes and digest, made from its head and its long lists, of which only one row exists at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, TypeAlias

from pydantic_core import to_json

from reconciler.core.words import Json, canonical

Rows: TypeAlias = Mapping[str, Callable[[], Iterator[dict[str, Any]]]]
"""Long lists by key, each made anew on every call."""

UNSIGNED: Final = frozenset({"plan_id", "created_at"})
"""What the plan id does not cover: itself, and the clock."""


def plan_id(head: Mapping[str, Json], rows: Rows) -> str:
    """`words.digest` of the whole document without what is unsigned."""
    total = sha256()
    for piece in _canonical(head, rows):
        total.update(piece.encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _canonical(head: Mapping[str, Json], rows: Rows) -> Iterator[str]:
    opening = "{"
    for key in sorted({*head, *rows} - UNSIGNED):
        yield f"{opening}{canonical(key)}:"
        if key in rows:
            yield "["
            yield from _separated(map(canonical, rows[key]()), ",")
            yield "]"
        else:
            yield canonical(head[key])
        opening = ","
    yield "}"


def indented(head: Mapping[str, Json], rows: Rows) -> Iterator[str]:
    """The document as text with an indent of two, head first; in pieces."""
    yield "{\n  "
    yield ",\n  ".join(f"{_json(key, 2)}: {_json(value, 2)}" for key, value in head.items())
    for key, make in rows.items():
        found = make()
        first = next(found, None)
        if first is None:
            yield f",\n  {_json(key, 2)}: []"
        else:
            yield f",\n  {_json(key, 2)}: [\n    {_json(first, 4)}"
            for row in found:
                yield f",\n    {_json(row, 4)}"
            yield "\n  ]"
    yield "\n}\n"


def _json(value: Json, indent: int) -> str:
    # A line break inside a string is an escape, so every line break here is layout.
    return to_json(value, indent=2).decode().replace("\n", "\n" + " " * indent)


def _separated(pieces: Iterator[str], separator: str) -> Iterator[str]:
    for index, piece in enumerate(pieces):
        yield f"{separator}{piece}" if index else piece
