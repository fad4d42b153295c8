"""What a request may set: known fields, values in the vendor's notation, and keys that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reconciler.sandbox.clarifai.errors import BAD_FORMAT, INVALID, Refused
from reconciler.sandbox.exchange import Call

Json = dict[str, Any]

_GETTABLE = {"PRIVATE": 10, "ORG": 30, "PUBLIC": 50}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a message, by who may set them (notes 1, Objects and PATCH semantics)."""

    created_with: frozenset[str]
    """Only when it is created."""
    patchable: frozenset[str]
    output: frozenset[str]
    """Only by the server; a request that holds one is served as if it did not."""


DATASET = Fields(
    frozenset(["id"]),
    frozenset(
        [
            *("description", "metadata", "visibility", "notes"),
            *("default_annotation_filter", "default_processing_info", "image"),
        ]
    ),
    frozenset(
        ["created_at", "modified_at", "app_id", "user_id", "version", "is_starred", "star_count", "bookmark_origin"]
    ),
)
VERSION = Fields(
    frozenset(["id", "annotation_filter_config", "model_predict_config", "processing_info", "embed_model_version_ids"]),
    frozenset(["description", "metadata", "visibility"]),
    frozenset(
        [
            *("created_at", "modified_at", "app_id", "user_id", "dataset_id"),
            *("status", "metrics", "export_info", "request_origin"),
        ]
    ),
)


def created(call: Call, given: Json, fields: Fields) -> Json:
    """What a new object takes from a request."""
    if "annotation_filter_config" in given and "model_predict_config" in given:
        raise Refused(INVALID, "data_config holds both annotation_filter_config and model_predict_config")
    return _taken(call, given, fields, fields.created_with | fields.patchable)


def patched(call: Call, before: Json, given: Json, fields: Fields) -> Json:
    """An object after a PATCH with `overwrite`: what is sent replaces, what is not sent stays."""
    return before | _taken(call, given, fields, fields.patchable)


def items(call: Call, name: str) -> list[Json]:
    """The objects of a request that carries a list of them; 11102 without any."""
    found = call.json_object().get(name)
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise Refused(INVALID, f"{name} must be a list of at least one object")
    return found


def ids(call: Call, name: str) -> list[str]:
    """The ids of a request that deletes; none at all is refused, for proxies strip the bodies of DELETE."""
    found = call.json_object().get(name) if call.request.body else None
    if not isinstance(found, list) or not found or "" in found:
        raise Refused(INVALID, f"{name} must be a list of at least one id")
    return list(dict.fromkeys(text(name, each) for each in found))


def text(name: str, value: object) -> str:
    """A string."""
    if not isinstance(value, str):
        raise Refused(BAD_FORMAT, f"{name} must be a string")
    return value


def action(call: Call, *allowed: str) -> str:
    """The action of a PATCH."""
    found = call.json_object().get("action", "overwrite")
    if found not in allowed:
        raise Refused(INVALID, f"action must be {' or '.join(allowed)}")
    return str(found)


def _taken(call: Call, given: Json, fields: Fields, settable: frozenset[str]) -> Json:
    known = fields.created_with | fields.patchable | fields.output
    unknown = [name for name in given if name not in known]
    if unknown and call.world.clarifai_unknown_keys == "refused":
        raise Refused(BAD_FORMAT, f'unknown field "{unknown[0]}"')
    kept = set(unknown) if call.world.clarifai_unknown_keys == "kept" else set()
    # A string has no presence in the protocol: an empty one cannot be told from one that was not sent.
    return {
        name: _value(name, value)
        for name, value in given.items()
        if name in settable | kept and value not in ("", None)
    }


def _value(name: str, value: Any) -> Any:
    if name == "visibility":
        return {"gettable": _gettable(value)}
    if name == "metadata":
        if not isinstance(value, dict):
            raise Refused(BAD_FORMAT, "metadata must be an object")
        return _struct(value)
    return text(name, value) if name in {"id", "description", "notes"} else value


def _gettable(value: Any) -> int:
    found = value.get("gettable") if isinstance(value, dict) else None
    number = _GETTABLE.get(found) if isinstance(found, str) else found
    if not isinstance(number, int) or number not in _GETTABLE.values():
        raise Refused(INVALID, "visibility.gettable must be PRIVATE, ORG or PUBLIC")
    return number


def _struct(value: Any) -> Any:
    """Every number of a protobuf Struct is a double: integers above 2^53 come back as another one."""
    match value:
        case Mapping():
            return {key: _struct(member) for key, member in value.items()}
        case bool() | str() | Decimal():
            return value
        case int():
            return _double(value)
        case Sequence():
            return [_struct(member) for member in value]
        case _:
            return value


def _double(value: int) -> int:
    try:
        return int(float(value))
    except OverflowError:
        raise Refused(BAD_FORMAT, "metadata holds a number that is no double") from None
