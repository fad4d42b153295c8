"""Keys of a manifest in the order of its model, each with its own lines and the comments right above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from .findings import known_keys
from .models import KINDS
from .reading import kind_of
from .yaml import Document, Path, Position, read

FIRST = ("owner",)
"""Who answers for a dataset stands before everything else in its spec; then come the facets in their order."""

_MARKS = re.compile(r"^(---)(?=\s|$)|^\.\.\.(?=\s|$).*\n?", re.MULTILINE)
"""Where a document begins, and where one ends: nothing else may stand so at the start of a line, no text either."""


def in_order(text: str) -> str:
    """`text` with the entries of documents, metadata, spec and facets in the order of the models.

    Only mappings with a line for each key are touched.
    """
    bounds = sorted({0, *(mark.start() if mark[1] else mark.end() for mark in _MARKS.finditer(text)), len(text)})
    return "".join(_one_in_order(text[begin:end]) for begin, end in pairwise(bounds))


def _one_in_order(text: str) -> str:
    """`text`, which holds one document at most, in order: it is read again for each of its mappings."""
    if not (documents := read(text).documents):
        return text
    for path in _paths(documents[0]):
        text = _sorted(text, read(text).documents[0], path)
    return text


def _paths(document: Document) -> Iterator[Path]:
    """Mappings to look at, the inner before the outer."""
    data: Any = document.data
    for key in ("metadata", "spec"):
        inner = data.get(key) if isinstance(data, dict) else None
        if isinstance(inner, dict):
            yield from ((key, facet) for facet, section in inner.items() if isinstance(section, dict))
            yield (key,)
    yield ()


def _sorted(text: str, document: Document, path: Path) -> str:
    keys = _keys(document, path)
    model = KINDS.get(kind_of(document))
    if model is None or len(keys) < 2:  # noqa: PLR2004 - one key is in order
        return text
    known = [*FIRST, *known_keys(model, path)] if path == ("spec",) else known_keys(model, path)
    order = {key: place for place, key in reversed(list(enumerate(known)))}
    if not set(keys) <= set(order):
        return text
    wanted = sorted(keys, key=order.__getitem__)
    starts = [document.keys[(*path, key)] for key in keys]
    lines = text.split("\n")
    if wanted == keys or not _own_lines(lines, starts):
        return text
    begins = [_with_comments(lines, start.line - 1, start.column) for start in starts]
    if not path:
        # What stands above a document's first key is about the document.
        begins[0] = starts[0].line - 1
    ends = [*begins[1:], _end(lines, document, path, starts[0].column)]
    parts = {key: lines[begin:end] for key, begin, end in zip(keys, begins, ends, strict=True)}
    moved = [line for key in wanted for line in parts[key]]
    return "\n".join([*lines[: begins[0]], *moved, *lines[ends[-1] :]])


def _own_lines(lines: Sequence[str], starts: Sequence[Position]) -> bool:
    """Whether each key begins a line, all in the same column."""
    blank = all(not lines[start.line - 1][: start.column - 1].strip(" ") for start in starts)
    return (
        blank and len({start.line for start in starts}) == len(starts) and len({start.column for start in starts}) == 1
    )


def _keys(document: Document, path: Path) -> list[str]:
    data: Any = document.data
    for key in path:
        data = data[key]
    return list(data) if isinstance(data, dict) else []


def _with_comments(lines: Sequence[str], line: int, column: int) -> int:
    """The first of the lines right above a key that are comments in its column."""
    while line and lines[line - 1].startswith(f"{' ' * (column - 1)}#"):
        line -= 1
    return line


def _end(lines: Sequence[str], document: Document, path: Path, column: int) -> int:
    """The line behind a mapping's last one; comments and empty lines at its end do not count."""
    line = max(position.line for place, position in document.positions.items() if place[: len(path)] == path)
    while line < len(lines) and _inside(lines[line], column):
        line += 1
    while not lines[line - 1].strip() or lines[line - 1].startswith("#"):
        line -= 1
    return line


def _inside(line: str, column: int) -> bool:
    """Whether a line below a value belongs to it: deeper than its key, or empty within a text of several lines."""
    return not line.strip() or len(line) - len(line.lstrip(" ")) >= column
