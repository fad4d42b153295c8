"""What a plain scalar means: the YAML 1.2 core schema, in which `NO`, `on` and `12:30:45` are text."""

import math
import re

Scalar = str | int | float | bool | None

LONGEST_NUMBER = 64

CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_NUMBER_START = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_BASES = {"0o": 8, "0x": 16}


class NumberRefused(ValueError):  # noqa: N818
    """A plain scalar is a number that cannot be kept exactly or compared; the text says why."""


def resolve(text: str) -> Scalar:
    """Give the value of a plain scalar; raises NumberRefused and nothing else."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise NumberRefused(f"This number has more than {LONGEST_NUMBER} characters.")
    return int(text[2:], _BASES[text[:2]]) if text[:2] in _BASES else int(text)


def _float(text: str) -> float:
    if len(text) > LONGEST_NUMBER:
        raise NumberRefused(f"This number has more than {LONGEST_NUMBER} characters.")
    # A NaN differs from itself: a plan holding one would never come to rest.
    value = math.nan if text.lower().endswith(("nan", "inf")) else float(text)
    if not math.isfinite(value):
        raise NumberRefused("This is not a finite number.")
    return value
