"""Data versions at Domo: listed whole, deleted in small batches, oldest first. Deleting cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus

from msgspec.structs import replace

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.facets.retention.version import Status, Version, remaining
from reconciler.providers.http import HttpError
from reconciler.providers.moments import moment_of

from .client.keeping import Keeping
from .client.partitions import Partition, Tag
from .client.versions import DataVersion
from .dataset import Dataset
from .partitions import NO_PARTITIONS, Partitions
from .partitions import delete as delete_partitions
from .partitions import read as read_partitions
from .replacing import replaced

LIST = "dataversions"
BATCH = 25
STATUSES: dict[str, Status] = {"success": "ready", "error": "failed", "processing": "unsettled"}


def to_elements(
    found: Iterable[Version], *, replaced: bool, partitions: Partitions = NO_PARTITIONS
) -> tuple[Version, ...]:
    """The versions, and in place of those that are in partitions the partitions.

    What is live depends on how data came in. Where a run replaced all of it (`replaced`), that is the newest version,
    or the newest with rows; else, and in a dataset that has partitions, all of them are.
    """
    versions = {version.id: version for version in found}
    parts = [_part(each, versions.get(each.data_id)) for each in partitions.listed]
    parts += [_left(each) for each in partitions.left]
    taken = {part.data for part in parts}
    rest = [version for key, version in versions.items() if key not in taken]
    ready = sorted((version for version in rest if version.status == "ready"), key=lambda version: version.age)
    if replaced and not parts:
        # An undated one may be the newest.
        dated = [version for version in ready if version.created is not None]
        ready = [*remaining(dated[::-1]), *ready[len(dated) :]]
    live = {version.key for version in ready}
    return (*(replace(version, live=version.key in live) for version in rest), *parts)


def version_of(wire: DataVersion) -> Version:
    """A version by itself; whether it is live, the others must tell."""
    # A status nobody knows may still become anything; such a version is never deleted.
    status = STATUSES.get(wire.status.lower(), "unsettled")
    return Version(id=wire.id, created=moment_of(wire.recorded), status=status, rows=wire.rows, bytes=wire.bytes)


def _part(partition: Partition, within: Version | None) -> Version:
    """A partition, and the version `within` which its rows are, if that is listed."""
    tag, rows = partition.partition_id, partition.row_count
    completed = moment_of(partition.date_completed)
    whole = within or Version(tag, completed)
    return replace(
        whole,
        id=tag,
        created=_latest(completed, whole.created),
        rows=whole.rows if rows is None else rows,
        live=True,
        partition=True,
        data=partition.data_id,
    )


def _left(partition: Tag) -> Version:
    """A tag without data; its rows are in the live data until the next index."""
    moment = moment_of(partition.date_completed)
    return Version(partition.partition_id, moment, "emptied", live=True, partition=True)


def _latest(*moments: datetime | None) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None


def to_wire(versions: Iterable[Version]) -> list[str]:
    """Ids, oldest first."""
    return [version.id for version in sorted(versions, key=lambda version: version.age)]


def read(dataset: Dataset) -> FacetState:
    """Every version, every partition, and the stream for how data comes in.

    Raises:
        ProviderError: a version is listed twice, so that another may be missing.
    """
    api = Keeping(dataset.api.http)
    wires = dataset.maybe(LIST, api.versions)
    raw = dataset.rest_on(LIST, api.version_details(dataset.id) if wires is None else wires)
    if len({wire.id for wire in raw}) < len(raw):
        raise ProviderError("the list of versions has one twice, so it is not known to be complete", retryable=True)
    versions = [version_of(wire) for wire in raw]
    partitions = read_partitions(dataset)
    whole = replaced(dataset, versions, partitions)
    return FacetState(to_elements(versions, replaced=whole, partitions=partitions), raw)


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Delete what the step drops. `index` is true only where rows must leave the live data too (document 000)."""
    kept = {element.key for element in apply(found.elements, step.changes)}
    going = [each for each in found.elements if isinstance(each, Version) and each.key not in kept]
    going.sort(key=lambda version: version.age)
    partitions = [version for version in going if version.partition]
    if partitions:
        delete_partitions(dataset, partitions)
    rest = [version for version in going if not version.partition]
    for start in range(0, len(rest), BATCH):
        batch = rest[start : start + BATCH]
        _delete(dataset, to_wire(batch), index=any(version.live for version in batch))


def _delete(dataset: Dataset, versions: Sequence[str], *, index: bool) -> None:
    api = Keeping(dataset.api.http)
    try:
        api.delete_versions(dataset.id, versions, index=index)
    except HttpError as failure:
        # Some servers refuse the whole request when one version is already gone.
        if failure.status != HTTPStatus.NOT_FOUND:
            raise
        there = {version.key for version in read(dataset).elements}
        left = [version for version in versions if version in there]
        if len(left) == len(versions):
            raise
        if left:
            api.delete_versions(dataset.id, left, index=index)
