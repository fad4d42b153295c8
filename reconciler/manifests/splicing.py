"""New entries put into a manifest's text, every other byte of which stays, whatever its layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from reconciler.core.words import Json

from .yaml import read
from .yaml.spans import Node, spans
from .yaml.writing import entry_lines, flow

Entries = Mapping[str, Json]


class NotWritableError(Exception):
    """The text cannot be changed as asked."""


def inserted(text: str, index: int, path: Sequence[str], entries: Entries, after: str | None = None) -> str:
    """`text` with `entries` in one of its mappings, which is made if it is not there.

    Args:
        text: the whole file.
        index: which of the file's documents, from 0.
        path: the keys that lead to the mapping.
        entries: what to add; none of the keys may be there yet.
        after: the key behind which they go; None: at the end.

    Raises:
        NotWritableError: the text is no manifest, or not this one.
    """
    reading = read(text)
    if reading.problems or index >= len(reading.documents):
        raise NotWritableError("it is not a manifest any more")
    wanted = _with(reading.documents[index].data, path, entries)
    body = text.removeprefix("\ufeff")
    new = text[: len(text) - len(body)] + _inserted(body, spans(body)[index], path, entries, after)
    proof = read(new)
    found = [document.data for document in proof.documents]
    expected = [document.data if at != index else wanted for at, document in enumerate(reading.documents)]
    if proof.problems or found != expected:
        raise NotWritableError("its layout leaves no room for them")
    return new


def _with(data: object, path: Sequence[str], entries: Entries) -> object:
    data = deepcopy(data)
    holder: Any = data
    for key in path:
        if not isinstance(holder, dict):
            raise NotWritableError("it is not a manifest any more")
        if holder.get(key) is None:
            holder[key] = {}
        holder = holder[key]
    if not isinstance(holder, dict) or set(holder) & set(entries):
        raise NotWritableError("what was to be added is there already")
    holder.update(deepcopy(dict(entries)))
    return data


def _inserted(text: str, node: Node, path: Sequence[str], entries: Entries, after: str | None) -> str:
    for depth, key in enumerate(path):
        child = node.entries.get(key)
        if child is None or (not child.value.entries and not node.flow):
            rest = _nested(path[depth:], entries)
            return _beside(text, node, rest, after=None) if child is None else _instead(text, node, key, rest[key])
        node = child.value
    return _beside(text, node, entries, after)


def _nested(path: Sequence[str], entries: Entries) -> dict[str, Json]:
    made: dict[str, Json] = dict(entries)
    for key in reversed(path):
        made = {key: made}
    return made


def _beside(text: str, node: Node, entries: Entries, after: str | None) -> str:
    """Behind one of the entries of a mapping that has some; an empty one is a flow mapping."""
    if node.flow:
        pairs = ", ".join(f"{flow(key)}: {flow(value)}" for key, value in entries.items())
        if not node.entries:
            return f"{text[: node.start + 1]}{pairs}{text[node.start + 1 :]}"
        end = node.entries[after or list(node.entries)[-1]].value.end
        return f"{text[:end]}, {pairs}{text[end:]}"
    neighbour = node.entries[after or list(node.entries)[-1]]
    indent = neighbour.column
    return _below(text, neighbour.value.end, entries, indent)


def _instead(text: str, node: Node, key: str, value: Json) -> str:
    """In place of an empty value: nothing, `{}` or null."""
    entry = node.entries[key]
    text = f"{text[: entry.value.start].rstrip(' ')}{text[entry.value.end :]}"
    return _below(text, entry.end, value if isinstance(value, Mapping) else {}, entry.column + 2)


def _below(text: str, end: int, entries: Entries, indent: int) -> str:
    """On lines of their own, after the line in which `end` lies."""
    if end and text[end - 1] == "\n":
        end = len(text[:end].rstrip()) + 1
        stop = min(end, len(text))
    else:
        stop = text.find("\n", end) + 1 or len(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = [line for key, value in entries.items() for line in entry_lines(key, value, indent // 2)]
    block = "".join(f"{' ' * indent}{line}{line_end}" for line in lines)
    head = text[:stop]
    return f"{head}{'' if head.endswith(chr(10)) else line_end}{block}{text[stop:]}"
