"""The data versions of a dataset."""

from collections.abc import Sequence

from pydantic import AliasChoices, Field

from reconciler.providers.domo.wire import Count, Id, Wire
from reconciler.providers.understanding import understand

from .endpoint import V2, V3, Endpoint, Endpoints, at

MOST = 500
"""Versions to a page of Magic's list."""


class DataVersion(Wire):
    """A data version: of `dataversions` (document 000), or of `dataversions/details` (notes 1.17)."""

    id: Id = Field(validation_alias=AliasChoices("dataId", "dataVersionId"))
    status: str = Field(validation_alias=AliasChoices("uploadStatus", "status"))
    recorded: str | int | float | None = Field(None, validation_alias=AliasChoices("recordedDate", "datetimeRecorded"))
    rows: Count | None = Field(None, validation_alias=AliasChoices("numRows", "rowCount"))
    bytes: Count | None = Field(None, validation_alias=AliasChoices("numBytes", "sizeBytes"))


class Versions(Endpoints):
    """Endpoints of data versions."""

    @at("GET", V2 + "/{}/dataversions")
    def versions(self, here: Endpoint, dataset: str) -> tuple[DataVersion, ...]:
        """000, 001: Listing Dataset Versions. The whole list; there is no paging (notes 1.17)."""
        return understand(tuple[DataVersion, ...], self.get(here, dataset), "the list of data versions")

    @at("GET", V3 + "/{}/dataversions/details")
    def version_details(self, here: Endpoint, dataset: str) -> tuple[DataVersion, ...]:
        """002, 003: GET Data Versions, those included that are not indexed (notes 1.17)."""
        answer = self.get(here, dataset, query={"limitToIndexed": "false"})
        return understand(tuple[DataVersion, ...], answer, "the list of data versions")

    @at("POST", "/api/dataprocessing/v2/dataflows/data-version-hydrate", reads=True)
    def versions_in_magic(self, here: Endpoint, dataset: str, offset: int = 0) -> object:
        """002, 003: Data Version List from Magic. The shape of the answer is not documented."""
        window = {"type": "EXPRESSION", "expression": "1=1"}
        body = {"id": "", "type": "LoadFromVault", "dataSourceId": dataset, "versionWindow": window}
        return self.get(here, query={"engine": "MAGIC", "limit": str(MOST), "offset": str(offset)}, body=body)

    @at("DELETE", V2 + "/{}/dataversions")
    def delete_versions(self, here: Endpoint, dataset: str, versions: Sequence[str], *, index: bool) -> None:
        """000, 001: Deleting Dataset Versions. What a missing `index` means, documents and servers see differently."""
        body = [int(version) if version.isdecimal() else version for version in versions]
        self.send(here, dataset, query={"index": "true" if index else "false"}, body=body)
