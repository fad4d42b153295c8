"""What a model refuses, in words and with a place: pydantic's errors to diagnostics."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import did_you_mean, nearest

from .yaml import Document

PLAIN = {
    "string_type": "should be text; if it looks like a number, a date or true/false, put it in quotes",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list",
    "dict_type": "should be a mapping of keys to values",
    "model_type": "should be a mapping of keys to values",
    "model_attributes_type": "should be a mapping of keys to values",
}
NOTHING = "nothing stands behind it; write a value ([] for none), or remove the key"
PATTERNS = {
    "^(user|group):(#.+|[^#].*)$": "should be user:KEY, group:KEY, user:#ID or group:#ID",
    r"^\S(.*\S)?$": "should be text without white space at its ends",
    "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$": "should be up to 64 letters, digits, - or _, beginning with a letter or digit",
}


def findings(error: ValidationError, model: type[BaseModel], document: Document, file: str) -> Iterable[Diagnostic]:
    """One diagnostic for each thing `model` refuses in `document`."""
    nothing: set[tuple[str | int, ...]] = set()
    items = error.errors(include_url=False, include_input=True)
    told = {real_path(item["loc"], document.data) for item in items if item["type"] == "extra_forbidden"}
    for item in items:
        path = real_path(item["loc"], document.data)
        missing = item["type"] == "missing"
        typo = mistyped(str(path[-1]), item["input"], known_keys(model, item["loc"][:-1])) if missing else None
        if typo is not None and (*path[:-1], typo) not in told:
            # Where other keys than the model's are allowed, nothing else tells of it.
            yield unknown_key((*path[:-1], typo), document, file, f"Did you mean {path[-1]}?")
            continue
        if item["type"] == "too_short" and item["input"]:
            # Its items were refused, each with a finding of its own.
            continue
        if item["input"] is None and item["type"] != "extra_forbidden":
            # Each form that a value may have refuses nothing by itself.
            if path in nothing:
                continue
            nothing.add(path)
        yield _finding(item, path, model, document, file)


def source(document: Document, path: tuple[str | int, ...], file: str, *, key: bool = False) -> Source:
    """The place of `path` in its file: of the value, or of the key that introduces it."""
    position = document.locate_key(path) if key else document.locate(path)
    return Source(file, position.line, position.column)


def real_path(location: tuple[str | int, ...], data: object) -> tuple[str | int, ...]:
    """Where `location` is in the YAML as written: a short form leaves out the field it stands for."""
    path: list[str | int] = []
    for part in location:
        inside_short_form = isinstance(part, str) and path and not isinstance(data, dict)
        if inside_short_form or part == "[key]":
            continue
        path.append(part)
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
    return tuple(path)


def _finding(
    item: Any, path: tuple[str | int, ...], model: type[BaseModel], document: Document, file: str
) -> Diagnostic:
    kind, name = item["type"], ".".join(str(part) for part in path)
    if kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), known_keys(model, item["loc"][:-1]))
        return unknown_key(path, document, file, hint)
    if kind == "missing":
        place = source(document, path[:-1], file, key=True)
        return Diagnostic("missing-key", "error", f'"{name}" is missing', None, None, place)
    code, words, hint = refusal(item)
    return Diagnostic(code, "error", f"{name} {words}" if name else words, None, hint, source(document, path, file))


def unknown_key(path: tuple[str | int, ...], document: Document, file: str, hint: str | None) -> Diagnostic:
    """The finding about a key that nobody knows."""
    place = source(document, path, file, key=True)
    return Diagnostic("unknown-key", "error", f'unknown key "{path[-1]}"', None, hint, place)


def mistyped(missing: str, holder: object, known: Iterable[str]) -> str | None:
    """The key of `holder`, none of those that are `known`, that was probably meant to be `missing`."""
    keys = {key for key in holder if isinstance(key, str)} if isinstance(holder, dict) else set()
    return nearest(missing, sorted(keys - {*known}))


def refusal(item: Any) -> tuple[str, str, str | None]:
    """Code, words and a hint for one thing that pydantic refuses."""
    kind, context = item["type"], item.get("ctx", {})
    if item["input"] is None and (not item["loc"] or isinstance(item["loc"][-1], str)):
        return "invalid-value", f"is refused: {NOTHING}", None
    if kind in {"too_short", "string_too_short"}:
        return "invalid-value", "should not be empty", None
    if kind == "literal_error":
        expected = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        return "invalid-value", f"cannot be {_shown(item['input'])}", did_you_mean(str(item["input"]), expected)
    if kind == "value_error":
        return "invalid-value", f"is refused: {context['error']}", None
    if kind == "string_pattern_mismatch":
        words = PATTERNS.get(context["pattern"], f"does not match {context['pattern']}")
        return "invalid-value", f"{words}, not {_shown(item['input'])}", None
    words = PLAIN.get(kind) or str(item["msg"]).replace("Input should be", "should be")
    code = "invalid-type" if kind.endswith("_type") else "invalid-value"
    return code, f"{words}, not {_shown(item['input'])}", None


def _shown(value: object) -> str:
    text = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else _yaml(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line of a terminal


def _yaml(value: object) -> str:
    """A scalar as YAML has it where Python has another word."""
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)


def known_keys(model: type[BaseModel], location: Iterable[str | int]) -> list[str]:
    """The keys a manifest may use at `location` below `model`."""
    annotation: Any = model
    for part in location:
        annotation = _step_into(annotation, part)
    models = [option for option in _options(annotation) if _is_model(option)]
    return [field.alias or name for option in models for name, field in option.model_fields.items()]


def _step_into(annotation: Any, part: str | int) -> Any:
    for option in _options(annotation):
        if _is_model(option):
            for name, field in option.model_fields.items():
                if part in (field.alias, name):
                    return field.annotation
        arguments = get_args(option)
        if get_origin(option) is dict:
            return arguments[1]
        if get_origin(option) is tuple and isinstance(part, int):
            return arguments[0]
    return None


def _options(annotation: Any) -> tuple[Any, ...]:
    union = get_origin(annotation) in {Union, types.UnionType}
    return get_args(annotation) if union else (annotation,)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
