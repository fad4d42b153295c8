"""One live dataset as a manifest that changes nothing; what cannot be said is left out and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from pydantic import ValidationError

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Capabilities, Snapshot
from reconciler.core.principals import Directory, Principal
from reconciler.core.words import Json
from reconciler.facets import BY_NAME, FACETS, Section, Situation
from reconciler.manifests.findings import refusal
from reconciler.manifests.models import API_VERSION
from reconciler.manifests.ordering import FIRST
from reconciler.manifests.yaml import read
from reconciler.manifests.yaml.writing import document_text


class Adoption(Struct, frozen=True):
    """The manifest of one dataset, and what it leaves out."""

    text: str
    left_out: tuple[Diagnostic, ...]


def adopt(snapshot: Snapshot, capabilities: Capabilities, directory: Directory, as_of: datetime) -> Adoption:
    """The manifest by which nothing about what was read needs to change: tried here, facet by facet."""
    live = {name: state.elements for name, state in snapshot.facets.items()}
    situation = Situation(snapshot.ref.address, {}, live, directory, capabilities, as_of)
    spec: dict[str, Json] = {}
    left_out: list[Diagnostic] = []
    for name in sorted(live, key=_place):
        words = BY_NAME[name].adopted(live[name], situation)
        if words is None:
            continue
        section = _proven(name, words, situation)
        if isinstance(section, str):
            summary = f"{name} is left out of the manifest, so it is unmanaged: {section}"
            left_out.append(Diagnostic("facet-left-out", "warning", summary, snapshot.ref.address.of(name)))
        else:
            spec[name] = words
            situation = replace(situation, sections={**situation.sections, name: section})
    address = snapshot.ref.address
    metadata: Json = {"name": address.dataset, "target": address.target, "id": snapshot.ref.id}
    data: dict[str, Json] = {"apiVersion": API_VERSION, "kind": "Dataset", "metadata": metadata, "spec": spec}
    return Adoption(document_text(data), tuple(left_out))


def section_of(name: str, words: object, capabilities: Capabilities, directory: Directory) -> Section | str:
    """The section that `words` make for a facet, or the first thing that no manifest of this target may say of it."""
    facet = BY_NAME[name]
    try:
        section: Section = facet.section.model_validate(words)
    except ValidationError as error:
        return _in_words(error)
    told = facet.check(section, capabilities, directory), facet.check_whole(section)
    complaint = next(chain(*told), None)
    return complaint.summary if complaint else section


def _in_words(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    key = ".".join(map(str, first["loc"])) or "it"
    if first["type"] == "extra_forbidden":
        return f"{key} is no key that it has"
    return f"{key} is missing" if first["type"] == "missing" else f"{key} {refusal(first)[1]}"


def strangers(snapshot: Snapshot, directory: Directory) -> Iterator[Principal]:
    """Who owns a dataset or has access to it, and is not in the target's `Principals`."""
    for name, state in snapshot.facets.items():
        for who in BY_NAME[name].access(state.elements):
            if directory.principal(who.kind, who.id).name is None:
                yield who


def _place(name: str) -> int:
    order = [*FIRST, *(facet.name for facet in FACETS)]
    return order.index(name)


def _proven(name: str, words: Json, situation: Situation) -> Section | str:
    """The section that `words` make, or why it cannot stand for what is live."""
    facet = BY_NAME[name]
    live = situation.live[name]
    try:
        reading = read(document_text({"spec": {name: words}}))
        if reading.problems or not _same(reading.documents[0].data, {"spec": {name: words}}):
            return "no manifest can hold it"
    except ValueError as error:
        return str(error)
    section = section_of(name, words, situation.capabilities, situation.directory)
    if isinstance(section, str):
        return section
    within = replace(situation, sections={**situation.sections, name: section})
    if changes := facet.diff(live, facet.settle(section, live, within), section):
        return f"the next plan would change it ({facet.describe(changes[0])})"
    return section


def _same(one: object, other: object) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other
