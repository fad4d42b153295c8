"""Writes to many datasets at once, which succeed in parts, and the question beforehand whether they would."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import owner, permissions, rights
from reconciler.sandbox.domo.datasets import Dataset, load, save
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_MOST = 50


def post_share(call: Call) -> Answer:
    """Observed, notes 3 Bulk writes: share; NONE revokes."""
    body = call.json_object("bulkItems", "dataSourceShareEntity")
    entity = shapes.mapping(body["dataSourceShareEntity"], "dataSourceShareEntity")
    grants = permissions.read_grants(call, entity.get("permissions"))

    def share(dataset: Dataset) -> None:
        permissions.share(call, dataset, grants)
        save(call, dataset, "Access set in bulk.")

    return _each(call, body["bulkItems"], rights.SHARE, share)


def post_tag(call: Call) -> Answer:
    """Observed, notes 3 Bulk writes: add tags; it adds in every world."""
    return _tags(call, lambda before, sent: before + [tag for tag in sent if tag not in before])


def post_tag_delete(call: Call) -> Answer:
    """Observed, notes 3 Bulk writes: remove tags."""
    return _tags(call, lambda before, sent: [tag for tag in before if tag not in sent])


def post_reassign(call: Call) -> Answer:
    """Observed, notes 1.12: hand over to a user or a group."""
    body = call.json_object("type", "ids")
    kind = "USER" if "userId" in body else "GROUP"
    to = body.get("userId", body.get("groupId"))
    return _each(call, body, rights.ADMINISTER, lambda dataset: owner.hand_over(call, dataset, kind, to))


def post_check(call: Call) -> Answer:
    """Observed, notes 3 Bulk writes: which items the write beside it would take."""
    body = call.json_object()
    items = shapes.mapping(body.get("bulkItems", body), "bulkItems")
    needed = {"share": rights.SHARE, "reassign": rights.ADMINISTER}.get(call.params["action"], rights.EDIT)
    valid, invalid = [], {}
    for key in shapes.ids(items.get("ids"), "ids"):
        try:
            load(call, needed, key)
            valid.append(key)
        except Refusal as refusal:
            invalid[key] = "DELETED" if refusal.status == 404 else "NO_ACCESS"  # noqa: PLR2004 - its name is a number
    return json_answer({"validItems": valid, "invalidItems": invalid, "typeValid": items.get("type") == "DATA_SOURCE"})


def _tags(call: Call, change: Callable[[list[str], list[str]], list[str]]) -> Answer:
    body = call.json_object("bulkItems", "tags")
    sent = shapes.ids(body["tags"], "tags")

    def tag(dataset: Dataset) -> None:
        dataset.tags = change(dataset.tags, sent)
        save(call, dataset, "Tags changed in bulk.")

    return _each(call, body["bulkItems"], rights.EDIT, tag)


def _each(call: Call, sent: object, needed: int, write: Callable[[Dataset], None]) -> Answer:
    """Write to each item. An unknown id fails the whole batch, a missing right only its own item (notes 3)."""
    items = shapes.mapping(sent, "bulkItems")
    ids = shapes.ids(items.get("ids"), "ids")
    unknown = any(call.store.get(VENDOR, "dataset", key) is None for key in ids)
    if items.get("type") != "DATA_SOURCE" or len(ids) > _MOST or unknown:
        raise Refusal(400, "Request payload includes invalid ids")
    failed, successful = {}, []
    for key in ids:
        try:
            with call.store.transaction():
                write(load(call, needed, key))
            successful.append(key)
        except Refusal as refusal:
            failed[key] = refusal.message
    return json_answer({"failed": failed, "successful": successful})
