"""Indexing: what makes written data and schemas visible on servers that only show what is indexed."""

from __future__ import annotations

from reconciler.providers.waiting import unfinished, wait_for

from .client.indexes import Indexes
from .dataset import Dataset

UNDERWAY = frozenset({"PENDING", "PROCESSING"})


def index(dataset: Dataset) -> None:
    """Have the dataset indexed and wait for it, but not longer than a minute, or a moment where it is to end.

    Raises:
        ProviderError: it is not done; what is to be indexed was accepted.
    """
    http = dataset.api.http
    api = Indexes(http)
    made = api.index(dataset.id)
    if made is None:
        return
    request = made.request_key
    progress = wait_for(
        http, lambda: api.index_status(dataset.id, request).progress, lambda each: each.status in UNDERWAY
    )
    if progress.status in UNDERWAY:
        raise unfinished(http, "what was written was accepted and is still being indexed")
