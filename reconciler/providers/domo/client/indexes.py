"""Indexing a dataset."""

from collections.abc import Sequence

from reconciler.providers.domo.wire import Id, Wire
from reconciler.providers.understanding import understand

from .endpoint import QUERY, V3, Endpoint, Endpoints, at


class IndexRequest(Wire):
    """An index request; its key is a string here and a number in streams (notes 1.15)."""

    request_key: Id


class IndexProgress(Wire):
    """How far an index request is."""

    status: str


class IndexStatus(Wire):
    """An index request's status."""

    progress: IndexProgress


class Indexes(Endpoints):
    """Endpoints of indexes."""

    @at("POST", V3 + "/{}/indexes", repeat="anyhow")
    def index(self, here: Endpoint, dataset: str, versions: Sequence[str] = ()) -> IndexRequest | None:
        """002: Index Dataset, Index Dataset (Create); no versions means all. The answer is that of notes 1.15.

        None in a rehearsal, which sends nothing.
        """
        answer = self.send(here, dataset, body={"dataIds": list(versions)}, answered=True)
        return None if answer.handed else understand(IndexRequest, answer.value, "the index request")

    @at("POST", QUERY + "/{}", "documented", repeat="anyhow")
    def index_all(self, here: Endpoint, dataset: str) -> None:
        """003: Index Dataset. Names no request whose progress could be asked for."""
        self.send(here, dataset)

    @at("PUT", V3 + "/{}/indexes/{}", "documented", repeat="anyhow")
    def put_index(self, here: Endpoint, dataset: str, request: str, versions: Sequence[str] = ()) -> None:
        """002: Index Dataset (Update)."""
        self.send(here, dataset, request, body={"dataIds": list(versions), "reindex": True})

    @at("GET", V3 + "/{}/indexes/{}/statuses")
    def index_status(self, here: Endpoint, dataset: str, request: str) -> IndexStatus:
        """002, 003: Index Dataset Progress. The answer is that of notes 1.15."""
        return understand(IndexStatus, self.get(here, dataset, request), "the index status")
