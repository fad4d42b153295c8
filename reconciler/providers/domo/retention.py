"""Data versions at Domo: listed whole, deleted in small batches, oldest first. Deleting cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState
from reconciler.facets.retention.version import Status, Version
from reconciler.providers.http import HttpError
from reconciler.providers.understanding import understand

from .dataset import Dataset
from .partitions import delete as delete_partitions
from .partitions import tags_by_version
from .wire import DataVersion, Stream

LIST = "dataversions"
BATCH = 25
STATUSES: dict[str, Status] = {"success": "ready", "error": "failed", "processing": "unsettled"}


def to_elements(wires: Iterable[DataVersion], update_method: str | None) -> tuple[Version, ...]:
    """The versions. What is live depends on how the stream writes: REPLACE leaves only the newest in the live data."""
    versions = [
        Version(
            id=wire.id,
            created=_moment(wire.recorded),
            # A status nobody knows may still become anything; such a version is never deleted.
            status=STATUSES.get(wire.status.lower(), "unsettled"),
            rows=wire.rows,
            bytes=wire.bytes,
        )
        for wire in wires
    ]
    ready = sorted((version for version in versions if version.status == "ready"), key=lambda version: version.age)
    live = {version.id for version in (ready[-1:] if update_method == "REPLACE" else ready)}
    return tuple(replace(version, live=version.id in live) for version in versions)


def to_wire(versions: Iterable[Version]) -> list[str]:
    """Ids, oldest first."""
    return [version.id for version in sorted(versions, key=lambda version: version.age)]


def read(dataset: Dataset) -> FacetState:
    """Every version, and the stream for how it writes."""
    wires = dataset.maybe(LIST, dataset.api.versions)
    raw = dataset.rest_on(LIST, dataset.api.version_details(dataset.id) if wires is None else wires)
    stream = dataset.stream
    method = understand(Stream, stream, "the stream").update_method if stream else None
    return FacetState(to_elements(raw, method), raw)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Delete what the step drops. `index` is true only where rows must leave the live data too (document 000)."""
    kept = {element.key for element in apply(found.elements, step.changes)}
    doomed = {element.key: element for element in found.elements if isinstance(element, Version)}
    doomed = {key: version for key, version in doomed.items() if key not in kept}
    tags = tags_by_version(dataset) if doomed else {}
    partitions = [tags[key] for key in to_wire(doomed.values()) if key in tags]
    if partitions:
        delete_partitions(dataset, partitions)
    going = [key for key in to_wire(doomed.values()) if key not in tags]
    for start in range(0, len(going), BATCH):
        batch = going[start : start + BATCH]
        _delete(dataset, batch, index=any(doomed[key].live for key in batch))


def _delete(dataset: Dataset, versions: Sequence[str], *, index: bool) -> None:
    try:
        dataset.api.delete_versions(dataset.id, versions, index=index)
    except HttpError as failure:
        # Some servers refuse the whole request when one version is already gone.
        if failure.status != HTTPStatus.NOT_FOUND:
            raise
        there = {version.key for version in read(dataset).elements}
        left = [version for version in versions if version in there]
        if len(left) == len(versions):
            raise
        if left:
            dataset.api.delete_versions(dataset.id, left, index=index)


def _moment(value: str | float | None) -> datetime | None:
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else None
        return None if value is None else datetime.fromtimestamp(float(value) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
