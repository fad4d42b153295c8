"""Pages of a list: no total, no next link, no cursor (notes 1, Pagination)."""

from __future__ import annotations

from typing import TypeVar

from reconciler.sandbox.clarifai.errors import INVALID, Refused
from reconciler.sandbox.exchange import Call

Item = TypeVar("Item")

_DEFAULT, _MOST, _MOST_DIGITS = 128, 1000, 9


def page(call: Call, found: list[Item]) -> list[Item]:
    """The page that a request asks for; past the end it is empty."""
    number, size = _whole(call, "page", 1), _whole(call, "per_page", _DEFAULT)
    if size > _MOST:
        raise Refused(INVALID, f"per_page must not be above {_MOST}")
    return found[(number - 1) * size : number * size]


def _whole(call: Call, name: str, default: int) -> int:
    text = call.argument(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise Refused(INVALID, f"{name} must be a whole number")
    # The protocol drops zeros: they stand for the default.
    return int(text) or default
