"""Plain data to YAML text in the canonical layout; what cannot be seen is written as an escape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from unicodedata import category

from reconciler.core.words import Json
from reconciler.manifests.yaml.characters import is_sayable
from reconciler.manifests.yaml.scalars import NumberRefused, Scalar, resolve

WIDEST = 100
"""Columns that a list or mapping on one line may take."""

BLOCK_DEPTH = 2
"""Mappings above this depth are never written on one line: a document, its metadata, its spec."""

_PLAIN = re.compile(r"[^\W_]([\w ./@+-]|:(?=[^\W_]))*", re.UNICODE)
# Other YAML parsers take these for booleans, or for numbers: to the base of 60 or 2, or with `_` between their digits.
_ELSEWHERE = re.compile(
    r"(?i)y|yes|n|no|on|off|0b[01_]+|0x[0-9a-f_]+"
    r"|[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?|[0-9][0-9_]*(\.[0-9_]*)?(e[-+]?[0-9_]+)?"
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def document_text(data: Mapping[str, Json]) -> str:
    """One document; keys in the order given.

    Raises:
        ValueError: a text holds what no YAML can hold (NUL, half a surrogate pair).
    """
    return "".join(f"{line}\n" for line in _mapping(data, 0))


def entry_lines(key: str, value: Json, depth: int) -> Iterator[str]:
    """One entry of a mapping at `depth`, its first line without indentation."""
    return _entry(f"{scalar(key)}:", value, depth)


def flow(value: Json) -> str:
    """`value` on one line, however long."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)  # type: ignore[arg-type]


def scalar(value: Scalar) -> str:
    """A scalar: plain where nothing takes it for anything else, in double quotes otherwise."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if not isinstance(value, str):
        return repr(value)
    return value if is_plain(value) else quoted(value)


def is_plain(text: str) -> bool:
    """Whether `text` needs no quotes; dates are written without, although other YAML parsers make dates of them."""
    return bool(
        _PLAIN.fullmatch(text)
        and text == text.strip()
        and not any(map(_unseen, text))
        and _is_text(text)
        and not _ELSEWHERE.fullmatch(text)
    )


def _is_text(text: str) -> bool:
    """Whether `text`, written plain, is read as itself; a number that no manifest may hold is none."""
    try:
        return resolve(text) is text
    except NumberRefused:
        return False


def quoted(text: str) -> str:
    """`text` in double quotes.

    Raises:
        ValueError: no YAML can hold it.
    """
    if not is_sayable(text):
        msg = "a text with NUL or half a surrogate pair cannot be written"
        raise ValueError(msg)
    return f'"{"".join(_SHORT.get(character) or _escape(character) for character in text)}"'


def _unseen(character: str) -> bool:
    kind = category(character)
    return kind.startswith("C") or kind in {"Zl", "Zp"}


def _escape(character: str) -> str:
    if not _unseen(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _mapping(data: Mapping[str, Json], depth: int) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{scalar(key)}:", value, depth)


def _entry(head: str, value: Json, depth: int) -> Iterator[str]:
    """A key or a dash, and what belongs to it: on the same line, or indented below."""
    short = _short(value, depth + 1)
    if short is not None and (not _holds(value) or 2 * depth + len(head) + len(short) < WIDEST):
        yield f"{head} {short}"
    elif isinstance(value, Mapping):
        yield head
        yield from (f"  {line}" for line in _mapping(value, depth + 1))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield head
        for item in value:
            yield from (f"  {line}" for line in _item(item, depth + 1))


def _item(value: Json, depth: int) -> Iterator[str]:
    short = _short(value, depth + 1)
    if short is not None and (not _holds(value) or 2 * depth + len(short) < WIDEST):
        yield f"- {short}"
    elif isinstance(value, Mapping):
        lines = list(_mapping(value, depth + 1))
        yield from (f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines))
    else:
        yield from _entry("-", value, depth)


def _holds(value: Json) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(value)


def _short(value: Json, depth: int) -> str | None:
    """`value` on one line; None where it is to be written below its key."""
    if isinstance(value, Mapping) and value and depth < BLOCK_DEPTH:
        return None
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return None if any(map(_holds, members)) else flow(value)
