"""Where each value of a dataset's facets comes from: its own manifest, a profile, or a default."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from msgspec import Struct

from reconciler.core.diagnostics import Source
from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, Model, Section

from .findings import real_path
from .manifest import Manifest, Written
from .merge import merge
from .models import DatasetManifest, PrincipalsManifest, ProfileManifest
from .targets import directories
from .yaml.writing import flow


class Origin(Struct, frozen=True):
    """One value and where it stands."""

    field: str
    """Path of the field in its facet, in manifest words."""
    value: str
    """As a manifest would write it on one line."""
    source: Source | None = None
    """None: the default."""
    profile: str | None = None
    """The profile that says it; None when the dataset does."""


class _Layer(Struct, frozen=True):
    """One manifest that speaks about a facet."""

    item: Written
    section: Model
    profile: str | None = None

    def origin(self, field: str, value: Any, path: tuple[str | int, ...]) -> Origin:
        place = self.item.source(*real_path(path, self.item.document.data))
        return Origin(field, flow(value), place, self.profile)


def origins(found: Sequence[Manifest], target: str, name: str) -> dict[str, tuple[Origin, ...]]:
    """For each managed facet of a dataset, its values in the order of its model.

    Raises:
        KeyError: there is no such dataset.
    """
    item, dataset = next(_datasets(found, target, name), (None, None))
    if item is None or dataset is None:
        raise KeyError(name)
    profiles = [
        (profile, model)
        for wanted in dataset.metadata.profiles
        for profile in found
        if isinstance(model := profile.model, ProfileManifest) and model.metadata.name == wanted
    ]
    people = directories(model for item in found if isinstance(model := item.model, PrincipalsManifest))
    directory = people.get(target, Directory())
    merged, _ = merge([model.spec.sections for _, model in profiles], dataset.spec.sections, directory)
    told = {}
    for facet in (facet for facet in BY_NAME if facet in merged):
        # What the dataset says wins, then what the last profile says.
        layers = [_Layer(item.written, own)] if (own := dataset.spec.sections.get(facet)) else []
        layers += [
            _Layer(profile.written, BY_NAME[facet].beneath(shared, merged[facet]), model.metadata.name)
            for profile, model in reversed(profiles)
            if (shared := model.spec.sections.get(facet))
        ]
        told[facet] = tuple(_facet(facet, merged[facet], layers))
    return told


def _datasets(found: Sequence[Manifest], target: str, name: str) -> Iterator[tuple[Manifest, DatasetManifest]]:
    for item in found:
        model = item.model
        if isinstance(model, DatasetManifest) and (model.metadata.target, model.metadata.name) == (target, name):
            yield item, model


def _facet(facet: str, effective: Section, layers: Sequence[_Layer]) -> Iterator[Origin]:
    yield from _fields(effective, layers, BY_NAME[facet].union_keys, ("spec", facet), "")


def _fields(
    effective: Model,
    layers: Sequence[_Layer],
    lists: Collection[str],
    path: tuple[str, ...],
    above: str,
) -> Iterator[Origin]:
    names = {name: field.alias or name for name, field in type(effective).model_fields.items()}
    names |= {extra: extra for extra in effective.model_extra or {}}
    for name, alias in names.items():
        value = getattr(effective, name)
        saying = [layer for layer in layers if name in {*layer.section.model_fields_set}]
        field = f"{above}{alias}"
        if name in lists and saying:
            yield from _items(field, value, saying, name, (*path, alias))
        elif isinstance(value, Model):
            inner = [_Layer(layer.item, getattr(layer.section, name), layer.profile) for layer in saying]
            yield from _fields(value, inner, (), (*path, alias), f"{field}.")
        elif saying:
            yield saying[0].origin(field, _plain(value), (*path, alias))
        else:
            yield Origin(field, flow(_plain(value)))


def _items(field: str, value: Any, saying: Sequence[_Layer], name: str, path: tuple[str, ...]) -> Iterator[Origin]:
    if not value:
        yield saying[0].origin(field, [], path)
    for item in value:
        layer, index = next(
            (layer, index) for layer in saying for index, own in enumerate(getattr(layer.section, name)) if own == item
        )
        yield layer.origin(field, _plain(item), (*path, index))


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
