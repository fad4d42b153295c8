"""Where every mapping of a text and what is in it begins and ends, for putting something beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field
from yaml._yaml import CParser
from yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)


class Node(Struct):
    """A value; offsets count characters, the end is just behind the last one."""

    start: int
    end: int
    flow: bool = False
    """Whether it is a mapping in braces."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """Of a mapping."""


class Entry(Struct):
    """A key and its value."""

    column: int
    """Of the key, from 0."""
    end: int
    """Of the key."""
    value: Node


def spans(text: str) -> list[Node]:
    """The root of every document that is not empty, of a text without a BOM in which `read` finds no problem."""
    events: Callable[[], Any] = CParser(text).get_event
    return list(_documents(events))


def text_lines(text: str) -> set[int]:
    """The lines, from 0, that lie within a scalar of several lines, but for its first."""
    events: Callable[[], Any] = CParser(text).get_event
    found: set[int] = set()
    while not isinstance(event := events(), StreamEndEvent):
        if isinstance(event, ScalarEvent):
            start, end = _marks(event)
            found.update(range(start.line + 1, end.line + bool(end.column)))
    return found


def _marks(event: Any) -> tuple[Any, Any]:
    # libyaml's parser marks every event, whatever the types say.
    return event.start_mark, event.end_mark


def _documents(events: Callable[[], Any]) -> Iterator[Node]:
    while not isinstance(event := events(), StreamEndEvent):
        if isinstance(event, DocumentStartEvent):
            root = events()
            node = _node(root, events)
            if not (isinstance(root, ScalarEvent) and root.style == "" and root.value == ""):
                yield node


def _node(event: Any, events: Callable[[], Any]) -> Node:
    node = Node(event.start_mark.index, event.end_mark.index)
    if isinstance(event, SequenceStartEvent):
        while not isinstance(item := events(), CollectionEndEvent):
            node.end = _node(item, events).end
        if event.flow_style:
            node.end = _marks(item)[1].index
    elif isinstance(event, MappingStartEvent):
        node.flow = bool(event.flow_style)
        while not isinstance(key := events(), CollectionEndEvent):
            end = _node(key, events).end
            value = _node(events(), events)
            # An empty value stands where the next token is; it begins right behind its key's colon.
            value = value if value.end > value.start else Node(end + 1, end + 1)
            node.entries[str(key.value)] = Entry(key.start_mark.column, end + 1, value)
            node.end = value.end
        if node.flow:
            node.end = _marks(key)[1].index
    return node
