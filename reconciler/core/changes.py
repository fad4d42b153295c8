"""The change algebra: three closed verbs over open elements.

Every facet's state is a set of keyed elements (a facet with one value is a set of at most one, key `""`), so
adding, dropping and modifying an element are the only things that can happen to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from msgspec import Struct


class Element(Protocol):
    """A frozen value with a key that is unique in its facet: a column, a tag, a grant, a version."""

    @property
    def key(self) -> str:
        """What identifies this element among its facet's elements."""
        ...


E_co = TypeVar("E_co", bound=Element, covariant=True)

Elements: TypeAlias = tuple[Element, ...]
"""The state of one facet. Order matters only to facets that say so (schema)."""


class Add(Struct, Generic[E_co], frozen=True):
    """An element that is desired and not live."""

    after: E_co

    @property
    def key(self) -> str:
        """The added element's key."""
        return self.after.key


class Drop(Struct, Generic[E_co], frozen=True):
    """An element that is live and not desired."""

    before: E_co

    @property
    def key(self) -> str:
        """The dropped element's key."""
        return self.before.key


class Modify(Struct, Generic[E_co], frozen=True):
    """An element that is live and desired, with different values."""

    before: E_co
    after: E_co
    fields: tuple[str, ...]
    """What about it differs, in manifest words; for the reader, never for a decision."""

    @property
    def key(self) -> str:
        """The element's key once modified; a renamed element has another one before."""
        return self.after.key


Change: TypeAlias = Add[E_co] | Drop[E_co] | Modify[E_co]
AnyChange: TypeAlias = Change[Any]
Sign: TypeAlias = Literal["+", "-", "~"]


def sign(change: AnyChange) -> Sign:
    """The one character that stands for what `change` does."""
    return "+" if isinstance(change, Add) else "-" if isinstance(change, Drop) else "~"


def before(change: AnyChange) -> Element | None:
    """The live element `change` starts from, if there is one."""
    return None if isinstance(change, Add) else change.before


def after(change: AnyChange) -> Element | None:
    """The element `change` leads to, if there is one."""
    return None if isinstance(change, Drop) else change.after


def apply(live: Iterable[Element], changes: Iterable[AnyChange]) -> Elements:
    """What `live` is once `changes` are made. Added elements come last; a modified one keeps its place.

    Applying a change that already holds changes nothing.
    """
    slots: list[Element | None] = [*{element.key: element for element in live}.values()]
    places = {element.key: place for place, element in enumerate(slots) if element is not None}
    for change in changes:
        old, new = before(change), after(change)
        left = [places.pop(each.key) for each in (old, new) if each is not None and each.key in places]
        for place in left:
            slots[place] = None
        if new is not None:
            place = min(left, default=len(slots))
            slots[place : place + 1] = [new]
            places[new.key] = place
    return tuple(element for element in slots if element is not None)
