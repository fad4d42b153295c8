"""A dataset's columns: what is indexed, what was written last, and writing them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.domo import rights, times
from reconciler.sandbox.domo.datasets import load, save
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

OPTIONAL = ("objects", "views")
"""What an alteration may leave as it is."""
TYPES = frozenset(["STRING", "DECIMAL", "LONG", "DOUBLE", "DATE", "DATETIME"])


def get_indexed(call: Call) -> Answer:
    """Document 002, Get Dataset Schema. `order` is 0 for every column: the order is that of the list."""
    dataset = load(call)
    columns = dataset.columns if call.world.schema_visible == "at_once" else dataset.indexed
    hidden = call.flag("includeHidden", "false")
    shown = [_indexed(column) for column in columns if hidden or column.get("visible", True)]
    return json_answer({"name": "schema", "tables": [{"columns": shown}], "dataSourceId": dataset.id})


def get_latest(call: Call) -> Answer:
    """Observed, notes 1.9: the schema as last written."""
    dataset = load(call)
    columns = [
        {"type": each["type"], "name": each["name"], "id": _id(each), "visible": True, **each}
        for each in dataset.columns
    ]
    return json_answer({"schema": {**dataset.schema, "columns": columns}})


def post_schema(call: Call) -> Answer:
    """Document 002, Alter Dataset Schema: what is sent becomes the columns; the answer is from notes 1.10.

    So are what may be left out (objects and views), and what is lost with it (all else, such as upsert keys).
    """
    dataset = load(call, rights.EDIT)
    body = call.json_object("columns")
    columns = checked(body)
    if any(version["uploadStatus"] == "processing" for version in dataset.versions):
        raise Refusal(409, "A data version is being processed")
    kept = {name: dataset.schema[name] for name in OPTIONAL if name in dataset.schema}
    dataset.schema = {**kept, **body, "columns": columns}
    dataset.schema_id += 1
    dataset.metadata |= {"columnCount": len(columns), "lastUpdated": times.millis(call.now)}
    save(call, dataset, f"Schema changed: {', '.join(str(column['name']) for column in columns)}.")
    return json_answer({"schemaId": dataset.schema_id})


def checked(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of a schema; 400 unless each has a type that exists and a name of its own."""
    columns = body.get("columns")
    if not isinstance(columns, list):
        raise Refusal(400, "Missing required parameter: columns")
    names: set[str] = set()
    for column in columns:
        if not isinstance(column, dict) or not isinstance(column.get("name"), str) or not column["name"]:
            raise Refusal(400, "Each column needs a name")
        if column.get("type") not in TYPES:
            raise Refusal(400, f"Unknown type {column.get('type')} of column {column['name']}")
        if column["name"] in names:
            raise Refusal(400, f"Duplicate column name {column['name']}")
        names.add(column["name"])
    return columns


def _id(column: Mapping[str, Any]) -> Any:
    return column.get("id", column["name"])


def _indexed(column: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"name": column["name"], "id": _id(column), "type": column["type"], "visible": column.get("visible", True)}
    return {**shown, "order": 0, **{key: value for key, value in column.items() if key not in {*shown, "order"}}}
