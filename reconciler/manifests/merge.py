"""Profiles and datasets into one: lists unite by key, what the dataset says wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from reconciler.facets import BY_NAME, Model, Section


class Conflict(Struct, frozen=True):
    """Two profiles of one dataset that say different things."""

    facet: str
    what: str
    """The field, or the list item, they disagree on."""


Sections = Mapping[str, Section]

M = TypeVar("M", bound=Model)


def merge(profiles: Sequence[Sections], dataset: Sections) -> tuple[dict[str, Section], tuple[Conflict, ...]]:
    """The effective sections, and what profiles disagree on that the dataset does not settle itself."""
    merged: dict[str, Section] = {}
    conflicts: list[Conflict] = []
    for sections in profiles:
        for name, section in sections.items():
            if name in merged:
                conflicts += _disagreements(name, merged[name], section)
                merged[name] = united(name, merged[name], section)
            else:
                merged[name] = section
    open_conflicts = [conflict for conflict in conflicts if not _settles(dataset.get(conflict.facet), conflict)]
    for name, section in dataset.items():
        merged[name] = united(name, merged[name], section) if name in merged else section
    return merged, tuple(dict.fromkeys(open_conflicts))


def united(facet: str, under: Section, over: Section) -> Section:
    """`under` with everything that `over` says written over it."""
    return _over(under, over, BY_NAME[facet].union_keys)


def _over(under: M, over: M, keys: Mapping[str, Any]) -> M:
    """Field by field, into nested models too: what `over` does not say must not fall back to a default."""
    update = {}
    for field in over.model_fields_set:
        value = getattr(over, field)
        if field in under.model_fields_set:
            old = getattr(under, field)
            if field in keys:
                value = tuple({keys[field](item): item for item in (*old, *value)}.values())
            elif isinstance(old, Model) and isinstance(value, Model):
                value = _over(old, value, {})
        update[field] = value
    return under.model_copy(update=update)


def _disagreements(facet: str, one: Section, other: Section) -> Iterable[Conflict]:
    keys = BY_NAME[facet].union_keys
    for field in sorted(one.model_fields_set & other.model_fields_set):
        first, second = getattr(one, field), getattr(other, field)
        if field in keys:
            items = {keys[field](item): item for item in first}
            clashes = [key for item in second if (key := keys[field](item)) in items and items[key] != item]
            yield from (Conflict(facet, f"{field} {key}") for key in clashes)
        elif first != second:
            yield Conflict(facet, field)


def _settles(section: Section | None, conflict: Conflict) -> bool:
    if section is None:
        return False
    field, _, key = conflict.what.partition(" ")
    if field not in section.model_fields_set:
        return False
    keys: Mapping[str, Any] = BY_NAME[conflict.facet].union_keys
    return field not in keys or key in {str(keys[field](item)) for item in getattr(section, field)}
