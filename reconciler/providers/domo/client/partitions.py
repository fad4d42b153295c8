"""The partitions of a dataset."""

from __future__ import annotations

from reconciler.providers.domo.wire import Partition, Tag
from reconciler.providers.understanding import understand

from .endpoint import QUERY, Endpoint, Endpoints, at


class Partitions(Endpoints):
    """Endpoints of partitions."""

    @at("GET", QUERY + "/{}/partition")
    def partition_tags(self, here: Endpoint, dataset: str) -> tuple[Tag, ...]:
        """002, 003: GET Partition List: without row counts, partitions that are marked as deleted included."""
        return understand(tuple[Tag, ...], self.get(here, dataset), "the list of partition tags")

    @at("POST", QUERY + "/{}/partition/list", reads=True)
    def page_of_partitions(self, here: Endpoint, dataset: str, offset: int, limit: int) -> tuple[Partition, ...]:
        """002, 003: Search Partition List, oldest first."""
        order = {"fieldName": "datecompleted", "sortOrder": "ASC", "filterValues": {"MIN": None, "MAX": None}}
        body = {"paginationFields": [order], "limit": limit, "offset": offset}
        return understand(tuple[Partition, ...], self.get(here, dataset, body=body), "the list of partitions")

    @at("DELETE", QUERY + "/{}/tag/{}/data")
    def delete_partition_data(self, here: Endpoint, dataset: str, partition: str) -> None:
        """002, 003: Delete Data Version: marks the data of a partition as deleted; the tag stays."""
        self.send(here, dataset, partition)

    @at("DELETE", QUERY + "/{}/partition/{}")
    def delete_partition(self, here: Endpoint, dataset: str, partition: str) -> None:
        """002, 003: Delete Partition Tag."""
        self.send(here, dataset, partition)
