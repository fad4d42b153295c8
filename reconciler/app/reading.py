"""Reading live state: datasets side by side, each thing once, nothing but what is managed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import DatasetRef, ProviderError, Reader, Snapshot
from reconciler.planning import Desired, DesiredDataset

Observed = dict[Address, Snapshot | Diagnostic]


def observe(
    desired: Desired,
    readers: Mapping[str, Reader],
    workers: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Observed:
    """Read every dataset that has an id; a failed read is a diagnostic in its place."""
    existing = [dataset for dataset in desired.datasets if dataset.id is not None]
    observed: Observed = {}
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="read") as pool:
        results = pool.map(lambda dataset: _read(dataset, readers[dataset.address.target]), existing)
        for done, (dataset, result) in enumerate(zip(existing, results, strict=True), start=1):
            observed[dataset.address] = result
            progress(done, len(existing))
    return observed


def _read(dataset: DesiredDataset, reader: Reader) -> Snapshot | Diagnostic:
    ref = DatasetRef(dataset.address, dataset.id or "")
    try:
        return reader.read(ref, frozenset(dataset.sections))
    except ProviderError as error:
        return Diagnostic("read-failed", "error", error.summary, dataset.address, error.hint, dataset.source)
