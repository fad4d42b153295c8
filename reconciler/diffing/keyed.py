"""The one generic diff: elements are matched by key, never by position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

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
    """Names of the fields in which two elements differ, in their order of definition."""
    if type(before) is not type(after):
        return ()
    names = before.__struct_fields__ if isinstance(before, Struct) else ()
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
