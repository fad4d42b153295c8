"""Indexing: what makes written data and schemas visible to queries."""

from __future__ import annotations

from reconciler.sandbox.domo import rights, times
from reconciler.sandbox.domo.datasets import Dataset, Json, load, method_of, rows_of, save, settle
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def post_index(call: Call) -> Answer:
    """Document 002, Index Dataset: no `dataIds` means all complete versions; the answer is that of notes 1.15."""
    dataset = load(call, rights.EDIT)
    data_ids = call.json_object().get("dataIds", []) if call.request.body else []
    return json_answer(_request(call, dataset, data_ids))


def post_index_short(call: Call) -> Answer:
    """Document 003, Index Dataset at /api/query/v1/datasources/{id}; no body, no documented answer."""
    _request(call, load(call, rights.EDIT), [])
    return wrote(call)


def put_index(call: Call) -> Answer:
    """Document 002, Index Dataset (Update): the same request once more."""
    dataset = load(call, rights.EDIT)
    request = _find(call, dataset)
    body = call.json_object()
    request |= {"dataIds": body.get("dataIds", []), "at": times.millis(call.now), "done": False}
    settle(call, dataset)
    save(call, dataset, f"Index {request['key']} updated.")
    return wrote(call)


def get_status(call: Call) -> Answer:
    """Document 002, Index Dataset Progress; the shape is that of notes 1.15."""
    dataset = load(call)
    request = _find(call, dataset)
    columns = [{"name": each["name"], "type": each["type"]} for each in dataset.indexed]
    rows = rows_of(dataset, method_of(call, dataset))
    progress: Json = {
        "status": "SUCCESS" if request["done"] else "PROCESSING",
        "progress": 100 if request["done"] else 0,
    }
    progress |= {"message": "", "requestKey": request["key"], "lastUpdate": times.millis(call.now)}
    progress["lastSuccessfulIndex"] = request["at"] if request["done"] else None
    detail = {"rowCount": rows, "columnCount": len(columns), "schema": columns}
    return json_answer({"dataSourceId": dataset.id, "detail": detail, "progress": progress})


def _request(call: Call, dataset: Dataset, data_ids: object) -> Json:
    if not isinstance(data_ids, list):
        raise Refusal(400, "dataIds must be an array")
    known = {str(version["dataId"]) for version in dataset.versions}
    if unknown := {str(each) for each in data_ids} - known:
        raise Refusal(400, f"Unknown data version: {min(unknown)}")
    taken = {each["key"] for each in dataset.indexes}
    at = call.now
    while (key := times.request_key(at)) in taken:
        at += 0.001
    dataset.indexes.append({"key": key, "at": times.millis(call.now), "dataIds": data_ids, "done": False})
    settle(call, dataset)
    save(call, dataset, f"Index {key} requested.")
    return {"requested": True, "requestedOn": times.millis(call.now), "requestKey": key, "dataTag": None}


def _find(call: Call, dataset: Dataset) -> Json:
    for request in dataset.indexes:
        if request["key"] == call.params["index"]:
            return request
    raise Refusal(404, "Index request not found")
