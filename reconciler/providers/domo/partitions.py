"""Partitions at Domo: listed by pages; of each its data is deleted, then its tag (002; notes 1.18).

The index follows, and once more precedes the last tag.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from reconciler.core.ports import ProviderError
from reconciler.facets.retention.version import Version
from reconciler.providers.http import HttpError

from .client.keeping import Keeping
from .client.partitions import Partition, Tag
from .dataset import Dataset
from .indexing import index

LIST, TAGS = "partition/list", "partition"
PAGE = 100
MOST_PAGES = 2_000
"""Two hundred thousand partitions, where a server takes what it is asked for."""


class Partitions(NamedTuple):
    """The partitions of a dataset."""

    listed: tuple[Partition, ...] = ()
    left: tuple[Tag, ...] = ()
    """Tags whose data is deleted."""


NO_PARTITIONS = Partitions()


def read(dataset: Dataset) -> Partitions:
    """Every partition, with data and without.

    The list by pages leaves out partitions without data, the plain list has them and does not tell which they are. So
    what only the plain list has is looked for by pages once more: it may have moved from one page to the next, or be
    new.

    Raises:
        ProviderError: the list by pages is not known to be complete; so one that is missing where there are tags.
    """
    listed, api = _listed(dataset), Keeping(dataset.api.http)
    tags = dataset.rest_on(TAGS, dataset.maybe(TAGS, api.partition_tags)) or ()
    if any(each.partition_id not in listed for each in tags):
        listed |= _listed(dataset, tags)
    left = {each.partition_id: each for each in tags if each.partition_id not in listed}
    return Partitions(tuple(listed.values()), tuple(left.values()))


def _listed(dataset: Dataset, tags: Sequence[Tag] = ()) -> dict[str, Partition]:
    """By pages until one is empty; of a dataset that has `tags` there has to be one."""
    found: dict[str, Partition] = {}
    offset = 0
    for _ in range(MOST_PAGES):
        page = _page(dataset, offset, tags)
        if not page:
            return found
        fresh = {each.partition_id: each for each in page if each.partition_id not in found}
        if not fresh:
            summary = "the list of partitions repeats itself, so it is not known to be complete"
            raise ProviderError(summary, hint="Plan again when nothing is written to the dataset.", retryable=True)
        found |= fresh
        offset += len(page)
    raise ProviderError("the list of partitions does not end", hint="Look at the dataset at Domo.")


def _page(dataset: Dataset, offset: int, tags: Sequence[Tag]) -> tuple[Partition, ...]:
    api = Keeping(dataset.api.http)
    try:
        page = api.page_of_partitions(dataset.id, offset, PAGE)
    except HttpError as failure:
        # Not learned for other datasets: should a server say so of one without partitions, another may have some.
        if not failure.absent or offset:
            raise
        dataset.prove()
        if tags:
            known = f"there are {len(tags)} partition tags and no list of those with data"
            raise ProviderError(f"{known}, so what is listed is not known to be complete") from failure
        page = ()
    return dataset.rest_on(f"{LIST} from {offset}", page)


def delete(dataset: Dataset, partitions: Sequence[Version]) -> None:
    """Delete partitions with their data, and have the rest indexed: until then queries still see what is gone."""
    api, unindexed = Keeping(dataset.api.http), False
    try:
        for partition in partitions:
            if partition.status != "emptied":
                _unless_gone(api.delete_partition_data, dataset, partition.id)
            unindexed = partition is not partitions[-1]
            if not unindexed:
                # The last tag is all that tells the next apply of an index that is still to come, should this one die.
                api.index(dataset.id)
            _unless_gone(api.delete_partition, dataset, partition.id)
    except ProviderError as failure:
        # Should nobody go on with the others, nothing else would have it indexed.
        if unindexed:
            failure.owed = partial(api.index, dataset.id)
        raise
    index(dataset)


def _unless_gone(send: Callable[[str, str], None], dataset: Dataset, tag: str) -> None:
    try:
        send(dataset.id, tag)
    except HttpError as failure:
        # A tag whose data is deleted may be gone with it; reading back tells whether all of it is.
        if failure.status != HTTPStatus.NOT_FOUND:
            raise
        dataset.prove()
