"""A dataset's owner, and handing it over."""

from __future__ import annotations

from reconciler.sandbox.domo import principals, rights
from reconciler.sandbox.domo.datasets import Dataset, load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def get_owner(call: Call) -> Answer:
    """Document 002, Get Dataset Owner."""
    return json_answer({"owner": load(call).metadata["owner"]})


def put_owner(call: Call) -> Answer:
    """Document 002, Update Dataset Owner."""
    dataset = load(call, rights.ADMINISTER)
    owner = call.json_object("owner")["owner"]
    if not isinstance(owner, dict):
        raise Refusal(400, "owner must be an object")
    hand_over(call, dataset, owner.get("type", "USER"), owner.get("id"))
    return wrote(call)


def put_responsible(call: Call) -> Answer:
    """Observed, notes 1.12: the owner by user or by group."""
    dataset = load(call, rights.ADMINISTER)
    body = call.json_object()
    if "responsibleUserId" in body:
        hand_over(call, dataset, "USER", body["responsibleUserId"])
    elif "responsibleGroupId" in body:
        hand_over(call, dataset, "GROUP", body["responsibleGroupId"])
    else:
        raise Refusal(400, "Missing required parameter: responsibleUserId")
    return wrote(call)


def hand_over(call: Call, dataset: Dataset, kind: object, key: object) -> None:
    """Make somebody the owner, and leave the one before what this world leaves them."""
    if kind not in {"USER", "GROUP"}:
        raise Refusal(400, f"Invalid owner type: {kind}")
    kind, key = principals.check(call, kind, key)
    name = principals.name_of(call, kind, key)
    keeps = call.world.previous_owner
    kept = []
    for entry in dataset.permissions:
        if (entry["type"], entry["id"]) == (kind, key):
            continue
        if entry["accessLevel"] != "OWNER":
            kept.append(entry)
        elif keeps != "removed":
            kept.append({**entry, "accessLevel": keeps})
    dataset.permissions = [{"type": kind, "id": key, "accessLevel": "OWNER"}, *kept]
    dataset.metadata["owner"] = {"id": key, "name": name, "type": kind, "group": kind == "GROUP"}
    save(call, dataset, f"Owner changed to {kind} {key}.")
