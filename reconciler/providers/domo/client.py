"""Domo's endpoints, a function each, named by document and section.

000: Managing Dataset History · 002, 003: Datasets API · notes: observed at live instances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.core.ports import ProviderError
from reconciler.core.words import Json
from reconciler.providers.http import Answer, Call, Client, path_of
from reconciler.providers.understanding import understand

from .wire import AccessList, CopyStatus, DataVersion, IndexRequest, IndexStatus, Metadata, OwnerAnswer, Party

V2 = "/api/data/v2/datasources"
V3 = "/api/data/v3/datasources"
STREAMS = "/api/data/v1/streams"

PAGE = 50
"""The most datasets that Domo lists at once (notes 3)."""

READING_POSTS: tuple[str, ...] = ()
"""Paths whose POSTs change nothing. None is needed yet."""


class DomoClient:
    """The endpoints that the reconciler uses."""

    def __init__(self, http: Client) -> None:
        self.http = http

    def metadata(self, dataset: str) -> Metadata:
        """002, 003: Get Metadata. Without `part` everything comes."""
        return understand(Metadata, self._get(path_of(V3 + "/{}", dataset)), "the metadata")

    def indexed_schema(self, dataset: str) -> object:
        """002, 003: Get Dataset Schema, hidden columns included: a write that leaves them out would drop them."""
        path = path_of("/api/query/v1/datasources/{}/schema/indexed", dataset)
        return self._get(path, {"includeHidden": "true"})

    def latest_schema(self, dataset: str) -> object:
        """Notes 1.9: the schema as last written, indexed or not."""
        return self._get(path_of(V2 + "/{}/schemas/latest", dataset))

    def alter_schema(self, dataset: str, schema: Mapping[str, object]) -> Answer:
        """002, 003: Alter Dataset Schema. Replaces every column; each call makes a new schema version of them."""
        return self._post(path_of(V2 + "/{}/schemas", dataset), schema)

    def index(self, dataset: str) -> IndexRequest:
        """002, 003: Index Dataset; no `dataIds` means all versions. The answer is that of notes 1.15."""
        answer = self.http.send(Call("POST", path_of(V3 + "/{}/indexes", dataset), body={"dataIds": []}, answered=True))
        return understand(IndexRequest, answer.value, "the index request")

    def index_status(self, dataset: str, request: str) -> IndexStatus:
        """002, 003: Index Dataset Progress. The answer is that of notes 1.15."""
        answer = self._get(path_of(V3 + "/{}/indexes/{}/statuses", dataset, request))
        return understand(IndexStatus, answer, "the index status")

    def tags(self, dataset: str) -> object:
        """002: Get Dataset Tags."""
        return self._get(path_of("/api/data/ui/v3/datasources/{}/tags", dataset))

    def post_tags(self, dataset: str, tags: Sequence[str]) -> Answer:
        """002: Add Dataset Tags; 002, 003: createDatasetTag. Adds to the tags, or replaces them (notes 1.7)."""
        return self._post(path_of("/api/data/ui/v3/datasources/{}/tags", dataset), list(tags))

    def delete_tags(self, dataset: str, tags: Sequence[str]) -> None:
        """002: Remove Dataset Tags."""
        self._send("DELETE", path_of("/api/data/ui/v3/datasources/{}/tags", dataset), list(tags))

    def bulk_delete_tags(self, dataset: str, tags: Sequence[str]) -> None:
        """Notes 3, bulk writes: tag/delete. A failure comes with status 200."""
        items: Json = {"ids": [dataset], "type": "DATA_SOURCE"}
        answer = self._post("/api/data/v1/ui/bulk/tag/delete", {"bulkItems": items, "tags": list(tags)})
        failed = answer.value.get("failed") if isinstance(answer.value, Mapping) else None
        if failed:
            raise ProviderError("the tags could not be removed", hint=f"Domo says: {failed}")

    def permissions(self, dataset: str) -> AccessList:
        """002, 003: Dataset Access List; 002: Get Dataset Permissions."""
        return understand(AccessList, self._get(path_of(V3 + "/{}/permissions", dataset)), "the access list")

    def share(self, dataset: str, entries: Sequence[Mapping[str, str]]) -> None:
        """002, 003: Share Dataset with Access permissions. Touches only who is named (notes 1.4); mails nobody."""
        self._post(path_of(V3 + "/{}/share", dataset), {"permissions": list(entries), "sendEmail": False})

    def revoke(self, dataset: str, kind: str, principal: str) -> None:
        """002: Revoke Dataset Access by type and id; 003 has it for USER only."""
        self._send("DELETE", path_of(V3 + "/{}/permissions/{}/{}", dataset, kind, principal))

    def owner(self, dataset: str) -> Party:
        """002: Get Dataset Owner."""
        return understand(OwnerAnswer, self._get(path_of(V3 + "/{}/owner", dataset)), "the owner").owner

    def put_owner(self, dataset: str, kind: str, principal: str) -> None:
        """002: Update Dataset Owner."""
        self._send("PUT", path_of(V3 + "/{}/owner", dataset), {"owner": {"id": principal, "type": kind}})

    def put_responsible(self, dataset: str, kind: str, principal: str) -> None:
        """Notes 1.12: the owner, where the server has no `/owner`."""
        field = "responsibleGroupId" if kind == "GROUP" else "responsibleUserId"
        self._send("PUT", path_of(V2 + "/{}/responsibleUsers", dataset), {field: principal})

    def stream(self, stream: str) -> dict[str, object]:
        """002, 003: Stream (Connector) - Get. Without `fields=all` live instances send seven fields (notes 1.13)."""
        answer = self._get(path_of(STREAMS + "/{}", stream), {"fields": "all"})
        return understand(dict[str, object], answer, "the stream")

    def put_stream(self, stream: str, document: Mapping[str, object]) -> None:
        """002, 003: Stream (Connector) - Update, with the whole stream: what is not sent may be lost."""
        self._send("PUT", path_of(STREAMS + "/{}", stream), document)

    def versions(self, dataset: str) -> tuple[DataVersion, ...]:
        """000: Listing Dataset Versions. The whole list; there is no paging (notes 1.17)."""
        answer = self._get(path_of(V2 + "/{}/dataversions", dataset))
        return understand(tuple[DataVersion, ...], answer, "the list of data versions")

    def version_details(self, dataset: str) -> tuple[DataVersion, ...]:
        """002, 003: GET Data Versions, those included that are not indexed (notes 1.17)."""
        answer = self._get(path_of(V3 + "/{}/dataversions/details", dataset), {"limitToIndexed": "false"})
        return understand(tuple[DataVersion, ...], answer, "the list of data versions")

    def delete_versions(self, dataset: str, versions: Sequence[str], *, index: bool) -> None:
        """000: Deleting Dataset Versions. What a missing `index` means, documents and servers see differently."""
        body = [int(version) if version.isdecimal() else version for version in versions]
        query = {"index": "true" if index else "false"}
        self.http.send(Call("DELETE", path_of(V2 + "/{}/dataversions", dataset), query, body))

    def create(self, name: str, columns: Sequence[Mapping[str, str]]) -> Answer:
        """002, 003: Create Dataset Copy. Names are not unique: sent twice it makes two datasets."""
        body = {"userDefinedType": "api", "dataSourceName": name, "schema": {"columns": list(columns)}}
        return self.http.send(Call("POST", V2, body=body, repeatable=False, answered=True))

    def page_of_datasets(self, name: str, offset: int) -> object:
        """Notes 3, Listing: the datasets whose names hold `name`, hidden ones too; at most 50 to a page."""
        query = {"nameLike": name, "includeHidden": "true", "orderBy": "created"}
        return self._get(V3, {**query, "limit": str(PAGE), "offset": str(offset)})

    def copy_status(self, dataset: str) -> CopyStatus:
        """002: Get Dataset Copy Status."""
        return understand(CopyStatus, self._get(path_of(V2 + "/{}/copy/status", dataset)), "the copy status")

    def copy_log(self, dataset: str) -> tuple[str, ...]:
        """002: Get Dataset Copy Log."""
        answer = understand(dict[str, object], self._get(path_of(V2 + "/{}/copy/log", dataset)), "the copy log")
        return understand(tuple[str, ...], answer.get("log"), "the copy log")

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        return self.http.send(Call("GET", path, query or {})).value

    def _post(self, path: str, body: object) -> Answer:
        """A POST whose effect is the same however often it is sent."""
        return self.http.send(Call("POST", path, body=body))

    def _send(self, method: str, path: str, body: object = None) -> None:
        self.http.send(Call(method, path, body=body))
