"""JSON values, and the one canonical way to write them, so that equal values have equal bytes and digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


def canonical(value: Json) -> str:
    """Write `value` as JSON with sorted keys and no spaces; non-ASCII text stays as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def mapping(value: Json) -> Mapping[str, Json]:
    """`value`, which must be a JSON object.

    Raises:
        TypeError: it is none.
    """
    # What JSON was read into is a dict, and a Mapping takes ten times as long to be told.
    if not isinstance(value, (dict, Mapping)):
        raise TypeError(f"{value!r} is not an object")
    return value


def digest(value: Json) -> str:
    """The sha-256 of `value` in canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()
