"""Profiles and datasets into one: lists unite by key, what the dataset says wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, ItemKey, Model, Section


class Conflict(Struct, frozen=True):
    """Two profiles of one dataset that say different things."""

    facet: str
    what: str
    """The field, or the list item, they disagree on."""


Sections = Mapping[str, Section]

M = TypeVar("M", bound=Model)


def merge(
    profiles: Sequence[Sections], dataset: Sections, directory: Directory
) -> tuple[dict[str, Section], tuple[Conflict, ...]]:
    """The effective sections, and what profiles disagree on that the dataset does not settle itself.

    `directory` has the people of the dataset's target: one may be called by key here and by id there.
    """
    merged: dict[str, Section] = {}
    conflicts: list[Conflict] = []
    for sections in profiles:
        for name, said in sections.items():
            # Of what the dataset does not take over, profiles may say what they like.
            section = BY_NAME[name].beneath(said, dataset[name]) if name in dataset else said
            if name in merged:
                conflicts += _disagreements(name, merged[name], section, directory)
                merged[name] = united(name, merged[name], section, directory)
            else:
                merged[name] = section
    open_conflicts = [each for each in conflicts if not _settles(dataset.get(each.facet), each, directory)]
    for name, section in dataset.items():
        merged[name] = united(name, merged[name], section, directory) if name in merged else section
    return merged, tuple(dict.fromkeys(open_conflicts))


def united(facet: str, under: Section, over: Section, directory: Directory) -> Section:
    """`under`, as far as it holds beneath `over`, with everything that `over` says written over it."""
    below: Section = BY_NAME[facet].beneath(under, over)
    return _over(below, over, BY_NAME[facet].union_keys, directory)


def _over(under: M, over: M, keys: Mapping[str, ItemKey], directory: Directory) -> M:
    """Field by field, into nested models too: what `over` does not say must not fall back to a default."""
    update = {}
    for field in over.model_fields_set:
        value = getattr(over, field)
        if field in under.model_fields_set:
            old = getattr(under, field)
            if field in keys:
                value = tuple({keys[field](item, directory): item for item in (*old, *value)}.values())
            elif isinstance(old, Model) and isinstance(value, Model):
                value = _over(old, value, {}, directory)
        update[field] = value
    return under.model_copy(update=update)


def _disagreements(facet: str, one: Section, other: Section, directory: Directory) -> Iterable[Conflict]:
    keys, agree = BY_NAME[facet].union_keys, BY_NAME[facet].agree
    for field in sorted(one.model_fields_set & other.model_fields_set):
        first, second = getattr(one, field), getattr(other, field)
        if field in keys:
            items = {keys[field](item, directory): item for item in first}
            for item in second:
                key = keys[field](item, directory)
                if key in items and not agree(field, items[key], item, directory):
                    yield Conflict(facet, f"{field} {key}")
        elif not agree(field, first, second, directory):
            yield Conflict(facet, field)


def _settles(section: Section | None, conflict: Conflict, directory: Directory) -> bool:
    if section is None:
        return False
    field, _, key = conflict.what.partition(" ")
    if field not in section.model_fields_set:
        return False
    keys = BY_NAME[conflict.facet].union_keys
    return field not in keys or key in {keys[field](item, directory) for item in getattr(section, field)}
