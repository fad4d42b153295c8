"""The partitions of a dataset."""

from reconciler.providers.domo.wire import Count, Id, Wire
from reconciler.providers.understanding import understand

from .endpoint import PARTITION_LIST, QUERY, Endpoint, Endpoints, at


class Tag(Wire):
    """One partition's tag, as `GET …/partition` tells it, whether it has data or not (002, GET Partition List)."""

    partition_id: Id
    date_completed: str | None = None


class Partition(Tag):
    """One partition that has data (notes 1.18); which, it has to say: else its data would count beside it."""

    data_id: Id
    row_count: Count | None = None


class Partitions(Endpoints):
    """Endpoints of partitions."""

    @at("GET", QUERY + "/{}/partition")
    def partition_tags(self, here: Endpoint, dataset: str) -> tuple[Tag, ...]:
        """002, 003: GET Partition List: without row counts, partitions that are marked as deleted included."""
        return understand(tuple[Tag, ...], self.get(here, dataset), "the list of partition tags")

    @at("POST", PARTITION_LIST, reads=True)
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
