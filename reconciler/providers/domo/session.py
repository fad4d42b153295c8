"""A connection to one Domo instance: reads datasets, creates them, and makes the changes of one step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from reconciler.core.changes import Element
from reconciler.core.insight import Event, Run
from reconciler.core.plan import Dependent, Step
from reconciler.core.ports import (
    Access,
    DatasetRef,
    FacetState,
    ProviderError,
    Request,
    Snapshot,
    Target,
)
from reconciler.core.principals import Directory, Principal
from reconciler.providers.http import Client, HttpError, Transport

from .ahead import Ahead
from .binding import binding
from .client import READING_POSTS, DomoClient
from .dataset import IMAGINED, Dataset
from .facts import Facts
from .wire import names_in

if TYPE_CHECKING:
    from .answers import Audit

T = TypeVar("T")

IN_METADATA = frozenset({"properties", "tags", "owner", "schedule", "retention"})
"""The facets whose reading begins with the metadata."""


class Session:
    """What `core.ports` calls a Writer."""

    def __init__(
        self, api: DomoClient, directory: Directory, newborn: Mapping[str, tuple[Element, ...]] | None
    ) -> None:
        self._api, self._directory, self._newborn = api, directory, newborn
        self._facts = Facts()
        self._lock, self._log = threading.Lock(), cast("tuple[Audit, ...] | None", None)
        self._ahead = Ahead(api, self._facts)
        self._unsettled: dict[str, ProviderError] = {}

    @classmethod
    def open(
        cls,
        target: Target,
        access: Access,
        newborn: Mapping[str, tuple[Element, ...]],
        transport: Transport | None = None,
        stop: threading.Event | None = None,
    ) -> Session:
        """A session with `target` until `stop`; nothing is sent yet. `transport` is another way out, for tests."""
        header = "X-DOMO-Developer-Token"
        http = Client(target, access, header=header, reading_posts=READING_POSTS, transport=transport, stop=stop)
        # Only a rehearsal has datasets that are not there; elsewhere their id is one that nobody has.
        return cls(DomoClient(http), target.directory, newborn if access == "rehearse" else None)

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        """Read `facets` of one dataset, each thing once."""
        self._api.http.look()
        if ref.id == IMAGINED and self._newborn is not None:
            imagined = {name: FacetState(self._newborn.get(name, ())) for name in sorted(facets)}
            return Snapshot(ref, imagined, requests=0)
        if ref.id in self._unsettled:
            raise self._unsettled.pop(ref.id)
        dataset = Dataset(self._api, self._facts, ref, self._directory, self._ahead)
        states = self._at(dataset, lambda: {name: binding(name).read(dataset) for name in sorted(facets)})
        found = {name: state for name, state in states.items() if state is not None}
        return Snapshot(ref, found, dataset.requests, diagnostics=tuple(dataset.diagnostics))

    def expect(self, refs: Mapping[DatasetRef, frozenset[str]]) -> None:
        """Read the metadata of these datasets in batches, where facets need it."""
        self._ahead.expect(ref.id for ref, facets in refs.items() if facets & IN_METADATA)

    def create(self, step: Step) -> str:
        """Create a dataset with its columns; its id is the answer's."""
        from . import schema  # noqa: PLC0415 - most plans create nothing
        from .creating import created_id, settle  # noqa: PLC0415 - as above

        with self._api.http.writing():
            answer = self._api.create(step.address.dataset, schema.create(step.desired))
            if answer.handed:
                return IMAGINED
            identifier = created_id(answer.value)
            try:
                settle(self._dataset(DatasetRef(step.address.whole, identifier)), step.desired)
            except ProviderError as error:
                # Raised here it would lose the id; whoever reads the dataset next is told.
                self._unsettled[identifier] = error
        return identifier

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        """Make the changes of `step`."""
        dataset = self._dataset(ref)
        with self._api.http.writing():
            self._at(dataset, lambda: binding(step.address.facet).write(dataset, step, found))

    def dependents(self, ref: DatasetRef) -> tuple[Dependent, ...]:
        """The cards that read the dataset."""
        from . import insight  # noqa: PLC0415 - few plans take away what somebody may read

        return insight.dependents(self._dataset(ref))

    def events(self, ref: DatasetRef, since: datetime, until: datetime) -> tuple[Event, ...] | None:
        """From the dataset's history, or from the audit log, which is read once for all datasets."""
        from . import insight  # noqa: PLC0415 - only drift asks

        dataset = self._dataset(ref)
        documented = insight.documented_events(dataset)
        if documented is not None:
            return tuple(event for event in documented if since <= event.at < until)
        with self._lock:
            if self._log is None:
                read = partial(insight.audits, self._api.http, since, until)
                self._log = self._facts.ask(insight.AUDITS, read, lambda: None) or ()
        return insight.audited_events(dataset, self._log) if self._facts.knows(insight.AUDITS) else None

    def runs(self, ref: DatasetRef, most: int) -> tuple[Run, ...] | None:
        """The latest runs of the dataset's stream."""
        from . import insight  # noqa: PLC0415 - only drift asks

        return insight.runs(self._dataset(ref), most)

    def named(self, name: str) -> tuple[str, ...] | None:
        """The ids of all datasets called `name`; only some servers list (notes 3)."""
        from . import listing  # noqa: PLC0415 - who has ids looks for nothing

        return self._facts.ask("list", lambda: listing.named(self._api, name), lambda: None)

    def datasets(self) -> dict[str, str] | None:
        """The names of all datasets by id; only some servers list (notes 3)."""
        from . import listing  # noqa: PLC0415 - as above

        return self._facts.ask("list", lambda: listing.everything(self._api), lambda: None)

    def title(self, dataset: str) -> str:
        """The name of one dataset, in its metadata."""
        return self._api.metadata(dataset).name or dataset

    def people(self, snapshot: Snapshot) -> dict[Principal, str]:
        """Who is named in the owner and the access list, where Domo sends names beside the ids."""
        return {
            self._directory.principal("group" if kind == "GROUP" else "user", identifier): name
            for state in snapshot.facets.values()
            for kind, identifier, name in names_in(state.raw)
        }

    def settling(self) -> AbstractContextManager[None]:
        """Around reads that tell what became of something that was sent."""
        return self._api.http.settling()

    @property
    def rehearsed(self) -> tuple[Request, ...]:
        """What the last `write` or `create` of this thread would have sent."""
        return self._api.http.recorded

    def close(self) -> None:
        """Give back the connections."""
        self._api.http.close()

    def _dataset(self, ref: DatasetRef) -> Dataset:
        return Dataset(self._api, self._facts, ref, self._directory)

    def _at(self, dataset: Dataset, act: Callable[[], T]) -> T:
        """What `act` returns. A 404 on the way may mean the dataset or something of it; asking for the former tells."""
        try:
            return act()
        except HttpError as failure:
            if failure.missing:
                dataset.prove()
                failure.missing = False
            raise
