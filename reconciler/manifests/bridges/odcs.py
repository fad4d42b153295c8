"""The Open Data Contract Standard v3 (Bitol): schema, tags, team, roles; the rest as custom properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .told import NATIVE, Taker, Told, beside, identifier, native

VERSION = "v3.1.0"
OWN = "reconciler."
OWNER = "owner"
CUSTOM = "customProperties"

Object = dict[str, Any]


def written(told: Told) -> tuple[Object, tuple[str, ...]]:
    """A contract; every part of a manifest has a place in it."""
    spec = dict(told.spec)
    contract: Object = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": told.id or told.name,
        "name": told.name,
        "version": "1.0.0",
        "status": "active",
    }
    own: Object = {} if told.id is None else {"id": told.id}
    if (schema := spec.pop("schema", None)) is not None:
        properties = [_property(column) for column in schema["columns"]]
        contract["schema"] = [{"name": told.name, "logicalType": "object", "properties": properties}]
    if (tags := spec.pop("tags", None)) is not None:
        contract["tags"] = tags.get("values", [])
        own["tags"] = {key: value for key, value in tags.items() if key != "values" or value == []}
    if (owner := spec.pop("owner", None)) is not None:
        contract["team"] = {"members": [{"username": owner["principal"], "role": OWNER}]}
    if (permissions := spec.pop("permissions", None)) is not None:
        contract["roles"] = [_role(grant) for grant in permissions.get("grants", [])]
        own["permissions"] = {key: value for key, value in permissions.items() if key != "grants" or value == []}
    own |= spec
    contract |= _custom(own)
    return {key: value for key, value in contract.items() if value != []}, ()


def _property(column: Mapping[str, Any]) -> Object:
    # The standard's schema takes a property without a logical type for a map that lacks its keys.
    word = NATIVE.get(column["type"], "string")
    logical = {"logicalType": "timestamp" if word == "datetime" else word}
    rest = {key: value for key, value in column.items() if key not in {"name", "type"}}
    return {"name": column["name"], **logical, "physicalType": column["type"], **_custom(rest)}


def _role(grant: Mapping[str, Any]) -> Object:
    rest = {key: value for key, value in grant.items() if key not in {"principal", "access", "reason"}}
    reason = {"description": grant["reason"]} if "reason" in grant else {}
    return {"role": grant["principal"], "access": grant["access"], **reason, **_custom(rest)}


def _custom(values: Mapping[str, Any]) -> Object:
    return {CUSTOM: [{"property": OWN + key, "value": value} for key, value in values.items()]} if values else {}


def understood(document: Any) -> tuple[Told, ...]:
    """A dataset for each object of the contract's schema; for a contract without one, a single dataset.

    Raises:
        ValueError: it is no contract of version 3.
    """
    contract = Taker(document)
    version = str(contract.take("apiVersion", str, ""))
    if contract.take("kind") != "DataContract" or not version.startswith("v3."):
        msg = "it is not an Open Data Contract of version 3 (kind: DataContract, apiVersion: v3.…)"
        raise ValueError(msg)
    for key in ("version", "status"):
        contract.take(key)
    title = str(contract.take("name", str) or contract.take("id", str) or "contract")
    contract.take("id")
    shared = _shared(contract)
    objects = contract.each("schema")
    told = [_object(item, title if len(objects) == 1 else None) for item in objects] or [(title, None)]
    known = identifier(shared.pop("id", None))
    lost = contract.lost
    return tuple(
        Told(name, {**({"schema": {"columns": columns}} if columns else {}), **shared}, known, lost)
        for name, columns in told
    )


def _shared(contract: Taker) -> Object:
    """What the contract says of all its objects."""
    own = _own(contract)
    spec: Object = {key: own.pop(key) for key in list(own)}
    tags, values = spec.pop("tags", None), contract.take("tags", list)
    if tags is not None or values is not None:
        spec["tags"] = beside(tags, "values", values)
    if (owner := _owner(contract)) is not None:
        spec["owner"] = {"principal": owner}
    permissions, grants = spec.pop("permissions", None), [_grant(role) for role in contract.each("roles")]
    taken = [grant for grant in grants if grant is not None]
    if permissions is not None or taken:
        spec["permissions"] = beside(permissions, "grants", taken)
    return spec


def _owner(contract: Taker) -> str | None:
    """The one owner in the team: an object since version 3.1, a list before."""
    members = contract.each("team") or contract.inside("team").each("members")
    for member in members:
        if str(member.take("role", str, "")).lower() == OWNER and (name := member.take("username", str)):
            return str(name) if ":" in name else f"user:{name}"
    return None


def _grant(role: Taker) -> Object | None:
    own = _own(role)
    name, access = role.take("role", str), role.take("access", str)
    if not name or not access or not name.startswith(("user:", "group:")):
        # A role of somebody's warehouse is nobody here.
        role.give_back("role", name or access)
        return None
    reason = role.take("description", str)
    return {"principal": name, "access": access, **own, **({"reason": reason} if reason else {})}


def _object(item: Taker, title: str | None) -> tuple[str, list[Object] | None]:
    item.take("logicalType")
    name = item.take("name", str)
    columns = [_column(column) for column in item.each("properties")]
    known = [column for column in columns if column is not None]
    return str(title or name or "object"), known if known and len(known) == len(columns) else None


def _column(column: Taker) -> Object | None:
    own = _own(column)
    physical, logical = column.take("physicalType", str), column.take("logicalType", str)
    name, kind = column.take("name", str), physical or (native(logical) if logical else None)
    if not name or not kind:
        column.give_back("logicalType", logical or "(no type)")
        return None
    return {"name": name, "type": kind, **own}


def _own(holder: Taker) -> Object:
    """What `written` put into custom properties; those of others stay, and are lost."""
    found: Object = {}
    for custom in holder.each(CUSTOM):
        key = custom.take("property", str, "")
        if key.startswith(OWN):
            found[key.removeprefix(OWN)] = custom.take("value")
        else:
            custom.give_back("property", key)
    return found
