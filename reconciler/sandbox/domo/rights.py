"""Who is asking, and what they may do to a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.exchange import Call, Refusal

VENDOR = "domo"

# Each level may do what the levels before it may.
RANK: Mapping[str, int] = {
    "NONE": 0,
    "FEDERATED": 1,
    "CAN_VIEW": 1,
    "CAN_SHARE": 2,
    "CAN_EDIT": 3,
    "CO_OWNER": 4,
    "OWNER": 5,
}
READ, SHARE, EDIT, ADMINISTER = 1, 2, 3, 4

_CALLERS_VIEW = ("NONE", "READ", "READ_SHARE", "READ_WRITE_SHARE", "READ_WRITE_DELETE_SHARE_ADMIN")


def enter(call: Call) -> str:
    """The id of the user whose token came along; 401 without one (notes 1.0)."""
    headers = call.request.headers
    token = headers.get("x-domo-developer-token") or headers.get("x-domo-authentication")
    known = call.store.get("", "token", token) if token else None
    if known is None or call.store.get(VENDOR, "user", known["user"]) is None:
        raise Refusal(401, "Unauthorized")
    return str(known["user"])


def is_admin(call: Call) -> bool:
    """Whether the caller may do everything."""
    user = call.store.get(VENDOR, "user", call.actor) or {}
    return user.get("role") == "admin"


def my_groups(call: Call, user: str) -> set[str]:
    """The ids of the groups a user is in."""
    groups = call.store.all(VENDOR, "group")
    return {str(group["id"]) for group in groups if user in map(str, group.get("members", []))}


def identities(call: Call) -> frozenset[tuple[str, str]]:
    """Everything that an access list may call the caller: a user, and a member of groups."""
    return frozenset({("USER", call.actor), *(("GROUP", group) for group in my_groups(call, call.actor))})


def highest(mine: frozenset[tuple[str, str]], permissions: Sequence[Mapping[str, Any]]) -> int:
    """The highest rank that an access list gives to any of these."""
    return max((RANK[each["accessLevel"]] for each in permissions if (each["type"], each["id"]) in mine), default=0)


def rank(call: Call, permissions: Sequence[Mapping[str, Any]]) -> int:
    """The caller's rank: an admin's is the owner's."""
    return RANK["OWNER"] if is_admin(call) else highest(identities(call), permissions)


def require(call: Call, permissions: Sequence[Mapping[str, Any]], needed: int) -> None:
    """403 unless the caller's rank suffices."""
    if rank(call, permissions) < needed:
        raise Refusal(403, "Forbidden")


def callers_view(rank_of_caller: int) -> str:
    """The `permissions` of a dataset's metadata: what the caller may do, not who may do what (notes 1.1)."""
    return _CALLERS_VIEW[min(rank_of_caller, ADMINISTER)]
