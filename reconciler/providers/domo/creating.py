"""Creating a dataset: sent once, then waited for. Once there is an id, nothing may lose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.core.changes import Element
from reconciler.core.ports import ProviderError
from reconciler.providers.waiting import unfinished, wait_for

from . import schema
from .dataset import Dataset
from .wire import CopyStatus

ENDPOINT = "copy/status"
UNDERWAY = frozenset({"IN_PROGRESS", "PENDING", "PROCESSING"})
DONE = "COMPLETED"


def created_id(answer: object) -> str:
    """The id of a created dataset (notes 1.11; the documents show no answer).

    Raises:
        ProviderError: there is none, and the dataset may exist.
    """
    holders = [answer, answer.get("dataSource")] if isinstance(answer, Mapping) else []
    for holder in reversed(holders):
        for name in ("dataSourceId", "id", "datasetId"):
            value = holder.get(name) if isinstance(holder, Mapping) else None
            if isinstance(value, str | int) and str(value):
                return str(value)
    summary = "Domo answered the creation without naming the new dataset's id"
    raise ProviderError(summary, hint="Look for it in Domo and write its id into the manifest.", uncertain=True)


def settle(dataset: Dataset, columns: Sequence[Element]) -> None:
    """Wait until the copy is made, where the server tells, and until its columns show.

    Raises:
        ProviderError: it failed, or is not done within a minute, or a moment where it is to end.
    """
    http = dataset.api.http
    status = wait_for(
        http, lambda: dataset.maybe(ENDPOINT, dataset.api.copy_status), lambda each: _status(each) in UNDERWAY
    )
    if _status(status) in UNDERWAY:
        raise unfinished(http, "Domo created the dataset and its copy is still being made")
    if status is not None and status.status != DONE:
        told = "; ".join(dataset.maybe("copy/log", dataset.api.copy_log) or ()) or status.message
        summary = f"Domo created the dataset and its copy is {status.status}: {told}"
        raise ProviderError(summary, hint="Look at the dataset in Domo.", uncertain=True)
    if not dataset.has(schema.LATEST, dataset.api.latest_schema):
        schema.show(dataset, columns)


def _status(answer: CopyStatus | None) -> str:
    return DONE if answer is None else answer.status
