"""Whose key came along, which app it opens, and what it may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from reconciler.sandbox.clarifai.errors import INVALID, KEY_INVALID, KEY_UNKNOWN, NO_SCOPE, THROTTLED, Refused, missing
from reconciler.sandbox.exchange import Call

VENDOR = "clarifai"
KEYS = "clarifai-key"
"""Kind of the documents that hold keys; they lie beside the tokens, outside of what a snapshot shows."""

_SCOPES = {"GET": "Datasets_Get", "DELETE": "Datasets_Delete"}
_EMPTY_HEADER = "Empty or malformed authorization header. Please provide an API key or session token."


@dataclass(frozen=True, slots=True)
class App:
    """An app, by the ids in its path."""

    user: str
    id: str

    def key(self, *ids: str) -> str:
        """The id in the store of something in this app."""
        return "/".join(quote(each, safe="") for each in (self.user, self.id, *ids))


def enter(call: Call) -> str:
    """The id of the user whose key came along; the scheme is case-sensitive (recorded, notes 1)."""
    scheme, _, token = call.request.headers.get("authorization", "").partition(" ")
    if scheme != "Key" or not token:
        raise Refused(INVALID, _EMPTY_HEADER)
    key = call.store.get("", KEYS, token)
    if key is None:
        raise Refused(KEY_UNKNOWN, "invalid key(None)")
    _throttle(call, key["user"])
    needed = _SCOPES.get(call.request.method, "Datasets_Add")
    if needed not in key.get("scopes", [needed]):
        raise Refused(NO_SCOPE, f"Missing scope: {needed}")
    return str(key["user"])


def app_of(call: Call) -> App:
    """The app of the path, or of the key where the path has none; 11101 for one that the key does not open."""
    key = _key(call)
    if "app" not in call.params:
        if "app" not in key:
            raise Refused(KEY_INVALID, "Must provide app external ID in API authorizer")
        return App(key["user"], key["app"])
    app = App(user_of(call), call.params["app"])
    opened = app.user == key["user"] and app.id == key.get("app", app.id)
    if not opened or call.store.get(VENDOR, "app", app.key()) is None:
        raise missing("app_id", app.id)
    return app


def user_of(call: Call) -> str:
    """The user of the path; `me` is whoever asks."""
    return call.actor if call.params["user"] == "me" else call.params["user"]


def _key(call: Call) -> dict[str, Any]:
    return call.store.get("", KEYS, call.request.headers["authorization"].partition(" ")[2]) or {}


def _throttle(call: Call, user: str) -> None:
    """15 requests a second per user, all plans (notes 1, rate limits)."""
    limit = call.world.clarifai_throttle
    if not limit:
        return
    before = call.store.get("", "clarifai-throttle", user) or {"at": []}
    recent = [at for at in before["at"] if at > call.now - 1]
    if len(recent) >= limit:
        raise Refused(THROTTLED, f"exceeded limit of {limit} requests per second")
    call.store.put("", "clarifai-throttle", user, {"at": [*recent, call.now]})
