"""What stands behind a dataset that is computed: its query, its SQL, its dataflow."""

from __future__ import annotations

from reconciler.sandbox.domo import rights
from reconciler.sandbox.domo.datasets import load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def get_query(call: Call) -> Answer:
    """Document 002, Get Dataset Query."""
    return _get(call, "query")


def put_query(call: Call) -> Answer:
    """Document 002, Update Dataset Query."""
    return _put(call, "query")


def get_sql(call: Call) -> Answer:
    """Document 002, Get Dataset SQL."""
    return _get(call, "sql")


def put_sql(call: Call) -> Answer:
    """Document 002, Update Dataset SQL."""
    return _put(call, "sql")


def get_dataflow(call: Call) -> Answer:
    """Document 002, Get Dataset Dataflow."""
    return _get(call, "dataflow")


def _get(call: Call, name: str) -> Answer:
    definition = load(call).definition
    if name not in definition:
        raise Refusal(404, f"The dataset has no {name}")
    return json_answer({name: definition[name]})


def _put(call: Call, name: str) -> Answer:
    dataset = load(call, rights.EDIT)
    text = call.json_object(name)[name]
    if not isinstance(text, str):
        raise Refusal(400, f"{name} must be a string")
    dataset.definition[name] = text
    save(call, dataset, f"The {name} changed.")
    return wrote(call)
