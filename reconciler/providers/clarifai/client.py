"""Clarifai's endpoints, a function each, named by document and section.

004: Dataset Versions · notes: Clarifai notes, section 1. The paths have a long form, /v2/users/…/apps/…, and a short
one, /v2/…, for keys that belong to one app.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.core.ports import ProviderError, Target
from reconciler.providers.http import Answer, Call, Client, path_of
from reconciler.providers.understanding import understand

from .listing import Listing, everything
from .wire import Dataset, DatasetAnswer, DatasetsAnswer, DatasetVersion, VersionAnswer, VersionsAnswer

PER_PAGE = 1000
"""The most that Clarifai sends at once (notes, Pagination)."""


def base_of(target: Target) -> str:
    """What precedes `/datasets` in every path.

    Raises:
        ProviderError: the target's settings name half an app.
    """
    user, app = target.settings.get("userId"), target.settings.get("appId")
    if user and app:
        return path_of("/v2/users/{}/apps/{}", user, app)
    if user or app:
        summary = f"target {target.name} says only one of userId and appId"
        raise ProviderError(summary, hint="Say both, or neither and use a key that belongs to the app.")
    return "/v2"


class ClarifaiClient:
    """The endpoints that the reconciler uses."""

    def __init__(self, http: Client, base: str, per_page: int = PER_PAGE) -> None:
        self.http = http
        self._datasets, self._per_page = base + "/datasets", per_page

    def dataset(self, dataset: str) -> Dataset:
        """Notes: GetDataset."""
        answer = self._get(path_of(self._datasets + "/{}", dataset))
        return understand(DatasetAnswer, answer, "the dataset").dataset

    def datasets(self) -> Listing[Dataset]:
        """Notes: ListDatasets; all pages."""
        return everything(self.page_of_datasets, "datasets")

    def page_of_datasets(self, page: int) -> tuple[Dataset, ...]:
        """Notes: ListDatasets; one page."""
        answer = self._get(self._datasets, {"page": str(page), "per_page": str(self._per_page)})
        return understand(DatasetsAnswer, answer, "the list of datasets").datasets

    def patch_dataset(self, dataset: str, fields: Mapping[str, object]) -> Answer:
        """Notes: PatchDatasets. With `overwrite` each of `fields` takes the place of what was there."""
        body = {"datasets": [{"id": dataset, **fields}], "action": "overwrite"}
        return self.http.send(Call("PATCH", self._datasets, body=body, answered=True))

    def versions(self, dataset: str) -> Listing[DatasetVersion]:
        """004: List dataset versions; all pages."""
        return everything(lambda page: self.page_of_versions(dataset, page), "versions")

    def page_of_versions(self, dataset: str, page: int) -> tuple[DatasetVersion, ...]:
        """004: List dataset versions; one page."""
        query = {"page": str(page), "per_page": str(self._per_page)}
        answer = self._get(self._versions(dataset), query)
        return understand(VersionsAnswer, answer, "the list of versions").dataset_versions

    def version(self, dataset: str, version: str) -> DatasetVersion:
        """004: Get a dataset version."""
        answer = self._get(path_of(self._datasets + "/{}/versions/{}", dataset, version))
        return understand(VersionAnswer, answer, "the version").dataset_version

    def add_versions(self, dataset: str, versions: Sequence[Mapping[str, object]]) -> Answer:
        """004: Add a dataset version. Without an id each repetition would make another one."""
        body = {"dataset_versions": list(versions)}
        return self.http.send(Call("POST", self._versions(dataset), body=body, repeat="untaken", answered=True))

    def patch_versions(self, dataset: str, versions: Sequence[Mapping[str, object]]) -> Answer:
        """004: Change a dataset version. `overwrite` is the only action there is (notes); the id tells which one."""
        body = {"dataset_versions": list(versions), "action": "overwrite"}
        return self.http.send(Call("PATCH", self._versions(dataset), body=body, answered=True))

    def delete_versions(self, dataset: str, versions: Sequence[str]) -> Answer:
        """004: Delete a dataset version. For good."""
        body = {"dataset_version_ids": list(versions)}
        return self.http.send(Call("DELETE", self._versions(dataset), body=body, answered=True))

    def _versions(self, dataset: str) -> str:
        return path_of(self._datasets + "/{}/versions", dataset)

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> object:
        return self.http.send(Call("GET", path, query or {})).value
