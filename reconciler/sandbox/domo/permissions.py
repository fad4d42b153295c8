"""A dataset's access list: reading, sharing, revoking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import principals, rights
from reconciler.sandbox.domo.datasets import Dataset, load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.rights import RANK
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

Grant = tuple[str, str, str]


def get_permissions(call: Call) -> Answer:
    """Document 002, Dataset Access List and Get Dataset Permissions, which differ in shape."""
    listed = [each for each in load(call).permissions if _listed(call, each)]
    listed = call.unordered(listed)
    if call.world.permissions_key == "permissions":
        plain = [{"type": each["type"], "id": each["id"], "accessLevel": each["accessLevel"]} for each in listed]
        return json_answer({"permissions": plain})
    groups = sum(each["type"] == "GROUP" for each in listed)
    users = sum(each["type"] == "USER" for each in listed)
    shown = [_shown(call, each) for each in listed]
    return json_answer({"list": shown, "totalGroupCount": groups, "totalUserCount": users})


def get_current_user(call: Call) -> Answer:
    """Observed, notes 3 ACL in bulk: what the caller may do, as a bare string."""
    return json_answer(rights.callers_view(rights.rank(call, load(call).permissions)))


def post_share(call: Call) -> Answer:
    """Document 002, Share Dataset with Access permissions: touches only who is named (notes 1.4)."""
    dataset = load(call, rights.SHARE)
    body = call.json_object("permissions", "sendEmail")
    grants = read_grants(call, body["permissions"])
    share(call, dataset, grants)
    save(call, dataset, _told(grants))
    return wrote(call)


def put_permissions(call: Call) -> Answer:
    """Document 002, Update Dataset Permissions; takes one entry where it is as in notes 1.3."""
    dataset = load(call, rights.SHARE)
    if call.world.permissions_put == "single":
        grants = [read_grant(call, call.json_object("id", "type", "accessLevel"))]
    else:
        grants = read_grants(call, call.json_object("permissions")["permissions"])
    if call.world.permissions_put == "replaces":
        rights.require(call, dataset.permissions, rights.ADMINISTER)
        dataset.permissions = [each for each in dataset.permissions if each["accessLevel"] == "OWNER"]
        for grant in grants:
            put_entry(dataset, grant)
    else:
        share(call, dataset, grants)
    save(call, dataset, _told(grants))
    return wrote(call)


def delete_permission(call: Call) -> Answer:
    """Document 002, Revoke Dataset Access; document 003 has it for USER only."""
    dataset = load(call, rights.ADMINISTER)
    kind, key = call.params["type"], call.params["principal"]
    if kind not in principals.TYPES:
        raise Refusal(400, f"Invalid entity type: {kind}")
    if not _revoke(dataset, {(kind, key)}) and call.world.missing_grant == "refused":
        raise Refusal(404, f"{kind} {key} has no access")
    save(call, dataset, f"Access revoked: {kind} {key}.")
    return wrote(call)


def delete_user(call: Call) -> Answer:
    """Document 002, Remove user from dataset."""
    dataset = load(call, rights.ADMINISTER)
    key = call.params["user"]
    kinds = ("USER", "GROUP") if call.world.users_path == "groups_too" else ("USER",)
    if not _revoke(dataset, {(kind, key) for kind in kinds}) and call.world.missing_grant == "refused":
        raise Refusal(404, f"{key} has no access")
    save(call, dataset, f"Access revoked: {key}.")
    return wrote(call)


def delete_users(call: Call) -> Answer:
    """Document 002, Remove multiple users from dataset; who has no access is passed over."""
    dataset = load(call, rights.ADMINISTER)
    wanted = set()
    for entry in shapes.mappings(call.json_list(), "body"):
        if "id" not in entry or "type" not in entry:
            raise Refusal(400, "Each entry needs an id and a type")
        if entry["type"] != "USER" and call.world.users_path == "users":
            raise Refusal(400, f"Invalid entity type: {entry['type']}")
        wanted.add((str(entry["type"]), str(entry["id"])))
    _revoke(dataset, wanted)
    save(call, dataset, f"Access revoked: {', '.join(sorted(key for _, key in wanted))}.")
    return wrote(call)


def read_grants(call: Call, entries: object) -> list[Grant]:
    """The entries of an access list as sent; 400 unless each is complete and names somebody."""
    return [read_grant(call, entry) for entry in shapes.mappings(entries, "permissions")]


def read_grant(call: Call, entry: Mapping[str, Any]) -> Grant:
    """One entry of an access list as sent."""
    level = shapes.text(entry.get("accessLevel"), "accessLevel")
    if level not in RANK:
        raise Refusal(400, f"Invalid accessLevel: {level}")
    kind, key = principals.check(call, entry.get("type"), entry.get("id"))
    return kind, key, level


def share(call: Call, dataset: Dataset, grants: list[Grant]) -> None:
    """Give, change or (with NONE) take access; who is not CO_OWNER handles no level above CAN_SHARE."""
    limit = rights.rank(call, dataset.permissions)
    for grant in grants:
        now = level_of(dataset, *grant[:2])
        if limit < rights.ADMINISTER and (max(RANK[grant[2]], RANK[now]) > rights.SHARE or grant[2] == "NONE"):
            raise Refusal(403, "Forbidden")
        put_entry(dataset, grant)


def put_entry(dataset: Dataset, grant: Grant) -> None:
    """Write one entry. The owner's own is never lowered; owners are made by handing over, not by sharing."""
    kind, key, level = grant
    now = level_of(dataset, kind, key)
    if now == "OWNER":
        return
    if level == "OWNER":
        raise Refusal(400, "OWNER cannot be granted by sharing")
    if level == "NONE":
        _revoke(dataset, {(kind, key)})
        return
    for entry in dataset.permissions:
        if (entry["type"], entry["id"]) == (kind, key):
            entry["accessLevel"] = level
            return
    dataset.permissions.append({"type": kind, "id": key, "accessLevel": level})


def level_of(dataset: Dataset, kind: str, key: str) -> str:
    """The level that the list itself gives somebody."""
    found = (each["accessLevel"] for each in dataset.permissions if (each["type"], each["id"]) == (kind, key))
    return str(next(found, "NONE"))


def _revoke(dataset: Dataset, wanted: set[tuple[str, str]]) -> bool:
    going = [each for each in dataset.permissions if (each["type"], each["id"]) in wanted]
    if any(each["accessLevel"] == "OWNER" for each in going):
        raise Refusal(409, "The owner's access cannot be revoked")
    dataset.permissions = [each for each in dataset.permissions if each not in going]
    return bool(going)


def _listed(call: Call, entry: Mapping[str, Any]) -> bool:
    return call.world.owner_entry == "listed" or entry["accessLevel"] != "OWNER"


def _shown(call: Call, entry: Mapping[str, Any]) -> dict[str, Any]:
    name = principals.name_of(call, entry["type"], entry["id"]) or entry.get("name")
    shown = {"accessLevel": entry["accessLevel"], "id": entry["id"]}
    return shown | ({"name": name} if name else {}) | {"type": entry["type"]}


def _told(grants: list[Grant]) -> str:
    return f"Access set: {', '.join(f'{kind} {key} {level}' for kind, key, level in grants)}."
