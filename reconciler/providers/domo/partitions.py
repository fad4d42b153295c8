"""Partitions at Domo: data versions under a tag. Their data goes first, then the tag, then the index (notes 1.18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus

from reconciler.providers.http import HttpError

from .client import DomoClient
from .dataset import Dataset
from .indexing import index

LIST = "partition/list"
PAGE = 100


def tags_by_version(dataset: Dataset) -> dict[str, str]:
    """The tag of each data version that is a partition; none where the server has no partitions."""
    return dataset.maybe(LIST, lambda key: _listed(dataset.api, key)) or {}


def _listed(api: DomoClient, dataset: str) -> dict[str, str]:
    """By pages until one is empty."""
    found: dict[str, str] = {}
    offset = 0
    while page := api.page_of_partitions(dataset, offset, PAGE):
        found.update((each.data_id, each.partition_id) for each in page if each.data_id is not None)
        offset += len(page)
    return found


def delete(dataset: Dataset, tags: Iterable[str]) -> None:
    """Delete partitions with their data, and have the rest indexed: until then queries still see what is gone."""
    for tag in tags:
        _unless_gone(dataset.api.delete_partition_data, dataset, tag)
        _unless_gone(dataset.api.delete_partition, dataset, tag)
    index(dataset)


def _unless_gone(send: Callable[[str, str], None], dataset: Dataset, tag: str) -> None:
    try:
        send(dataset.id, tag)
    except HttpError as failure:
        # A tag whose data is deleted may be gone with it; reading back tells whether all of it is.
        if failure.status != HTTPStatus.NOT_FOUND:
            raise
        dataset.prove()
