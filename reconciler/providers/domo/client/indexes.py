"""Indexing a dataset."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.providers.domo.wire import IndexRequest, IndexStatus
from reconciler.providers.understanding import understand

from .endpoint import QUERY, V3, Endpoint, Endpoints, at


class Indexes(Endpoints):
    """Endpoints of indexes."""

    @at("POST", V3 + "/{}/indexes")
    def index(self, here: Endpoint, dataset: str, versions: Sequence[str] = ()) -> IndexRequest | None:
        """002: Index Dataset, Index Dataset (Create); no versions means all. The answer is that of notes 1.15.

        None in a rehearsal, which sends nothing.
        """
        answer = self.send(here, dataset, body={"dataIds": list(versions)}, answered=True)
        return None if answer.handed else understand(IndexRequest, answer.value, "the index request")

    @at("POST", QUERY + "/{}", "documented")
    def index_all(self, here: Endpoint, dataset: str) -> None:
        """003: Index Dataset. Names no request whose progress could be asked for."""
        self.send(here, dataset)

    @at("PUT", V3 + "/{}/indexes/{}", "documented")
    def put_index(self, here: Endpoint, dataset: str, request: str, versions: Sequence[str] = ()) -> None:
        """002: Index Dataset (Update)."""
        self.send(here, dataset, request, body={"dataIds": list(versions), "reindex": True})

    @at("GET", V3 + "/{}/indexes/{}/statuses")
    def index_status(self, here: Endpoint, dataset: str, request: str) -> IndexStatus:
        """002, 003: Index Dataset Progress. The answer is that of notes 1.15."""
        return understand(IndexStatus, self.get(here, dataset, request), "the index status")
