"""How a seed document becomes state: keys, apps, datasets and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from reconciler.sandbox.clarifai import times
from reconciler.sandbox.clarifai.exports import FORMATS
from reconciler.sandbox.clarifai.rights import KEYS, VENDOR, App
from reconciler.sandbox.clarifai.versions import EXPORTS, ORIGINS, STATUSES, status
from reconciler.sandbox.seeding import an_object, each, one_of, within
from reconciler.sandbox.store import Store

Json = dict[str, Any]


def plant(store: Store, document: Mapping[str, Any], now: float) -> None:
    """Write keys, apps and datasets; what is there already is written over."""
    with within("keys"):
        for token, key in an_object(document.get("keys", {})).items():
            store.put("", KEYS, token, key)
    each(document, "apps", partial(_app, store))
    each(document, "datasets", partial(_dataset, store, times.stamp(now)))


def _app(store: Store, given: Json) -> None:
    store.put(VENDOR, "app", App(given["user_id"], given["id"]).key(), given)


def _dataset(store: Store, now: str, given: Json) -> None:
    dataset = {name: value for name, value in given.items() if name != "versions"}
    app = App(given["user_id"], given["app_id"])
    created = given.get("created_at", now)
    dataset = {"created_at": created, "modified_at": created, "visibility": {"gettable": 10}, **dataset}
    store.put(VENDOR, "dataset", app.key(given["id"]), dataset)
    each(given, "versions", lambda version: _version(store, app, given["id"], {"created_at": now, **version}))


def _version(store: Store, app: App, dataset: str, given: Json) -> None:
    """Codes, origins and formats are named in a seed as a person would name them."""
    version = {"id": given["id"], "created_at": given["created_at"], "modified_at": given["created_at"]}
    version |= {"app_id": app.id, "user_id": app.user, "dataset_id": dataset}
    version |= {
        "visibility": {"gettable": 10},
        **given,
        "status": _status(STATUSES, given.get("status", 64015), "status"),
    }
    version["request_origin"] = one_of(ORIGINS, given.get("request_origin", "MANUAL"), "request_origin")
    with within("export_info"):
        exports = an_object(given.get("export_info", {}))
        version["export_info"] = {name: _export(name, code) for name, code in exports.items()}
    store.put(VENDOR, "version", app.key(dataset, given["id"]), version)


def _export(name: str, code: int) -> Json:
    return {"format": one_of(FORMATS, name.upper(), name), "status": _status(EXPORTS, code, name)}


def _status(known: Mapping[int, str], code: int, name: str) -> Json:
    one_of(known, code, name)
    return status(code)
