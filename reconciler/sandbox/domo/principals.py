"""Users and groups: what an access list may name, and the look-ups of a live instance."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import rights
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Item, Refusal, json_answer

Json = dict[str, Any]

TYPES = frozenset(
    [
        *("USER", "GROUP", "CARD", "VIRTUAL_USER", "APPROVAL", "ENIGMA_FORM_INSTANCE"),
        *("DATA_APP", "DATA_APP_VIEW", "WORKFLOW", "REPORT_VIEW_PAGE"),
    ]
)
_KINDS = {"USER": "user", "GROUP": "group"}


def name_of(call: Call, kind: str, key: str) -> str | None:
    """The display name of a user or group."""
    found = call.store.get(VENDOR, _KINDS[kind], key) if kind in _KINDS else None
    return None if found is None else str(found["name"])


def check(call: Call, kind: object, key: object) -> tuple[str, str]:
    """A type and an id that an access list can take; 400 for an unknown type, user or group."""
    if not isinstance(kind, str) or kind not in TYPES:
        raise Refusal(400, f"Invalid entity type: {kind}")
    if not isinstance(key, (str, int)) or key == "":
        raise Refusal(400, "Missing required parameter: id")
    if kind in _KINDS and call.store.get(VENDOR, _KINDS[kind], str(key)) is None:
        raise Refusal(400, f"{kind} {key} does not exist")
    return kind, str(key)


def _number(key: object) -> object:
    """Ids of users and groups are numbers outside access lists (notes 1.0)."""
    return int(key) if isinstance(key, str) and key.isdigit() else key


def _user(call: Call, key: str) -> Json:
    found = call.store.get(VENDOR, "user", key)
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def _shown(user: Json) -> Json:
    body = {"id": _number(user["id"]), "displayName": user["name"], "userName": user["email"]}
    body |= {"emailAddress": user["email"], "role": user["role"].capitalize(), "active": user.get("active", True)}
    return body


def me(call: Call) -> Answer:
    """Observed, notes 3 Principals: the caller."""
    return json_answer(_shown(_user(call, call.actor)))


def get_user(call: Call) -> Answer:
    """Observed, notes 3 Principals: one user."""
    return json_answer(_shown(_user(call, call.params["user"])))


def get_users(call: Call) -> Answer:
    """Observed, notes 3 Principals: a page of users."""
    users = [_shown(user) for user in call.store.all(VENDOR, "user")]
    if call.argument("active"):
        users = [user for user in users if user["active"] == call.flag("active", "true")]
    return json_answer(page(call, users, 100))


def search_users(call: Call) -> Answer:
    """Observed, notes 3 Principals: users by id or by a text in their name or address."""
    body = call.json_object()
    users = [_shown(user) for user in call.store.all(VENDOR, "user")]
    if body.get("ids"):
        wanted = set(shapes.ids(body["ids"], "ids"))
        users = [user for user in users if str(user["id"]) in wanted]
    for each in shapes.mappings(body.get("filters", []), "filters"):
        text = str(each.get("text", "")).lower()
        users = [user for user in users if text in f"{user['displayName']} {user['emailAddress']}".lower()]
    offset, limit = cut(body.get("offset", 0), body.get("limit", 100))
    return json_answer({"users": users[offset : offset + limit], "count": len(users)})


def _group(group: Json) -> Json:
    body = {"groupId": _number(group["id"]), "id": _number(group["id"]), "name": group["name"]}
    body |= {"groupType": group.get("groupType", "closed"), "memberCount": len(group.get("members", []))}
    return body | {"owners": group.get("owners", [])}


def get_group(call: Call) -> Answer:
    """Observed, notes 3 Principals: one group."""
    found = call.store.get(VENDOR, "group", call.params["group"])
    if found is None:
        raise Refusal(404, "Not Found")
    return json_answer(_group(found))


def get_groups(call: Call) -> Answer:
    """Observed, notes 3 Principals: a page of groups, by a text in the name or by a member."""
    groups = call.store.all(VENDOR, "group")
    text, member = call.argument("search").lower(), call.argument("members")
    groups = [group for group in groups if text in group["name"].lower()]
    if member:
        groups = [group for group in groups if member in map(str, group.get("members", []))]
    descending = not call.flag("ascending", "true")
    groups.sort(key=lambda group: str(group["name"]).lower(), reverse=descending)
    return json_answer(page(call, [_group(group) for group in groups], 100))


def groups_of_user(call: Call) -> Answer:
    """Observed, notes 3 Principals: the groups a user is in."""
    user = str(_user(call, call.params["user"])["id"])
    mine = rights.my_groups(call, user)
    return json_answer([_group(group) for group in call.store.all(VENDOR, "group") if str(group["id"]) in mine])


def cut(offset: object, limit: object, most: int | None = None) -> tuple[int, int]:
    """An offset and a limit that make sense; 416 for others."""
    if not isinstance(offset, int) or not isinstance(limit, int) or offset < 0 or limit < 1:
        raise Refusal(416, "Invalid offset or limit")
    if most is not None and limit > most:
        raise Refusal(416, f"limit must not exceed {most}")
    return offset, limit


def page(call: Call, items: list[Item], default: int, most: int | None = None) -> list[Item]:
    """The page of a list that ?offset= and ?limit= ask for."""
    offset, limit = cut(call.number_of("offset", 0), call.number_of("limit", default), most)
    return items[offset : offset + limit]
