"""The one generic diff: elements are matched by key, never by position."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TypeVar

from reconciler.core.changes import Add, Change, Drop, Element, Modify

E = TypeVar("E", bound=Element)


def keyed(live: Iterable[E], desired: Iterable[E]) -> tuple[Change[E], ...]:
    """What turns `live` into `desired`: additions in desired order, then modifications, then drops in live order."""
    old = {element.key: element for element in live}
    new = {element.key: element for element in desired}
    adds: list[Change[E]] = [Add(element) for key, element in new.items() if key not in old]
    modified: list[Change[E]] = [
        Modify(old[key], element, differing_fields(old[key], element))
        for key, element in new.items()
        if key in old and old[key] != element
    ]
    drops: list[Change[E]] = [Drop(element) for key, element in old.items() if key not in new]
    return (*adds, *modified, *drops)


def differing_fields(before: Element, after: Element) -> tuple[str, ...]:
    """Names of the dataclass fields in which two elements differ, in their order of definition."""
    if not (dataclasses.is_dataclass(before) and type(before) is type(after)):
        return ()
    return tuple(
        field.name
        for field in dataclasses.fields(before)
        if field.compare and getattr(before, field.name) != getattr(after, field.name)
    )
