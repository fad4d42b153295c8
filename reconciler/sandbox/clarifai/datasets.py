"""The datasets of an app: listed, read, added, changed and deleted, several at once or not at all."""

from __future__ import annotations

import hashlib

from reconciler.sandbox.clarifai import fields, listing, times
from reconciler.sandbox.clarifai.errors import INVALID, Refused, answer, duplicate, missing
from reconciler.sandbox.clarifai.fields import Json
from reconciler.sandbox.clarifai.rights import VENDOR, App, app_of, user_of
from reconciler.sandbox.exchange import Answer, Call

KIND = "dataset"
_SORTS = ("created_at", "modified_at", "id")


def get_datasets(call: Call) -> Answer:
    """Notes 1, ListDatasets of an app; bookmarks only if asked."""
    app = app_of(call)
    return _listed(call, call.store.all(VENDOR, KIND, app.key() + "/"))


def get_users_datasets(call: Call) -> Answer:
    """Notes 1, ListDatasets of a user: of all apps that the key opens."""
    user = user_of(call)
    if user != call.actor:
        raise missing("user_id", user)
    return _listed(call, call.store.all(VENDOR, KIND, App(user, "").key()))


def get_dataset(call: Call) -> Answer:
    """Notes 1, GetDataset."""
    return answer(call, {"dataset": find(call, app_of(call), call.params["dataset"])})


def post_datasets(call: Call) -> Answer:
    """Notes 1, PostDatasets: atomic."""
    app = app_of(call)
    made = []
    for index, given in enumerate(fields.items(call, "datasets")):
        taken = fields.created(call, given, fields.DATASET)
        key = taken.get("id") or hashlib.sha256(f"{call.number}/{index}".encode()).hexdigest()[:32]
        if call.store.get(VENDOR, KIND, app.key(key)):
            raise duplicate(call, "dataset_id", key)
        now = times.stamp(call.now)
        dataset = {"id": key, "created_at": now, "modified_at": now, "app_id": app.id, "user_id": app.user}
        dataset |= {"visibility": {"gettable": 10}, **taken}
        call.store.put(VENDOR, KIND, app.key(key), dataset)
        made.append(dataset)
    return answer(call, {"datasets": made})


def patch_datasets(call: Call) -> Answer:
    """Notes 1, PatchDatasets: atomic. `remove` takes the cover image away, nothing else."""
    app, action = app_of(call), fields.action(call, "overwrite", "merge", "remove")
    changed = []
    for given in fields.items(call, "datasets"):
        before = find(call, app, fields.text("id", given.get("id", "")))
        after = _without_image(before, given) if action == "remove" else _overwritten(call, before, given, action)
        after |= {"modified_at": times.stamp(call.now)}
        call.store.put(VENDOR, KIND, app.key(before["id"]), after)
        changed.append(after)
    return answer(call, {"datasets": changed})


def delete_datasets(call: Call) -> Answer:
    """Notes 1, DeleteDatasets: permanent, their versions too."""
    app = app_of(call)
    for key in fields.ids(call, "dataset_ids"):
        find(call, app, key)
        call.store.remove(VENDOR, KIND, app.key(key))
        for version in call.store.all(VENDOR, "version", app.key(key) + "/"):
            call.store.remove(VENDOR, "version", app.key(key, version["id"]))
    return answer(call)


def find(call: Call, app: App, key: str) -> Json:
    """A dataset; 11101 when there is none."""
    dataset = call.store.get(VENDOR, KIND, app.key(key))
    if dataset is None:
        raise missing("dataset_id", key)
    return dataset


def _listed(call: Call, found: list[Json]) -> Answer:
    by = next((name for name in _SORTS if call.argument(f"sort_by_{name}").lower() == "true"), "modified_at")
    upwards = call.argument("sort_ascending").lower() == "true"
    bookmarks = call.argument("bookmark").lower() == "true"
    own = [each for each in found if bookmarks == ("bookmark_origin" in each)]
    own.sort(key=lambda each: str(each[by]), reverse=not upwards)
    return answer(call, {"datasets": listing.page(call, own)})


def _overwritten(call: Call, before: Json, given: Json, action: str) -> Json:
    after = fields.patched(call, before, given, fields.DATASET)
    if action == "merge" and "metadata" in given:
        after["metadata"] = _merged(before.get("metadata", {}), after["metadata"])
    return after


def _merged(old: Json, new: Json) -> Json:
    """A deep merge; lists are appended, whatever they hold, so merging twice is not merging once (notes 1)."""
    merged = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, dict) and value and isinstance(before, dict):
            merged[name] = _merged(before, value)
        elif isinstance(value, list) and value and isinstance(before, list):
            merged[name] = [*before, *value]
        elif value is not None:
            merged[name] = value
    return merged


def _without_image(before: Json, given: Json) -> Json:
    if given.get("image") is None or given["image"] != before.get("image"):
        raise Refused(INVALID, "remove takes the image that the dataset has")
    return {name: value for name, value in before.items() if name != "image"}
