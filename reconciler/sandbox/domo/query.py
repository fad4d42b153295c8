"""Queries: SQL over the rows that are live, and the rows themselves."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import Any

from reconciler.sandbox.domo import rights
from reconciler.sandbox.domo.datasets import Dataset, live_versions, load, method_of, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.domo.uploads import add_version, as_rows
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_TABLE = re.compile(r"\bFROM\s+(`[^`]+`|\"[^\"]+\"|[\w.-]+)", re.IGNORECASE)


def post_execute(call: Call) -> Answer:
    """Document 002, Query with SQL: `sql` in the body, or in a `body` within it; the table may have any name."""
    dataset = load(call)
    body = call.json_object()
    inner = body.get("body")
    sql = inner.get("sql") if isinstance(inner, dict) else body.get("sql")
    if not isinstance(sql, str) or not sql.lstrip().upper().startswith("SELECT"):
        raise Refusal(400, "sql must be a SELECT statement")
    names, rows = _run(call, dataset, sql)
    if call.world.sql_answer == "rows":
        return json_answer([dict(zip(names, row, strict=True)) for row in rows])
    types = {column["name"]: column["type"] for column in dataset.columns}
    plain = {"dataSourceId": dataset.id, "maxLength": -1, "minLength": -1, "aggregated": False, "analytic": False}
    metadata = [{"type": types.get(name, "STRING"), **plain} for name in names]
    return json_answer(
        {
            "datasource": dataset.id,
            "device": "device-01",
            "columns": names,
            "metadata": metadata,
            "fromcache": "false",
            "numColumns": len(names),
            "rows": rows,
            "numRows": len(rows),
            "duration": "1",
        }
    )


def get_data(call: Call) -> Answer:
    """Document 002, Get Dataset Data."""
    dataset = load(call)
    return json_answer({"columns": [column["name"] for column in dataset.columns], "rows": _rows(call, dataset)})


def put_data(call: Call) -> Answer:
    """Document 002, Update Dataset Data: the rows that are sent become the rows."""
    dataset = load(call, rights.EDIT)
    data = call.json_object("data")["data"]
    if not isinstance(data, list):
        raise Refusal(400, "data must be an array")
    add_version(call, dataset, as_rows(dataset, data), "REPLACE", tag=None, indexed=True)
    save(call, dataset, f"Data replaced by {len(data)} rows.")
    return wrote(call)


def _rows(call: Call, dataset: Dataset) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for version in live_versions(dataset, method_of(call, dataset)):
        stored = call.store.get(VENDOR, "rows", f"{dataset.id}/{version['dataId']}") or {"rows": []}
        rows += stored["rows"]
    width = len(dataset.columns)
    return [(row + [None] * width)[:width] for row in rows]


def _run(call: Call, dataset: Dataset, sql: str) -> tuple[list[str], list[list[Any]]]:
    table = _quoted(found[1].strip('`"')) if (found := _TABLE.search(sql)) else '"table"'
    columns = ", ".join(f"{_quoted(each['name'])} {_AFFINITY[each['type']]}" for each in dataset.columns)
    rows = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in _rows(call, dataset)]
    try:
        with closing(sqlite3.connect(":memory:")) as scratch:
            scratch.execute(f"CREATE TABLE {table}({columns})")
            marks = ", ".join("?" * len(dataset.columns))
            scratch.executemany(f"INSERT INTO {table} VALUES({marks})", rows)
            cursor = scratch.execute(_TABLE.sub(f"FROM {table}", sql))
            return [each[0] for each in cursor.description], [list(row) for row in cursor]
    except (sqlite3.Error, OverflowError) as error:
        raise Refusal(400, f"Query failed: {error}") from None


_AFFINITY = {
    "STRING": "TEXT",
    "DATE": "TEXT",
    "DATETIME": "TEXT",
    "LONG": "INTEGER",
    "DOUBLE": "REAL",
    "DECIMAL": "NUMERIC",
}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
