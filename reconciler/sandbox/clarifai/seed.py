"""How a seed document becomes state: keys, apps, datasets and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.clarifai import times
from reconciler.sandbox.clarifai.exports import FORMATS
from reconciler.sandbox.clarifai.rights import KEYS, VENDOR, App
from reconciler.sandbox.clarifai.versions import ORIGINS, status
from reconciler.sandbox.store import Store

Json = dict[str, Any]


def plant(store: Store, document: Mapping[str, Any], now: float) -> None:
    """Write keys, apps and datasets; what is there already is written over."""
    for token, key in document.get("keys", {}).items():
        store.put("", KEYS, token, key)
    for given in document.get("apps", []):
        store.put(VENDOR, "app", App(given["user_id"], given["id"]).key(), given)
    for given in document.get("datasets", []):
        dataset = {name: value for name, value in given.items() if name != "versions"}
        app = App(given["user_id"], given["app_id"])
        created = given.get("created_at", times.stamp(now))
        dataset = {"created_at": created, "modified_at": created, "visibility": {"gettable": 10}, **dataset}
        store.put(VENDOR, "dataset", app.key(given["id"]), dataset)
        for version in given.get("versions", []):
            _version(store, app, given["id"], {"created_at": times.stamp(now), **version})


def _version(store: Store, app: App, dataset: str, given: Json) -> None:
    """Codes, origins and formats are named in a seed as a person would name them."""
    version = {"id": given["id"], "created_at": given["created_at"], "modified_at": given["created_at"]}
    version |= {"app_id": app.id, "user_id": app.user, "dataset_id": dataset}
    version |= {"visibility": {"gettable": 10}, **given, "status": status(given.get("status", 64015))}
    version["request_origin"] = ORIGINS[given.get("request_origin", "MANUAL")]
    version["export_info"] = {
        name: {"format": FORMATS["COCO" if name == "coco" else name.upper()], "status": status(code)}
        for name, code in given.get("export_info", {}).items()
    }
    store.put(VENDOR, "version", app.key(dataset, given["id"]), version)
