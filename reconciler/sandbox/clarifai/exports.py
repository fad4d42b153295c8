"""Exports of a version: asked for, and asked again until they are there."""

from __future__ import annotations

from reconciler.sandbox.clarifai import fields, versions
from reconciler.sandbox.clarifai.errors import INVALID, Refused, answer
from reconciler.sandbox.clarifai.rights import VENDOR, app_of
from reconciler.sandbox.exchange import Answer, Call

FORMATS = {"CLARIFAI_DATA_PROTOBUF": 1, "COCO": 2, "CLARIFAI_DATA_JSON": 3}
_PLACES = {1: "clarifai_data_protobuf", 2: "coco", 3: "clarifai_data_json"}


def put_exports(call: Call) -> Answer:
    """Notes 1, PutDatasetVersionExports: begins an export, or tells how far it has come."""
    key, version = versions.load(call)
    asked = [_place(each.get("format")) for each in fields.items(call, "exports")]
    begun = version.setdefault("sandbox", {}).setdefault("exports", {})
    for place, number in asked:
        if place not in version["export_info"]:
            begun.setdefault(place, {"format": number, "began": call.now})
    call.store.put(VENDOR, versions.KIND, app_of(call).key(call.params["dataset"], key), version)
    exports = versions.shown(call, version)["export_info"]
    return answer(call, {"exports": [exports[place] for place, _ in asked]})


def _place(given: object) -> tuple[str, int]:
    number = FORMATS.get(given) if isinstance(given, str) else given
    if not isinstance(number, int) or number not in _PLACES:
        raise Refused(INVALID, f"format must be {' or '.join(FORMATS)}")
    return _PLACES[number], number
