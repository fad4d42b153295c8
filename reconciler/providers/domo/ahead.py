"""Reading the metadata of many datasets at once, where the server can (notes 3, Listing)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Event, Lock

from reconciler.core.ports import ProviderError

from .client import DomoClient
from .facts import Facts
from .wire import Metadata

ENDPOINT = "bulk"
MOST = 100
"""Datasets to a request, the most the server takes."""


class _Batch:
    """Datasets that are asked for together, when the first of them is needed."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        self.answered = Event()
        self.found: dict[str, Metadata] = {}


class Ahead:
    """Which datasets are about to be read, in batches. Each answer is given out once."""

    def __init__(self, api: DomoClient, facts: Facts) -> None:
        self._api, self._facts = api, facts
        self._batches: dict[str, _Batch] = {}
        self._unasked: list[_Batch] = []
        self._lock = Lock()

    def expect(self, ids: Iterable[str]) -> None:
        """Get ready to read these; a single one is asked for by itself."""
        unique = list(dict.fromkeys(ids))
        for start in range(0, len(unique), MOST):
            batch = _Batch(unique[start : start + MOST])
            if len(batch.ids) > 1:
                self._batches.update(dict.fromkeys(batch.ids, batch))
                self._unasked.append(batch)

    def metadata(self, dataset: str) -> Metadata | None:
        """What came of a dataset with its batch; None when it has to be asked for by itself.

        Who would only wait for an answer that somebody else asked for asks for the next batch meanwhile; once, so that
        no more answers than threads ever wait.
        """
        batch = self._batches.pop(dataset, None)
        if batch is None:
            return None
        if not batch.answered.is_set() and (mine := self._claim(batch)) is not None:
            self._fetch(mine)
        batch.answered.wait()
        return batch.found.pop(dataset, None)

    def counts(self, dataset: str) -> bool:
        """Whether the request of its batch counts as this dataset's: as that of the first, so that no order shows."""
        batch = self._batches.get(dataset)
        return batch is None or batch.ids[0] == dataset

    def _claim(self, batch: _Batch) -> _Batch | None:
        """`batch`, or the next one when somebody has asked for it; None when all are asked for."""
        with self._lock:
            if not self._unasked:
                return None
            return self._unasked.pop(self._unasked.index(batch) if batch in self._unasked else 0)

    def _fetch(self, batch: _Batch) -> None:
        try:
            found = self._facts.ask(ENDPOINT, lambda: self._api.metadata_of(batch.ids), lambda: None)
            batch.found = {metadata.id: metadata for metadata in found or ()}
        except ProviderError:
            # Asking for each by itself says what is wrong, and with which.
            batch.found = {}
        finally:
            batch.answered.set()
