"""A vendor's words for a person; some servers echo the request, token included."""

from __future__ import annotations

import re
from functools import cached_property

from .auth import spellings
from .jsontext import parsed

MOST = 10_000
"""Characters of a vendor's words that are looked at; far fewer are shown."""


class Words:
    """Makes readable what is said by those who know `token`."""

    def __init__(self, token: str) -> None:
        """Know what must not be told."""
        self._token = token

    def said(self, body: bytes) -> str:
        """What the vendor says about its refusal; empty where it says nothing."""
        value = parsed(body)
        return self._readable(str(value.get("message") or "")) if isinstance(value, dict) else ""

    def readable(self, value: object) -> object:
        """A JSON `value` with all of its texts readable."""
        match value:
            case str():
                return self._readable(value)
            case list():
                return [self.readable(each) for each in value]
            case dict():
                return {name: self.readable(member) for name, member in value.items()}
            case _:
                return value

    def _readable(self, words: str) -> str:
        # In this order: without what nobody sees, the halves of a token stand side by side.
        seen = "".join(letter for letter in words[:MOST] if letter.isprintable())
        return self._echoes.sub("(token)", seen)

    @cached_property
    def _echoes(self) -> re.Pattern[str]:
        return spellings(self._token)
