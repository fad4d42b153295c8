"""A document's bytes and digest, made from its head and its long lists, of which only one row exists at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    return signature(head, {key: map(packed, make()) for key, make in rows.items()})


def packed(value: Json) -> bytes:
    """`value` in canonical form."""
    return canonical(value).encode("utf-8", "surrogatepass")


def signature(head: Mapping[str, Json], rows: Mapping[str, Iterable[bytes]]) -> str:
    """The plan id of a document whose rows are packed."""
    total = sha256()
    opening = b"{"
    for key in sorted({*head, *rows} - UNSIGNED):
        total.update(opening + packed(key) + b":")
        if key in rows:
            separator = b"["
            for row in rows[key]:
                total.update(separator + row)
                separator = b","
            total.update(b"]" if separator == b"," else b"[]")
        else:
            total.update(packed(head[key]))
        opening = b","
    total.update(b"}" if opening == b"," else b"{}")
    return total.hexdigest()


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
