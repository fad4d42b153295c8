"""JSON in and out, without changing what a number looked like."""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import Any, Self

# Stands in for a number in what the C encoder writes; random, so that no client's string is mistaken for it.
_MARK = secrets.token_hex(12)
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


class Number(Decimal):
    """A number with a fraction or an exponent that prints as it was written.

    Domo sends `"indexRequestKey": 20220513224325.628`, which a float would return as `20220513224325.63`.
    """

    literal: str

    def __new__(cls, literal: str) -> Self:
        """Keep the spelling."""
        number = super().__new__(cls, literal)
        number.literal = literal
        return number


def read(text: str | bytes) -> Any:
    """The value of a JSON text; ValueError when it is none (NaN and Infinity are none) or cannot be written again."""
    try:
        value = json.loads(text, parse_float=Number, parse_constant=_refuse)
        _refuse_half_characters(text, value)
    except RecursionError:
        message = "nested too deeply"
        raise ValueError(message) from None
    return value


def write(value: Any) -> str:
    """The JSON text of a value, each `Number` as it was read."""
    text = json.dumps(value, ensure_ascii=False, default=_mark, separators=(",", ":"))
    return _MARKED.sub(r"\1", text)


def _mark(value: object) -> str:
    if isinstance(value, Number):
        return _MARK + value.literal
    message = f"{type(value).__name__} has no place in a JSON document"
    raise TypeError(message)


def _refuse_half_characters(text: str | bytes, value: Any) -> None:
    """Half of a surrogate pair can be escaped in JSON, and then be neither stored nor sent."""
    if (b"\\u" if isinstance(text, bytes) else "\\u") in text:  # type: ignore[operator]
        write(value).encode()


def _refuse(constant: str) -> None:
    message = f"{constant} is not JSON"
    raise ValueError(message)
