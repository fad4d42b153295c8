"""Writes to many datasets at once (notes 3, Bulk writes). A failure of a part comes with status 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.core.ports import ProviderError
from reconciler.core.words import Json
from reconciler.providers.http import Answer
from reconciler.providers.understanding import understand

from .endpoint import BULK, Endpoint, Endpoints, at


def _items(datasets: Sequence[str]) -> dict[str, Any]:
    return {"ids": list(datasets), "type": "DATA_SOURCE"}


def _whole(answer: Answer, what: str) -> None:
    failed: Json = answer.value.get("failed") if isinstance(answer.value, Mapping) else None
    if failed:
        raise ProviderError(f"{what} was not done everywhere", hint=f"Domo says: {failed}")


class Bulk(Endpoints):
    """Endpoints of bulk writes, each with its `/check`."""

    @at("POST", BULK + "/share", "observed")
    def bulk_share(self, here: Endpoint, datasets: Sequence[str], entries: Sequence[Mapping[str, str]]) -> None:
        """Notes 3, bulk writes: share; the level NONE revokes. Mails nobody."""
        entity = {"permissions": list(entries), "sendEmail": False}
        body = {"bulkItems": _items(datasets), "dataSourceShareEntity": entity}
        _whole(self.send(here, body=body), "sharing")

    @at("POST", BULK + "/tag", "observed")
    def bulk_add_tags(self, here: Endpoint, datasets: Sequence[str], tags: Sequence[str]) -> None:
        """Notes 3, bulk writes: tag. Adds in every world."""
        _whole(self.send(here, body={"bulkItems": _items(datasets), "tags": list(tags)}), "tagging")

    @at("POST", BULK + "/tag/delete", "observed")
    def bulk_delete_tags(self, here: Endpoint, dataset: str, tags: Sequence[str]) -> None:
        """Notes 3, bulk writes: tag/delete."""
        _whole(self.send(here, body={"bulkItems": _items([dataset]), "tags": list(tags)}), "the removal of tags")

    @at("POST", BULK + "/reassign", "observed")
    def bulk_reassign(self, here: Endpoint, datasets: Sequence[str], kind: str, principal: str) -> None:
        """Notes 1.12: one user or group as the owner of at most 50 datasets."""
        to = {"groupId" if kind == "GROUP" else "userId": principal}
        _whole(self.send(here, body={**_items(datasets), **to}), "the hand-over")

    @at("POST", BULK + "/{}/check", "observed", reads=True)
    def bulk_check(self, here: Endpoint, action: str, datasets: Sequence[str]) -> dict[str, object]:
        """Notes 3, bulk writes: which datasets a bulk write would take, and why not the others."""
        return understand(dict[str, object], self.get(here, action, body={"bulkItems": _items(datasets)}), "the check")

    @at("POST", BULK + "/tag/{}/check", "observed", reads=True)
    def bulk_tag_check(self, here: Endpoint, action: str, datasets: Sequence[str]) -> dict[str, object]:
        """Notes 3, bulk writes: the same for `tag/delete`."""
        return understand(dict[str, object], self.get(here, action, body={"bulkItems": _items(datasets)}), "the check")
