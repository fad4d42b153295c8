"""A dataset's tags."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.providers.http import Answer

from .endpoint import UI, Endpoint, Endpoints, at


class Tags(Endpoints):
    """Endpoints of tags."""

    @at("GET", UI + "/{}/tags", "documented")
    def tags(self, here: Endpoint, dataset: str) -> object:
        """002: Get Dataset Tags."""
        return self.get(here, dataset)

    @at("POST", UI + "/{}/tags")
    def post_tags(self, here: Endpoint, dataset: str, tags: Sequence[str]) -> Answer:
        """002: Add Dataset Tags; 002, 003: createDatasetTag. Adds to the tags, or replaces them (notes 1.7)."""
        return self.send(here, dataset, body=list(tags))

    @at("DELETE", UI + "/{}/tags", "documented")
    def delete_tags(self, here: Endpoint, dataset: str, tags: Sequence[str]) -> None:
        """002: Remove Dataset Tags."""
        self.send(here, dataset, body=list(tags))
