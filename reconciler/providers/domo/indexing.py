"""Indexing: what makes written data and schemas visible on servers that only show what is indexed."""

from __future__ import annotations

import time
from collections.abc import Callable

from reconciler.core.ports import ProviderError

from .client.indexes import Indexes
from .dataset import Dataset
from .waiting import wait_for

UNDERWAY = frozenset({"PENDING", "PROCESSING"})


def index(dataset: Dataset, sleep: Callable[[float], None] = time.sleep) -> None:
    """Have the dataset indexed and wait for it, but not longer than a minute.

    Raises:
        ProviderError: it is not done; what is to be indexed was accepted.
    """
    api = Indexes(dataset.api.http)
    made = api.index(dataset.id)
    if made is None:
        return
    request = made.request_key
    progress = wait_for(
        lambda: api.index_status(dataset.id, request).progress, lambda each: each.status in UNDERWAY, sleep
    )
    if progress.status in UNDERWAY:
        summary = "what was written was accepted and is still being indexed"
        raise ProviderError(summary, hint="Plan again in a few minutes.", retryable=True, uncertain=True)
