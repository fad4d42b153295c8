"""What a member of a JSON body has to be; 400 when it is something else."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.exchange import Refusal


def text(value: object, name: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise Refusal(400, f"{name} must be a string")
    return value


def mapping(value: object, name: str) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise Refusal(400, f"{name} must be an object")
    return value


def array(value: object, name: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise Refusal(400, f"{name} must be an array")
    return value


def mappings(value: object, name: str) -> list[dict[str, Any]]:
    """A list of objects."""
    return [mapping(each, f"Each entry of {name}") for each in array(value, name)]


def ids(value: object, name: str) -> list[str]:
    """A list of ids, each a string or a number."""
    for each in array(value, name):
        if isinstance(each, bool) or not isinstance(each, (str, int)):
            raise Refusal(400, f"Each entry of {name} must be an id")
    return [str(each) for each in array(value, name)]
