"""A connection to Clarifai: reads datasets, and makes the changes of one step."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager

from msgspec.structs import replace

from reconciler.core.plan import Step
from reconciler.core.ports import Access, DatasetRef, FacetState, ProviderError, Request, Snapshot, Target
from reconciler.core.principals import Principal
from reconciler.providers.http import Client, Pace

from . import owner, retention, tags, versions
from .binding import Binding
from .capabilities import MOST_PER_SECOND
from .client import ClarifaiClient, base_of
from .dataset import Dataset
from .envelope import judge

BINDINGS: Mapping[str, Binding] = {
    "tags": Binding(tags.read, tags.write),
    "owner": Binding(owner.read, owner.write),
    "versions": Binding(versions.read, versions.write),
    "retention": Binding(retention.read, retention.write),
}


class Session:
    """What `core.ports` calls a Writer."""

    def __init__(self, api: ClarifaiClient, target: Target) -> None:
        self._api, self._target = api, target

    @classmethod
    def open(
        cls, target: Target, access: Access, pace: Pace | None = None, stop: threading.Event | None = None
    ) -> Session:
        """A session with `target` until `stop`; nothing is sent yet. `pace` is another clock, for tests."""
        target = replace(target, requests_per_second=min(target.requests_per_second, MOST_PER_SECOND))
        http = Client(target, access, header="Authorization", scheme="Key", judge=judge, pace=pace, stop=stop)
        return cls(ClarifaiClient(http, base_of(target)), target)

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        """Read `facets` of one dataset, each thing once."""
        self._api.http.look()
        dataset = Dataset(self._api, ref, self._target)
        states = {name: BINDINGS[name].read(dataset) for name in sorted(facets)}
        return Snapshot(ref, states, dataset.requests)

    def create(self, step: Step) -> str:
        """Refused: the capabilities say so, and no plan has such a step."""
        summary = f"{step.address.dataset} cannot be created: Clarifai's datasets are made with the vendor"
        raise ProviderError(summary, hint="Create it there, then write its id under metadata.id.")

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        """Make the changes of `step`."""
        with self._api.http.writing():
            BINDINGS[step.address.facet].write(Dataset(self._api, ref, self._target), step, found)

    def named(self, name: str) -> None:
        """Nothing is created here, so nothing is ever looked for."""
        del name

    def datasets(self) -> dict[str, str]:
        """All datasets of the app; a dataset's id is its name."""
        return {dataset.id: dataset.id for dataset in self._api.datasets().items}

    def title(self, dataset: str) -> str:
        """The id itself, of a dataset that is there."""
        return self._api.dataset(dataset).id

    def people(self, snapshot: Snapshot) -> dict[Principal, str]:
        """Nobody: datasets have no access list of their own, and who owns them is not adopted."""
        del snapshot
        return {}

    def settling(self) -> AbstractContextManager[None]:
        """Around reads that tell what became of something that was sent."""
        return self._api.http.settling()

    @property
    def rehearsed(self) -> tuple[Request, ...]:
        """What the last `write` of this thread would have sent."""
        return self._api.http.recorded

    def close(self) -> None:
        """Give back the connections."""
        self._api.http.close()
