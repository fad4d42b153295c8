"""Finding datasets, and reading many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.providers.domo.wire import Bulked, Metadata
from reconciler.providers.understanding import understand

from .endpoint import UI, V3, Endpoint, Endpoints, at

PAGE = 50
"""Datasets to a page of the list, the most there can be (notes 3)."""


class Listing(Endpoints):
    """Endpoints of many datasets."""

    @at("GET", V3, "observed")
    def page_of_datasets(self, here: Endpoint, name: str, offset: int) -> object:
        """Notes 3, Listing: the datasets whose names hold `name`, hidden ones too; at most 50 to a page."""
        query = {"nameLike": name, "includeHidden": "true", "orderBy": "created"}
        return self.get(here, query={**query, "limit": str(PAGE), "offset": str(offset)})

    @at("POST", V3 + "/bulk", "observed", reads=True)
    def metadata_of(self, here: Endpoint, datasets: Sequence[str]) -> tuple[Metadata, ...]:
        """Notes 3, Listing: the metadata of at most 100 datasets; what does not exist is left out silently."""
        answer = self.get(here, query={"includePrivate": "true", "includeAllDetails": "true"}, body=list(datasets))
        return understand(Bulked, answer, "the list of datasets").data_sources

    @at("POST", UI + "/search", "observed", reads=True)
    def search(self, here: Endpoint, filters: Sequence[Mapping[str, object]], offset: int, count: int) -> object:
        """Notes 3, Listing: the search of the user interface. Its index lags: never verify with it."""
        page = {"combineResults": True, "query": "*", "count": count, "offset": offset}
        return self.get(here, body={"entities": ["DATASET"], "filters": list(filters), **page})
