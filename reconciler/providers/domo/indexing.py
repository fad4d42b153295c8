"""Indexing: what makes a written schema visible on servers that only show what is indexed."""

from __future__ import annotations

import time
from collections.abc import Callable

from reconciler.core.ports import ProviderError

from .dataset import Dataset

UNDERWAY = frozenset({"PENDING", "PROCESSING"})
BOUND = 60.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


def index(dataset: Dataset, sleep: Callable[[float], None] = time.sleep) -> None:
    """Have the dataset indexed and wait for it, but not longer than a minute.

    Raises:
        ProviderError: it is not done; the schema itself was accepted.
    """
    request = dataset.api.index(dataset.id).request_key
    waited, wait = 0.0, FIRST_WAIT
    while (status := dataset.api.index_status(dataset.id, request).progress.status) in UNDERWAY and waited < BOUND:
        sleep(wait)
        waited, wait = waited + wait, min(2 * wait, LONGEST_WAIT)
    if status in UNDERWAY:
        summary = "the schema was accepted and is still being indexed"
        raise ProviderError(summary, hint="Plan again in a few minutes.", retryable=True, uncertain=True)
