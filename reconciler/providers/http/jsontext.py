"""JSON in and out, with every number spelled as the vendor spelled it.

A stream holds `"indexRequestKey": 20220513224325.628` (document 002, Stream (Connector) - Get); read as a float it
would go back as 20220513224325.63. What we do not manage must survive a read-modify-write unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain
from math import isinf
from typing import Any, NoReturn, Self

from reconciler.core.words import Json

DEEPEST = 100
"""Arrays and objects in each other; the documents have less than ten. What is nested in several hundred can be parsed
and then not be written back: that takes more of the interpreter's stack."""
MANY = 2_000_000
"""Values, by the marks that part them. 64 MiB hold up to sixteen times as many, and as objects those take gigabytes; a
list of two hundred thousand versions has fewer."""
NESTED = {dict, list}
NEAREST = -324
"""Exponent of the number nearest to zero that a double can hold."""


class UnwieldyError(ValueError):
    """It may be JSON, and is more than is taken; the text says what it is."""


TOO_DEEP = f"JSON that is nested deeper than {DEEPEST} levels"
TOO_MUCH = f"JSON with more than {MANY:,} values"


class Number(Decimal):
    """A number with a fraction or an exponent; remembers its spelling.

    Raises:
        ValueError: no double can hold it: as a whole number, `1e999999999` would fill the memory.
    """

    __slots__ = ("spelling",)
    spelling: str

    def __new__(cls, spelling: str) -> Self:
        """Keep `spelling` beside the value."""
        try:
            number = super().__new__(cls, spelling)
        except InvalidOperation:
            raise ValueError("a number beyond reason") from None
        if number.adjusted() < NEAREST or isinf(float(number)):
            raise ValueError("a number beyond reason")
        number.spelling = spelling
        return number


def parse(text: str | bytes) -> object:
    """The value that `text` means.

    Raises:
        ValueError: `text` is not JSON, nested deeper than `DEEPEST`, or has more than `MANY` values.
    """
    return _parse(text, _EXACT)


def parsed(text: str | bytes) -> object:
    """The same; None where it raises."""
    try:
        return parse(text)
    except ValueError:
        return None


def embedded(text: str) -> object:
    """The value that `text`, itself a string in JSON, means; its numbers are plain: it is compared, not sent back.

    Raises:
        ValueError: `text` is not JSON, nested deeper than `DEEPEST`, or has more than `MANY` values.
    """
    return _parse(text, _PLAIN)


def _parse(text: str | bytes, decoder: json.JSONDecoder) -> object:
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "surrogatepass")
    opened = text.count("[") + text.count("{")
    if opened + text.count(",") > MANY:
        raise UnwieldyError(TOO_MUCH)
    try:
        value: object = decoder.decode(text)
    except RecursionError:
        raise UnwieldyError(TOO_DEEP) from None
    # Where so little opens, nothing is nested so deep; most answers are no longer than that.
    if opened > DEEPEST and _deep(value):
        raise UnwieldyError(TOO_DEEP)
    return value


def _deep(value: object) -> bool:
    """Whether `value`, as it was parsed, is nested deeper than `DEEPEST`; level by level, which takes no stack."""
    level: list[Any] = [value] if type(value) in NESTED else []
    for _ in range(DEEPEST):
        if not level:
            return False
        inside = [each.values() if type(each) is dict else each for each in level]
        level = [inner for inner in chain.from_iterable(inside) if type(inner) in NESTED]
    return bool(level)


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
    return json.dumps(text, ensure_ascii=not is_sendable(text))


def is_sendable(text: str) -> bool:
    """Whether `text` is without halves of surrogate pairs, which no request can hold as they are."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)


# Made once: `json.loads` makes one for each text.
_EXACT = json.JSONDecoder(parse_float=Number, parse_constant=_refuse)
_PLAIN = json.JSONDecoder(parse_float=lambda spelling: float(Number(spelling)), parse_constant=_refuse)
