"""Metadata of a vendor's object: a JSON object that the vendor keeps with every number as a double."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, JsonValue

from reconciler.core.words import Json, canonical

LARGEST = 2**53
"""Above it, doubles do not tell integers apart."""


def plain(value: Json) -> Json:
    """`value` with whole numbers as integers, whichever way they were written: doubles do not remember it."""
    match value:
        case float() if abs(value) <= LARGEST and value == int(value):
            return int(value)
        case bool() | int() | float() | str() | None:
            return value
        case Mapping():
            return {name: plain(member) for name, member in value.items()}
        case _:
            return [plain(member) for member in value]


def united(live: str | None, declared: Mapping[str, JsonValue] | None) -> str | None:
    """Live metadata with the keys that are declared, both canonical; a null that is declared takes its key away."""
    if declared is None:
        return live
    kept = {name: value for name, value in json.loads(live or "{}").items() if name not in declared}
    return canonical(plain({**kept, **{name: value for name, value in declared.items() if value is not None}}))


def _kept_exactly(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    found: list[JsonValue] = [value]
    while found:
        member = found.pop()
        if isinstance(member, int | float) and not abs(member) <= LARGEST:
            msg = f"{member} is beyond 2^53: the vendor keeps numbers as doubles, and it may come back as another one"
            raise ValueError(msg)
        found += member.values() if isinstance(member, dict) else member if isinstance(member, list) else ()
    return value


Metadata: TypeAlias = Annotated[dict[str, JsonValue], AfterValidator(_kept_exactly)]
"""In a manifest: whatever JSON the vendor can give back as it was."""
