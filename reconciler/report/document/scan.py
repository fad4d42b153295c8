"""A large JSON object without ever holding it whole: its long lists row by row, compact as soon as they are read."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from msgspec import Struct, field

SPACE: Final = re.compile(r"[ \t\n\r]*")


class Content(Struct, frozen=True):
    """An object's members; of those that are lists only the rows, compact."""

    head: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[bytes]] = field(default_factory=dict)


def scan(text: str) -> Content:
    """The object in `text`; anything else is an object without members.

    Raises:
        ValueError: `text` is not JSON; a JSONDecodeError says where.
        RecursionError: it is nested too deeply.
    """
    content = Content()
    scanner = _Scanner(text)
    if not scanner.take("{"):
        scanner.value()
    elif not scanner.take("}"):
        scanner.members(content)
    scanner.end()
    return content


class _Scanner:
    """A place in a text, always on something that is no space."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.decoder = json.JSONDecoder(parse_constant=_refuse)
        self.skip()

    def skip(self) -> None:
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, sign: str) -> bool:
        """Go past `sign`, if it is here."""
        here = self.text.startswith(sign, self.at)
        if here:
            self.at += len(sign)
            self.skip()
        return here

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise json.JSONDecodeError(f"Expecting {sign!r}", self.text, self.at)

    def value(self) -> Any:
        found, self.at = self.decoder.raw_decode(self.text, self.at)
        self.skip()
        return found

    def members(self, content: Content) -> None:
        """Everything up to the closing brace; of two members with one name the later counts."""
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise json.JSONDecodeError("Expecting a name", self.text, self.at)
            self.need(":")
            content.head.pop(key, None)
            content.rows.pop(key, None)
            if self.take("["):
                content.rows[key] = self.rows()
            else:
                content.head[key] = self.value()
            if not self.take(","):
                break
        self.need("}")

    def rows(self) -> list[bytes]:
        """Everything up to the closing bracket."""
        found: list[bytes] = []
        if self.take("]"):
            return found
        while True:
            found.append(compact(self.value()))
            if not self.take(","):
                break
        self.need("]")
        return found

    def end(self) -> None:
        if self.at != len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, self.at)


def compact(value: Any) -> bytes:
    """`value` as JSON without layout, its keys in their order."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def loose(row: bytes) -> Any:
    """The value that `compact` wrote."""
    return json.loads(row.decode("utf-8", "surrogatepass"))


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
