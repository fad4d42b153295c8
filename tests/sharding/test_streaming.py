"""Datasets are planned as their reads arrive; what waits in between is bounded, however many there are."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Lock

import pytest

from reconciler.app.reading import AHEAD, arriving
from reconciler.core.address import Address
from reconciler.core.ports import Capabilities, DatasetRef, FacetState, Snapshot
from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME
from reconciler.facets.tags import Tag
from reconciler.planning import Desired, DesiredDataset, TargetView, plan_part

ANSWER = 50_000
"""Bytes that each answer holds."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORKERS = 4


class Vendor:
    """Answers at once, with much; knows how many answers nobody has taken yet."""

    def __init__(self) -> None:
        self.waiting, self.most, self._lock = 0, 0, Lock()

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        with self._lock:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
        raw = bytearray(ANSWER)
        return Snapshot(ref, {name: FacetState((Tag("gold"),), raw) for name in facets}, 1)

    def named(self, name: str) -> None:
        del name

    def close(self) -> None:
        pass


def workspace(count: int) -> Desired:
    section = BY_NAME["tags"].section
    datasets = tuple(
        DesiredDataset(Address("acme", f"d{n:05}"), str(n), {"tags": section.model_validate({"values": ["gold"]})})
        for n in range(count)
    )
    capabilities = Capabilities(frozenset({"tags"}))
    return Desired(datasets, {"acme": TargetView("domo", capabilities, Directory())})


def peak(count: int) -> tuple[int, int]:
    """The most answers that waited, and the most bytes held while planning."""
    vendor, desired = Vendor(), workspace(count)

    def taken() -> Iterator[tuple[DesiredDataset, Snapshot]]:
        for dataset, snapshot in arriving(desired.datasets, {"acme": vendor}, WORKERS):
            with vendor._lock:  # noqa: SLF001
                vendor.waiting -= 1
            assert isinstance(snapshot, Snapshot)
            yield dataset, snapshot

    tracemalloc.start()
    try:
        made = plan_part(desired, taken(), NOW)
        return vendor.most, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert len(made.datasets) == count


@pytest.mark.parametrize("count", [200, 2000])
def test_few_answers_wait_however_many_there_are(count: int) -> None:
    """A fixed number for each worker, and the ones in their hands."""
    assert peak(count)[0] <= (AHEAD + 1) * WORKERS


def test_a_plan_holds_no_answers() -> None:
    """1,800 more datasets take less than a fifth of what their answers would."""
    assert peak(2000)[1] - peak(200)[1] < 1800 * ANSWER / 5


class Surprising(Vendor):
    """A vendor one of whose answers our reading cannot bear."""

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        if ref.id == "1":
            msg = "not\n  reckoned with"
            raise KeyError(msg)
        return super().read(ref, facets)


def test_a_defect_in_reading_one_dataset_is_told_of_it_and_hides_no_other() -> None:
    """With where it was met: the thread that it happened in has no traceback that anybody sees."""
    desired = workspace(3)
    made = plan_part(desired, arriving(desired.datasets, {"acme": Surprising()}, WORKERS), NOW)
    assert [(dataset.address.dataset, dataset.read is not None) for dataset in made.datasets] == [
        ("d00000", True),
        ("d00001", False),
        ("d00002", True),
    ]
    (told,) = made.diagnostics
    assert (told.code, told.severity, str(told.address)) == ("unexpected", "error", "acme/d00001")
    line = Surprising.read.__code__.co_firstlineno + 3
    assert told.summary == (
        rf"this should not have happened: KeyError: 'not\n reckoned with' (test_streaming.py, line {line})"
    )
