"""Bringing data in: open an upload, send its parts, commit; or send rows at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from reconciler.sandbox import jsontext, shapes
from reconciler.sandbox.domo import rights, times
from reconciler.sandbox.domo.datasets import Dataset, Json, index, load, method_of, save
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_ACTIONS = frozenset(["APPEND", "REPLACE", "UPSERT", "REPAIR"])
Rows = list[list[Any]]


def post_upload(call: Call) -> Answer:
    """Document 002, Append Row to Dataset and Upload CSV stage 1, which share a path (a slash at its end is fine)."""
    dataset = load(call, rights.EDIT)
    body = call.json_object() if call.request.body else {}
    newest = max([0, *(int(version["dataId"]) for version in dataset.versions)])
    number = max(newest, dataset.uploads.get("last", 0)) + 1
    tag = call.argument("restateDataTag") or call.argument("dataTag") or None
    dataset.uploads["last"] = number
    rows = _rows_in(dataset, body)
    if rows is not None and call.world.append_row == "appends":
        add_version(call, dataset, rows, "APPEND", tag=None, indexed=True)
        save(call, dataset, f"{len(rows)} rows appended.")
    else:
        dataset.uploads.setdefault("open", {})[str(number)] = {"parts": {}, "tag": tag, "committed": False}
        save(call, dataset, f"Upload {number} opened.")
    return json_answer({"dataSourceId": dataset.id, "uploadId": number, "requestedAsOf": times.millis(call.now)})


def put_part(call: Call) -> Answer:
    """Document 002, Upload CSV stage 2; every line is a row, there is no header (notes 1.14)."""
    dataset = load(call, rights.EDIT)
    upload = _open(call, dataset)
    if not call.request.headers.get("content-type", "").startswith("text/csv"):
        raise Refusal(400, "Content-Type must be text/csv")
    if not call.params["part"].isdigit():
        raise Refusal(400, "part must be a number")
    try:
        upload["parts"][call.params["part"]] = call.request.body.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "The part is not UTF-8") from None
    save(call, dataset, f"Part {call.params['part']} uploaded.")
    return json_answer({"uploadStatus": "success", "uploadMessage": ""})


def put_commit(call: Call) -> Answer:
    """Document 002, Upload CSV stage 3; `index` is a boolean, or one in a string (notes 1.14)."""
    dataset = load(call, rights.EDIT)
    upload = _open(call, dataset)
    body = call.json_object("action", "index")
    if body["action"] not in _ACTIONS or str(body["index"]).lower() not in {"true", "false"}:
        raise Refusal(400, "Invalid action or index")
    indexed = str(body["index"]).lower() == "true"
    tag = body.get("restateDataTag") or upload["tag"]
    text = "\n".join(upload["parts"][part].strip("\n") for part in sorted(upload["parts"], key=int))
    rows: Rows = [list(row) for row in csv.reader(io.StringIO(text)) if row]
    upload["committed"] = True
    add_version(call, dataset, rows, body["action"], tag=tag, indexed=indexed)
    save(call, dataset, f"Data committed: {body['action']}, {len(rows)} rows.")
    key = times.request_key(call.now) if indexed else None
    indexing = {"requestKey": key, "requested": indexed, "requestedOn": times.millis(call.now), "dataTag": tag}
    answer = {"dataSourceId": dataset.id, "uploadId": int(call.params["upload"]), "status": "success"}
    size = {"rowCount": len(rows), "columnCount": len(dataset.columns)}
    return json_answer({**answer, "size": size, "indexing": indexing, "dataTag": tag})


def add_version(call: Call, dataset: Dataset, rows: Rows, action: str, *, tag: str | None, indexed: bool) -> None:
    """Make a data version of rows; REPLACE takes the place of what was live, or live in its partition.

    A void one is listed as any other, and no query ever sees that it came.
    """
    number = max([0, *(int(version["dataId"]) for version in dataset.versions)]) + 1
    call.store.put(VENDOR, "rows", f"{dataset.id}/{number}", {"rows": rows})
    void = action == "REPLACE" and not rows and call.world.empty_replace == "leaves"
    if action == "REPLACE" and indexed and not void:
        for version in dataset.versions:
            if tag is None or version["sandbox"]["partition"] == tag:
                version["sandbox"] |= {"indexed": False, "replaced": True}
    dataset.versions.append(
        {
            "schemaId": dataset.schema_id,
            "dataId": number,
            "uploadStatus": "success",
            "recordedDate": times.iso(call.now),
            "uploadCompletedDate": times.iso(call.now),
            "numRows": len(rows),
            "numBytes": len(jsontext.write(rows)),
            "sandbox": {"indexed": False, "replaced": False, "partition": tag, "void": void, "action": action},
        }
    )
    if tag is not None:
        _tag(call, dataset, tag, number, len(rows))
    dataset.metadata["lastUpdated"] = times.millis(call.now)
    if indexed:
        index(dataset, [str(number)], method_of(call, dataset))


def _tag(call: Call, dataset: Dataset, tag: str, number: int, rows: int) -> None:
    dataset.partitions = [each for each in dataset.partitions if each["partitionId"] != tag]
    completed = times.iso(call.now).replace("Z", ".000+00:00")
    dataset.partitions.append({"dataId": number, "partitionId": tag, "dateCompleted": completed, "rowCount": rows})


def _open(call: Call, dataset: Dataset) -> Json:
    upload: Json | None = dataset.uploads.get("open", {}).get(call.params["upload"])
    if upload is None:
        raise Refusal(404, "Upload not found")
    if upload["committed"]:
        raise Refusal(409, "The upload is committed")
    return upload


def _rows_in(dataset: Dataset, body: Json) -> Rows | None:
    """Rows in the body of an append: a list of objects (002), or delimited values (003)."""
    if isinstance(body.get("data"), list):
        return as_rows(dataset, body["data"])
    if isinstance(body.get("values"), str):
        delimiter = shapes.text(body.get("delimiter", ","), "delimiter")
        if len(delimiter) != 1:
            raise Refusal(400, "delimiter must be one character")
        return [row for row in csv.reader([body["values"]], delimiter=delimiter) if row]
    return None


def as_rows(dataset: Dataset, objects: Sequence[Any]) -> Rows:
    """Objects as rows in the order of the columns; 400 for a column that is not there."""
    names = [column["name"] for column in dataset.columns]
    for each in objects:
        if not isinstance(each, dict) or set(each) - set(names):
            raise Refusal(400, "A row names a column that does not exist")
    return [[each.get(name) for name in names] for each in objects]
