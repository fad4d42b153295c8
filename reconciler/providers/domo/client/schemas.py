"""A dataset's columns."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.providers.http import Answer

from .endpoint import QUERY, V2, Endpoint, Endpoints, at


class Schemas(Endpoints):
    """Endpoints of schemas."""

    @at("GET", QUERY + "/{}/schema/indexed")
    def indexed_schema(self, here: Endpoint, dataset: str) -> object:
        """002, 003: Get Dataset Schema, hidden columns included: a write that leaves them out would drop them."""
        return self.get(here, dataset, query={"includeHidden": "true"})

    @at("GET", V2 + "/{}/schemas/latest", "observed")
    def latest_schema(self, here: Endpoint, dataset: str) -> object:
        """Notes 1.9: the schema as last written, indexed or not."""
        return self.get(here, dataset)

    @at("POST", V2 + "/{}/schemas")
    def alter_schema(self, here: Endpoint, dataset: str, schema: Mapping[str, object]) -> Answer:
        """002, 003: Alter Dataset Schema. Replaces every column; each call makes a new schema version of them."""
        return self.send(here, dataset, body=schema)
