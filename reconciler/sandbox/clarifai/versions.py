"""The versions of a dataset: listed, read, added, changed and deleted."""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.sandbox.clarifai import fields, listing, times
from reconciler.sandbox.clarifai.datasets import find
from reconciler.sandbox.clarifai.errors import CONFLICT, MISSING, MIXED, Refused, answer, duplicate, missing
from reconciler.sandbox.clarifai.fields import Json
from reconciler.sandbox.clarifai.rights import VENDOR, app_of
from reconciler.sandbox.exchange import Answer, Call

KIND = "version"
ORIGINS = {"MANUAL": 1, "TRAINING": 2, "EVAL_GROUND_TRUTH": 3, "EVAL_PREDICTIONS": 4}
STATUSES = {
    64005: "Dataset version is pending",
    64010: "Dataset version is in progress",
    64015: "Dataset version is ready",
    64020: "Dataset version failed",
    64025: "Dataset version failed unexpectedly",
}
EXPORTS = {64200: "Export is ready", 64201: "Export is pending", 64202: "Export failed", 64203: "Export is in progress"}
_UNDERWAY = frozenset([64005, 64010, 64201, 64203])


def get_versions(call: Call) -> Answer:
    """Document 004, List dataset versions; in no promised order, of some origins only if asked (notes 1)."""
    app, dataset = _place(call)
    found = [shown(call, each) for each in call.store.all(VENDOR, KIND, app.key(dataset) + "/")]
    wanted = {ORIGINS.get(each, each) for each in call.arguments("request_origins")}
    if wanted:
        found = [each for each in found if wanted & {each["request_origin"], str(each["request_origin"])}]
    return answer(call, {"dataset_versions": listing.page(call, call.unordered(found))})


def get_version(call: Call) -> Answer:
    """Document 004, Get a dataset versions."""
    return answer(call, {"dataset_version": shown(call, load(call)[1])})


def post_versions(call: Call) -> Answer:
    """Document 004, Add a dataset version; made in the background (notes 1, Worked bodies)."""
    app, dataset = _place(call)
    made = []
    for index, given in enumerate(fields.items(call, "dataset_versions")):
        taken = fields.created(call, given, fields.VERSION)
        key = taken.get("id") or hashlib.sha256(f"{call.number}/{index}".encode()).hexdigest()[:32]
        if call.store.get(VENDOR, KIND, app.key(dataset, key)):
            raise duplicate(call, "dataset_version_id", key)
        now = times.stamp(call.now)
        version = {"id": key, "created_at": now, "modified_at": now, "app_id": app.id, "user_id": app.user}
        version |= {"dataset_id": dataset, "status": status(64005), "visibility": {"gettable": 10}, "export_info": {}}
        version |= {"request_origin": 1, **taken, "sandbox": {"began": call.now}}
        call.store.put(VENDOR, KIND, app.key(dataset, key), version)
        made.append(_bare(version))
    return answer(call, {"dataset_versions": made})


def patch_versions(call: Call) -> Answer:
    """Document 004, Change a dataset version; "only 'overwrite' action is supported" (notes 1)."""
    app, dataset = _place(call)
    fields.action(call, "overwrite")
    changed = []
    for given in fields.items(call, "dataset_versions"):
        key, before = load(call, fields.text("id", given.get("id", "")))
        after = fields.patched(call, before, given, fields.VERSION) | {"modified_at": times.stamp(call.now)}
        call.store.put(VENDOR, KIND, app.key(dataset, key), after)
        changed.append(shown(call, after))
    return answer(call, {"dataset_versions": changed})


def delete_versions(call: Call) -> Answer:
    """Document 004, Delete a dataset version; permanent (notes 1)."""
    app, dataset = _place(call)
    gone, refused = [], []
    for key in fields.ids(call, "dataset_version_ids"):
        refusal = _refusal(call, key)
        if refusal is None:
            call.store.remove(VENDOR, KIND, app.key(dataset, key))
            gone.append(key)
        elif refusal.reason != MISSING or call.world.missing_version == "refused":
            refused.append(refusal)
    if refused and not (gone and call.world.clarifai_delete == "partial"):
        raise refused[0]
    details = "; ".join([*(f"Dataset version '{key}' deleted" for key in gone), *(each.message for each in refused)])
    return answer(call, status=MIXED, details=details) if refused else answer(call, details=details)


def load(call: Call, key: str | None = None) -> tuple[str, Json]:
    """A version of the path, or of `key`, with its id; 11101 when there is none."""
    app, dataset = _place(call)
    key = call.params["version"] if key is None else key
    version = call.store.get(VENDOR, KIND, app.key(dataset, key))
    if version is None:
        raise missing("dataset_version_id", key)
    return key, version


def shown(call: Call, version: Json) -> Json:
    """A version as it is answered: as far as it has come."""
    beside = version.get("sandbox", {})
    now = dict(version)
    if "began" in beside:
        now["status"] = status((64005, 64010, 64015)[times.stage(call, beside["began"])])
    exports = {name: _export(call, each, version) for name, each in beside.get("exports", {}).items()}
    return _bare(now | {"export_info": {**version["export_info"], **exports}})


def status(code: int) -> dict[str, Any]:
    """The status of a version or of an export."""
    return {"code": code, "description": STATUSES.get(code) or EXPORTS[code]}


def _place(call: Call) -> tuple[Any, str]:
    app = app_of(call)
    return app, find(call, app, call.params["dataset"])["id"]


def _bare(version: Json) -> Json:
    return {name: value for name, value in version.items() if name != "sandbox"}


def _export(call: Call, begun: Json, version: Json) -> Json:
    code = (64201, 64203, 64200)[times.stage(call, begun["began"])]
    export = {"format": begun["format"], "status": status(code)}
    return export | ({"url": f"https://exports.invalid/{version['id']}"} if code == 64200 else {})  # noqa: PLR2004


def _refusal(call: Call, key: str) -> Refused | None:
    try:
        version = shown(call, load(call, key)[1])
    except Refused as refusal:
        return refusal
    codes = {version["status"]["code"], *(each["status"]["code"] for each in version["export_info"].values())}
    used = codes & _UNDERWAY or version["request_origin"] != ORIGINS["MANUAL"]
    if used and call.world.clarifai_used == "refused":
        return Refused(CONFLICT, f"Dataset version '{key}' is in use")
    return None
