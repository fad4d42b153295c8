"""Frictionless Table Schema: columns and their types, and which dataset has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .told import NATIVE, Taker, Told, identifier, native

TYPE = "reconciler:type"
RENAMED = "reconciler:renamedFrom"
NAME = "reconciler:name"
ID = "reconciler:id"

Object = dict[str, Any]


def written(told: Told) -> tuple[Object, tuple[str, ...]]:
    """A table schema. Without columns there is nothing to say."""
    columns = told.spec.get("schema", {}).get("columns", [])
    lost = tuple(key for key in told.spec if key != "schema")
    own = {NAME: told.name} if told.id is None else {NAME: told.name, ID: told.id}
    return {**own, "fields": [_field(column) for column in columns]}, lost


def _field(column: Mapping[str, Any]) -> Object:
    renamed = {RENAMED: column["renamedFrom"]} if "renamedFrom" in column else {}
    return {"name": column["name"], "type": NATIVE.get(column["type"], "any"), TYPE: column["type"], **renamed}


def understood(document: Any) -> tuple[Told, ...]:
    """One dataset.

    Raises:
        ValueError: it has no fields.
    """
    schema = Taker(document)
    fields = schema.each("fields")
    if not fields:
        msg = "it is not a table schema; those have `fields`"
        raise ValueError(msg)
    schema.take("$schema")
    name = str(schema.take(NAME, str) or schema.take("name", str) or schema.take("title", str) or "table")
    columns = [_column(field) for field in fields]
    known = [column for column in columns if column is not None]
    spec = {"schema": {"columns": known}} if len(known) == len(columns) else {}
    known_as = identifier(schema.take(ID))
    return (Told(name, spec, known_as, schema.lost),)


def _column(field: Taker) -> Object | None:
    own, general = field.take(TYPE, str), field.take("type", str, "string")
    name, kind = field.take("name", str), own or native(general)
    if not name or not kind:
        field.give_back("type", general)
        return None
    renamed = field.take(RENAMED, str)
    return {"name": name, "type": kind, **({"renamedFrom": renamed} if renamed else {})}
