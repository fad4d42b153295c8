"""Dataset versions at Clarifai: listed whole, deleted by id, oldest first. Deleting cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.facets.retention.version import Version
from reconciler.facets.versions import State
from reconciler.providers.http import HttpError
from reconciler.providers.moments import moment_of

from .dataset import Dataset
from .wire import DatasetVersion

STATUSES: Mapping[int, State] = {
    64005: "unsettled",
    64010: "unsettled",
    64015: "ready",
    64020: "failed",
    64025: "failed",
}
ORIGINS: Mapping[int, str | None] = {
    0: None,
    1: None,
    2: "a model's training",
    3: "an evaluation's ground truth",
    4: "an evaluation's predictions",
}
EXPORTED = frozenset({64200, 64202, 64204})
"""How an export ends: done, failed, failed unexpectedly."""

SOME_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.MULTI_STATUS})
"""Refusals after which some of the versions may be gone: one was before, or the others went."""

COUNTING = "SDK Upload Status"
"""Description of the versions that Clarifai's SDK makes to count inputs, and deletes itself."""


def to_elements(wires: Iterable[DatasetVersion]) -> tuple[Version, ...]:
    """The versions. None is a piece of the live data: a version is a frozen copy of what the dataset then was."""
    return tuple(
        Version(
            id=wire.id,
            created=moment_of(wire.created_at),
            status=status_of(wire),
            origin=ORIGINS.get(wire.request_origin, "an unknown purpose"),
            in_use="an export" if _exporting(wire) else None,
            modified=moment_of(wire.modified_at),
        )
        for wire in wires
    )


def to_wire(versions: Iterable[Version]) -> list[str]:
    """Ids, oldest first."""
    return [version.id for version in sorted(versions, key=lambda version: version.age)]


def read(dataset: Dataset) -> FacetState:
    """Every version, of a dataset that is this app's own."""
    return FacetState(to_elements(dataset.versions), dataset.versions)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Delete what the step drops, which is never much: the steps of retention come in small portions."""
    kept = {element.key for element in apply(found.elements, step.changes)}
    _delete(dataset, to_wire(v for v in found.elements if isinstance(v, Version) and v.key not in kept))


def _delete(dataset: Dataset, versions: Sequence[str]) -> None:
    try:
        dataset.api.delete_versions(dataset.id, versions)
    except HttpError as failure:
        if failure.status == HTTPStatus.CONFLICT and len(versions) > 1:
            # One of them is in use; alone, each that is older goes, and that one is named.
            for version in versions:
                _delete(dataset, [version])
            return
        left = _left(dataset, versions) if failure.status in SOME_GONE else versions
        if len(left) == len(versions):
            if len(versions) == 1:
                failure.say(f"version {versions[0]} was not deleted: {failure.summary}")
            raise
        if left:
            _delete(dataset, left)


def _left(dataset: Dataset, versions: Sequence[str]) -> list[str]:
    there = {wire.id for wire in dataset.api.versions(dataset.id).items}
    return [version for version in versions if version in there]


def status_of(wire: DatasetVersion) -> State:
    """How far a version is; what nobody knows may still become anything."""
    if wire.description == COUNTING or wire.status is None:
        return "unsettled"
    return STATUSES.get(wire.status.code, "unsettled")


def _exporting(wire: DatasetVersion) -> bool:
    exports = [export for export in (wire.export_info or {}).values() if export is not None]
    return any(export.status is None or export.status.code not in EXPORTED for export in exports)
