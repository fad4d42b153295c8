"""What an apply did, step by step, and what a dry run would have sent; as text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from reconciler.core.address import Address

from .paint import paint
from .safe import terminal

State: TypeAlias = Literal["done", "rehearsed", "already", "failed", "uncertain", "skipped"]

WORDS: Final[dict[State, str]] = {
    "done": "done",
    "rehearsed": "rehearsed",
    "already": "already in place",
    "failed": "failed",
    "uncertain": "uncertain",
    "skipped": "skipped",
}
"""How the closing sentence counts each state, in its order."""

MARKS: Final[dict[State, str]] = {
    "done": "+",
    "rehearsed": "",
    "already": "",
    "failed": "error",
    "uncertain": "warning",
    "skipped": "~",
}


class Line(Struct, frozen=True):
    """What became of one step."""

    address: Address
    verb: str
    state: State
    """rehearsed: what would be done, in a dry run. already: live state was as desired before we wrote. uncertain: sent,
    and nobody knows whether it was done."""
    detail: str | None = None
    """Why it failed or was skipped."""
    hint: str | None = None
    """What to do next."""


def outcomes_text(lines: Sequence[Line], *, color: bool = False) -> str:
    """One line for each step in the order given, then how many ended how."""
    told = [text for line in lines for text in _line_text(line, color=color)]
    return "\n".join([*told, *([""] if told else []), closing(lines), ""])


def closing(lines: Sequence[Line]) -> str:
    """How many steps ended how, in one sentence."""
    if not lines:
        return "Apply: nothing to do."
    counts = Counter(line.state for line in lines)
    parts = [f"{counts[state]} {word}" for state, word in WORDS.items() if counts[state] or state == "done"]
    return f"Apply: {', '.join(parts)}."


def _line_text(line: Line, *, color: bool) -> list[str]:
    word = paint(f"{line.state:<9}", MARKS[line.state], color=color)
    detail = f": {terminal(line.detail)}" if line.detail else ""
    texts = [f"  {word}  {terminal(str(line.address))} {line.verb}{detail}"]
    return [*texts, f"{'':<13}{terminal(line.hint)}"] if line.hint else texts


def request_text(method: str, path: str, body: str | None) -> str:
    """A request that was not sent: its first line, then its body, indented and whole."""
    first = f"{method} {terminal(path, None)}"
    if not body:
        return f"{first}\n"
    return "\n".join([first, *(f"  {terminal(line, None)}" for line in _pretty(body)), ""])


def _pretty(body: str) -> list[str]:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False).split("\n")
    except (ValueError, RecursionError):
        return body.split("\n")
