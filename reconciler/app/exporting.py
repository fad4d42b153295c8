"""The use case export: datasets as contracts, dbt models and table schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.manifests.bridges import BRIDGES, Told
from reconciler.manifests.yaml.writing import document_text
from reconciler.planning import DesiredDataset

from .bridging import words_of
from .naming import file_stem
from .workspaces import Selection, desired, open_workspace


class Exported(Struct, frozen=True):
    """One dataset in another form."""

    address: Address
    file: str
    """A name for it that every file system takes."""
    text: str


def export(root: Path, form: str, selection: Selection) -> tuple[list[Exported], list[Diagnostic]]:
    """The selected datasets in another form, profiles merged in, and what that form has no place for.

    Raises:
        Stop: the workspace is broken, or the selection names nothing.
    """
    wanted = desired(open_workspace(root), selection)
    found: list[Exported] = []
    problems: list[Diagnostic] = []
    taken: set[str] = set()
    for dataset in sorted(wanted.datasets, key=lambda dataset: dataset.address):
        document, lost = BRIDGES[form].written(Told(dataset.address.dataset, _long(dataset), dataset.id))
        stem = file_stem(dataset.address.dataset, str(dataset.address), taken)
        taken.add(stem)
        suffix = BRIDGES[form].suffix
        text = json.dumps(document, indent=2) + "\n" if suffix.endswith(".json") else document_text(document)
        found.append(Exported(dataset.address, f"{stem}{suffix}", text))
        problems += _not_carried(dataset, form, lost)
    return found, problems


def _not_carried(dataset: DesiredDataset, form: str, lost: tuple[str, ...]) -> Iterator[Diagnostic]:
    for name in lost:
        summary = f"{name} has no place in {form}, so it is not in the file"
        yield Diagnostic("not-carried", "warning", summary, dataset.address.of(name), source=dataset.source)
    if dataset.allows:
        summary = f"metadata.allow has no place in {form}: guards are lifted here only"
        yield Diagnostic("not-carried", "warning", summary, dataset.address, source=dataset.source)


def _long(dataset: DesiredDataset) -> dict[str, Any]:
    """The facets with their profiles merged in, in their long form."""
    return {name: words_of(section) for name, section in dataset.sections.items()}
