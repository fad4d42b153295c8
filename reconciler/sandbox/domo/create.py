"""New datasets: made empty from a schema, and what the server tells of it afterwards."""

from __future__ import annotations

from reconciler.sandbox.domo import schema, times
from reconciler.sandbox.domo.datasets import born, load, save
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def post_dataset(call: Call) -> Answer:
    """Document 002, Create Dataset Copy: makes an empty dataset, names need not be unique (notes 1.11)."""
    body = call.json_object("userDefinedType", "dataSourceName", "schema")
    if not isinstance(body["schema"], dict):
        raise Refusal(400, "schema must be an object")
    name, kind = str(body["dataSourceName"]), str(body["userDefinedType"])
    dataset = born(call, name, kind)
    dataset.schema = {**body["schema"], "columns": schema.checked(body["schema"])}
    dataset.metadata["columnCount"] = len(dataset.columns)
    dataset.copied = times.millis(call.now)
    if "dataSourceDescription" in body:
        dataset.metadata["description"] = body["dataSourceDescription"]
    save(call, dataset, f"Dataset created with {len(dataset.columns)} columns.", "CREATE")
    source = {
        "dataSourceId": dataset.id,
        "dataSourceName": name,
        "type": kind,
        "responsibleUserId": call.actor,
        "created": times.millis(call.now),
        "lastUpdated": times.millis(call.now),
    }
    return json_answer({"dataSource": source, "schema": {"schemaId": dataset.schema_id, **dataset.schema}})


def get_copy_status(call: Call) -> Answer:
    """Document 002, Get Dataset Copy Status."""
    key, copied = _copied(call)
    if times.millis(call.now) < copied + times.millis(call.world.work_seconds):
        return json_answer({"status": "IN_PROGRESS", "message": "Dataset copy in progress.", "datasetId": key})
    return json_answer({"status": "COMPLETED", "message": "Dataset copy completed successfully.", "datasetId": key})


def get_copy_log(call: Call) -> Answer:
    """Document 002, Get Dataset Copy Log."""
    _copied(call)
    names = ", ".join(str(column["name"]) for column in load(call).columns)
    return json_answer({"log": [f"Schema copied: {names}", "Data copied: 0 rows"]})


def _copied(call: Call) -> tuple[str, int]:
    dataset = load(call)
    if dataset.copied is None:
        raise Refusal(404, "Not Found")
    return dataset.id, dataset.copied
