"""A dataset's metadata: read in full or by parts, and changed through its properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.domo import rights, times
from reconciler.sandbox.domo.datasets import Dataset, load, method_of, rows_of, save, show
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

# The fields that belong to a part; all others belong to `core`.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "core": (),
    "permission": ("permissions",),
    "status": ("status", "state", "validConfiguration", "validAccount"),
    "pdp": ("pdp",),
    "rowcolcount": ("rowCount", "columnCount"),
    "certification": ("certification",),
    "sharecount": ("shareCount",),
    "alertcount": ("alertCount",),
    "dataprovider": ("dataProviderType", "displayType", "accountId"),
    "features": ("adc", "adcExternal", "adcSource", "masked"),
    "impactcounts": ("cardInfo", "cardCount"),
    "functions": ("properties",),
    "cryo": ("cryoStatus",),
    "warnings": ("warnings",),
    "pharos": ("pharos",),
}


def get_metadata(call: Call) -> Answer:
    """Document 002, Get Metadata."""
    return json_answer(in_parts(call, show(call, load(call))))


def in_parts(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """The parts of the metadata that the request asks for; everything when it asks for none."""
    names = ("part", "requestedParts") if call.world.parts == "both" else (call.world.parts,)
    wanted = {part for name in names for part in call.arguments(name)}
    if not wanted:
        return body
    if unknown := wanted - set(_PARTS):
        raise Refusal(400, f"Unknown part: {min(unknown)}")
    fields = {name for part in wanted for name in _PARTS[part]} | {"id"}
    elsewhere = {name for part in _PARTS.values() for name in part}
    core = "core" in wanted
    return {name: value for name, value in body.items() if name in fields or (core and name not in elsewhere)}


def put_properties(call: Call) -> Answer:
    """Document 002, Change Dataset Properties; the keys for name and description are those of notes 1.8."""
    dataset = load(call, rights.EDIT)
    body = call.json_object()
    if not body:
        raise Refusal(400, "Missing required parameter: properties")
    meta = dataset.metadata
    for key, value in body.items():
        match key:
            case "dataSourceName" | "name":
                meta["name"] = value
            case "dataSourceDescription" | "description":
                meta["description"] = value
            case "dataProviderType":
                meta |= {"dataProviderType": value, "displayType": value, "type": value}
            case "properties" if isinstance(value, dict):
                meta["properties"] = {**meta.get("properties", {}), **value}
            case _:
                meta["properties"] = {**meta.get("properties", {}), key: value}
    if call.world.missing_description == "cleared" and "dataSourceName" in body and "dataSourceDescription" not in body:
        meta.pop("description", None)
    save(call, dataset, f"Properties changed: {', '.join(body)}.")
    return json_answer(show(call, dataset))


def put_provider(call: Call) -> Answer:
    """Observed, notes 1.8: the provider type alone."""
    dataset = load(call, rights.EDIT)
    kind = call.params["type"]
    dataset.metadata |= {"dataProviderType": kind, "displayType": kind, "type": kind}
    save(call, dataset, f"Data provider changed to {kind}.")
    return json_answer(value=True)


def get_details(call: Call) -> Answer:
    """Document 002, Get Dataset Details; the nested shape is that of notes 1.19."""
    dataset = load(call)
    return json_answer(_flat(call, dataset) if call.world.details_shape == "flat" else _nested(call, dataset))


def _flat(call: Call, dataset: Dataset) -> dict[str, Any]:
    meta = dataset.metadata
    return {
        "id": dataset.id,
        "name": meta.get("name"),
        "type": meta.get("type"),
        "owner": meta["owner"]["id"],
        "created": times.iso_of_millis(meta.get("created")),
        "lastUpdated": times.iso_of_millis(meta.get("lastUpdated")),
        "rowCount": meta.get("rowCount", rows_of(dataset, method_of(call, dataset))),
        "columnCount": meta.get("columnCount", len(dataset.columns)),
        "properties": {"dataProviderType": meta.get("dataProviderType"), "description": meta.get("description", "")},
        "schema": {"columns": [{"name": each["name"], "type": each["type"]} for each in dataset.columns]},
    }


def _nested(call: Call, dataset: Dataset) -> dict[str, Any]:
    meta = show(call, dataset)
    source = {
        "dataSourceId": dataset.id,
        "dataSourceName": meta.get("name"),
        "dataSourceDescription": meta.get("description", ""),
        "responsibleUserId": dataset.metadata["owner"]["id"],
        "tags": meta.get("tags", ""),
        "properties": meta.get("properties", {}),
    }
    status = {"status": "READY", "rowCount": meta.get("rowCount", 0), "columnCount": meta.get("columnCount", 0)}
    return {"dataSource": source, "_metaData": {"dataSourceStatus": status, "scheduledUpdate": meta.get("nextUpdate")}}


def get_cards(call: Call) -> Answer:
    """Document 002, Get Cards for a Dataset ID."""
    dataset = load(call)
    drill = call.flag("drill", "true")
    return json_answer([card for card in dataset.cards if drill or not card.get("drillPath")])
