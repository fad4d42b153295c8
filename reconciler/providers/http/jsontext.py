"""JSON in and out, with every number spelled as the vendor spelled it.

A stream holds `"indexRequestKey": 20220513224325.628` (document 002, Stream (Connector) - Get); read as a float it
would go back as 20220513224325.63. What we do not manage must survive a read-modify-write unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NoReturn, Self

from reconciler.core.words import Json


class Number(Decimal):
    """A number with a fraction or an exponent; remembers its spelling."""

    spelling: str

    def __new__(cls, spelling: str) -> Self:
        """Keep `spelling` beside the value."""
        number = super().__new__(cls, spelling)
        number.spelling = spelling
        return number


def parse(text: str | bytes) -> object:
    """The value that `text` means.

    Raises:
        ValueError: `text` is not JSON, or nested beyond reason.
    """
    try:
        value: object = json.loads(text, parse_float=Number, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def write(value: Json | object) -> str:
    """`value` as compact JSON, members in their order."""
    match value:
        case Number():
            return value.spelling
        case str():
            return _string(value)
        case Mapping():
            return "{" + ",".join(f"{_string(str(key))}:{write(member)}" for key, member in value.items()) + "}"
        case Sequence():
            return "[" + ",".join(write(member) for member in value) + "]"
        case _:
            return json.dumps(value, allow_nan=False)


def _string(text: str) -> str:
    # A lone surrogate cannot be sent as UTF-8; escaped it arrives as it came.
    return json.dumps(text, ensure_ascii=any("\ud800" <= character <= "\udfff" for character in text))


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)
