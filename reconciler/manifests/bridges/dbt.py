"""The `models` of dbt's schema.yml: columns, tags, and meta for everything that dbt has no word for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .told import Taker, Told, beside, identifier

OWN = "reconciler"

Object = dict[str, Any]


def written(told: Told) -> tuple[Object, tuple[str, ...]]:
    """A schema.yml with one model; every part of a manifest has a place in it."""
    spec = dict(told.spec)
    columns = spec.pop("schema", {}).get("columns", [])
    tags = spec.get("tags")
    own: Object = {} if told.id is None else {"id": told.id}
    if tags is not None:
        own["tags"] = {key: value for key, value in tags.items() if key != "values" or value == []}
    own |= {key: value for key, value in spec.items() if key != "tags"}
    config: Object = {"tags": tags["values"]} if tags and tags.get("values") else {}
    config |= {"meta": {OWN: own}} if own else {}
    model: Object = {"name": told.name, **({"config": config} if config else {})}
    if columns:
        model["columns"] = [_column(column) for column in columns]
    return {"version": 2, "models": [model]}, ()


def _column(column: Mapping[str, Any]) -> Object:
    rest = {key: value for key, value in column.items() if key not in {"name", "type"}}
    meta = {"config": {"meta": {OWN: rest}}} if rest else {}
    return {"name": column["name"], "data_type": column["type"], **meta}


def understood(document: Any) -> tuple[Told, ...]:
    """A dataset for each model.

    Raises:
        ValueError: it has no models.
    """
    top = Taker(document)
    top.take("version")
    models = top.each("models")
    if not models:
        msg = "it has no models; dbt's schema.yml lists them under `models`"
        raise ValueError(msg)
    told = [_model(model, number) for number, model in enumerate(models)]
    lost = top.lost
    return tuple(Told(each.name, each.spec, each.id, _of(lost, number)) for number, each in enumerate(told))


def _of(lost: tuple[str, ...], number: int) -> tuple[str, ...]:
    """What was lost of one model; what belongs to no model is told with the first."""
    mine = f"models[{number}]."
    return tuple(path for path in lost if path.startswith(mine) or (not number and not path.startswith("models[")))


def _model(model: Taker, number: int) -> Told:
    config = model.inside("config")
    own = _own(model, config)
    columns = [_read(column) for column in model.each("columns")]
    known = [column for column in columns if column is not None]
    spec: Object = {"schema": {"columns": known}} if known and len(known) == len(columns) else {}
    values = list(model.take("tags", list, []))
    values += [word for word in _words(config) if word not in values] if values else _words(config)
    tags = own.pop("tags", None)
    if tags is not None or values:
        spec["tags"] = beside(tags, "values", values)
    known_as = identifier(own.pop("id", None))
    return Told(str(model.take("name", str, f"model {number + 1}")), {**spec, **own}, known_as)


def _words(config: Taker) -> list[Any]:
    one = config.take("tags", str)
    return [one] if one else list(config.take("tags", list, []))


def _own(*holders: Taker) -> Object:
    """What `written` put into meta; dbt takes it in two places."""
    found: Object = {}
    for holder in holders:
        own = holder.inside("meta").take(OWN, Mapping, {})
        found |= own
    return found


def _read(column: Taker) -> Object | None:
    own = _own(column, column.inside("config"))
    name, kind = column.take("name", str), column.take("data_type", str)
    if not name or not kind:
        column.give_back("name", name or "(no name)")
        return None
    return {"name": name, "type": kind, **own}
