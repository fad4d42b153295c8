"""A dataset's metadata, its properties, and making one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.providers.domo.wire import CopyStatus, Metadata
from reconciler.providers.http import Answer
from reconciler.providers.understanding import understand

from .endpoint import V2, V3, Endpoint, Endpoints, at


class Datasets(Endpoints):
    """Endpoints of one dataset as a whole."""

    @at("GET", V3 + "/{}")
    def metadata(self, here: Endpoint, dataset: str, parts: Sequence[str] = ()) -> Metadata:
        """002, 003: Get Metadata. Without `parts` everything comes.

        The parameter is `part` (002 and live instances); 003's table calls it `requestedParts`, so both are sent.
        """
        asked = ",".join(parts)
        query = {"part": asked, "requestedParts": asked} if parts else {}
        return understand(Metadata, self.get(here, dataset, query=query), "the metadata")

    @at("GET", V2 + "/{}")
    def details(self, here: Endpoint, dataset: str) -> dict[str, object]:
        """002: Get Dataset Details. Flat as documented, or nested under `dataSource` (notes 1.19)."""
        return understand(dict[str, object], self.get(here, dataset), "the details")

    @at("PUT", V3 + "/{}/properties")
    def put_properties(self, here: Endpoint, dataset: str, properties: Mapping[str, object]) -> None:
        """002, 003: Change Dataset Properties. A name without a description may clear the latter (notes 1.8)."""
        self.send(here, dataset, body=properties)

    @at("PUT", V3 + "/{}/providers/{}", "observed")
    def put_provider(self, here: Endpoint, dataset: str, provider: str) -> None:
        """Notes 1.8: the data provider's type alone."""
        self.send(here, dataset, provider)

    @at("POST", V2, repeat="untaken")
    def create(self, here: Endpoint, name: str, columns: Sequence[Mapping[str, str]]) -> Answer:
        """002, 003: Create Dataset Copy. Names are not unique: sent twice it makes two datasets."""
        body = {"userDefinedType": "api", "dataSourceName": name, "schema": {"columns": list(columns)}}
        return self.send(here, body=body, answered=True)

    @at("GET", V2 + "/{}/copy/status", "documented")
    def copy_status(self, here: Endpoint, dataset: str) -> CopyStatus:
        """002: Get Dataset Copy Status."""
        return understand(CopyStatus, self.get(here, dataset), "the copy status")

    @at("GET", V2 + "/{}/copy/log", "documented")
    def copy_log(self, here: Endpoint, dataset: str) -> tuple[str, ...]:
        """002: Get Dataset Copy Log."""
        answer = understand(dict[str, object], self.get(here, dataset), "the copy log")
        return understand(tuple[str, ...], answer.get("log"), "the copy log")
