"""Profiles and datasets into one: lists unite by key, what the dataset says wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from pydantic.alias_generators import to_camel

from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, ItemKey, Model, Section


class Conflict(Struct, frozen=True):
    """Two profiles of one dataset that say different things."""

    facet: str
    path: tuple[str, ...]
    """The field they disagree on, below the nested settings that it is one of."""
    key: str | None = None
    """The item, where the field is a list that is united."""

    @property
    def what(self) -> str:
        """The field and the item, as a manifest says them."""
        field = ".".join(map(to_camel, self.path))
        return field if self.key is None else f"{field} {self.key}"


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
                    yield Conflict(facet, (field,), key)
        elif isinstance(first, Model) and isinstance(second, Model):
            yield from (Conflict(facet, (field, *path)) for path in _differing(first, second))
        elif not agree(field, first, second, directory):
            yield Conflict(facet, (field,))


def _differing(one: Model, other: Model) -> Iterable[tuple[str, ...]]:
    """The paths of what both say and say differently: nested settings are merged one by one, not as a whole."""
    for field in sorted(one.model_fields_set & other.model_fields_set):
        first, second = getattr(one, field), getattr(other, field)
        if isinstance(first, Model) and isinstance(second, Model):
            yield from ((field, *path) for path in _differing(first, second))
        elif first != second:
            yield (field,)


def _settles(section: Section | None, conflict: Conflict, directory: Directory) -> bool:
    """Whether `section` says just that itself: beside it, in the same nested setting, is not enough."""
    said: object = section
    for field in conflict.path:
        if not isinstance(said, Model) or field not in said.model_fields_set:
            return False
        said = getattr(said, field)
    if conflict.key is None:
        return True
    (field,) = conflict.path
    key_of = BY_NAME[conflict.facet].union_keys[field]
    return conflict.key in {key_of(item, directory) for item in getattr(section, field)}
