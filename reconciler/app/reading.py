"""Reading live state: datasets side by side, each thing once, nothing but what is managed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, unforeseen
from reconciler.core.ports import Batching, DatasetRef, ProviderError, Reader, Snapshot
from reconciler.planning import Desired, DesiredDataset

from .crew import crew

AHEAD = 4
"""Answers that may wait per worker, so that one slow dataset does not make the others idle."""

Read: TypeAlias = Callable[[DesiredDataset], Snapshot | Diagnostic]
Observed = dict[Address, Snapshot | Diagnostic]


class Failures:
    """Targets that failed as a whole. Nothing more is asked of them: a refused token stays one, and may be locked."""

    def __init__(self) -> None:
        self._first: dict[str, Diagnostic] = {}

    def of(self, target: str) -> Diagnostic | None:
        """Why nothing more is asked of `target`; None while it answers."""
        return self._first.get(target)

    def noted(self, target: str, error: ProviderError) -> Diagnostic:
        """The one diagnostic of all datasets of `target` that are not read: that of the first failure."""
        summary = f"{error.summary}; nothing more was asked of it"
        return self._first.setdefault(target, Diagnostic("read-failed", "error", summary, None, error.hint))


def observe(
    desired: Desired,
    readers: Mapping[str, Reader],
    workers: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Observed:
    """Read every dataset that has an id; a failed read is a diagnostic in its place."""
    existing = [dataset for dataset in desired.datasets if dataset.id is not None]
    return {dataset.address: result for dataset, result in arriving(existing, readers, workers, progress)}


def arriving(
    datasets: Iterable[DesiredDataset],
    readers: Mapping[str, Reader],
    workers: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[tuple[DesiredDataset, Snapshot | Diagnostic]]:
    """Datasets with what was read of them, in order; only a few answers ever wait for whoever takes them.

    Whatever stops the taker stops the reading: nothing that was not begun is asked for.
    """
    wanted, failures = list(datasets), Failures()
    for name, reader in readers.items():
        if isinstance(reader, Batching):
            mine = [dataset for dataset in wanted if dataset.address.target == name]
            reader.expect({_ref(dataset): frozenset(dataset.sections) for dataset in mine})

    def read(dataset: DesiredDataset) -> Snapshot | Diagnostic:
        return _read(dataset, readers[dataset.address.target], failures)

    with crew(workers, "read") as pool:
        for done, (dataset, future) in enumerate(_asked(wanted, read, pool, AHEAD * workers), start=1):
            result = future.result()
            progress(done, len(wanted))
            yield dataset, result


def _asked(
    datasets: Iterable[DesiredDataset], read: Read, pool: ThreadPoolExecutor, most: int
) -> Iterator[tuple[DesiredDataset, Future[Snapshot | Diagnostic]]]:
    """Each dataset with its answer to come; at most `most` are asked for ahead of whoever takes them."""
    waiting: deque[tuple[DesiredDataset, Future[Snapshot | Diagnostic]]] = deque()
    for dataset in datasets:
        waiting.append((dataset, pool.submit(read, dataset)))
        if len(waiting) >= most:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def _read(dataset: DesiredDataset, reader: Reader, failures: Failures) -> Snapshot | Diagnostic:
    target = dataset.address.target
    if (known := failures.of(target)) is not None:
        return known
    try:
        return reader.read(_ref(dataset), frozenset(dataset.sections))
    except ProviderError as error:
        if error.whole:
            return failures.noted(target, error)
        return Diagnostic("read-failed", "error", error.summary, dataset.address, error.hint, dataset.source)
    except Exception as error:  # noqa: BLE001 - a defect that one dataset's answers meet hides no other dataset
        return _defect(error, dataset)


def _defect(error: Exception, dataset: DesiredDataset) -> Diagnostic:
    """What nobody reckoned with, and where in the program it was met; a thread's traceback is nowhere else."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno})" if place else ""
    hint = "Nothing is known of this dataset. Report it with this line, and plan the others with --dataset."
    return Diagnostic("unexpected", "error", f"{unforeseen(error)}{where}", dataset.address, hint, dataset.source)


def _ref(dataset: DesiredDataset) -> DatasetRef:
    return DatasetRef(dataset.address, dataset.id or "")
