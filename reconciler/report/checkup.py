"""What `doctor` found, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from pydantic_core import to_json

from reconciler.core.words import Json

from .paint import paint
from .safe import json_text, terminal
from .text import NARROWEST

Standing: TypeAlias = Literal["ok", "note", "failed"]
"""failed: nothing can be planned there before it is mended · note: something will not be possible, or may not be."""

FORMAT_VERSION: Final = "1.0"
STYLES: Final = {"ok": "+", "note": "warning", "failed": "error"}
INDENT: Final = "  "


class Check(Struct, frozen=True):
    """One thing that was looked at."""

    target: str
    """Empty: this machine and the manifests."""
    what: str
    standing: Standing
    words: str
    hint: str | None = None


def checkup_text(checks: Sequence[Check], *, color: bool, width: int) -> str:
    """Every check under its target, and what follows from all of them."""
    lines: list[str] = []
    widest = max((len(check.what) for check in checks), default=0)
    for target, group in groupby(checks, key=lambda check: check.target):
        lines.append(f"target {terminal(target)}" if target else "here")
        lines += [line for check in group for line in _lines(check, widest, color=color, width=width)]
    return "\n".join([*lines, "", conclusion(checks), ""])


def _lines(check: Check, widest: int, *, color: bool, width: int) -> Iterator[str]:
    standing = paint(f"{check.standing:<6}", STYLES[check.standing], color=color)
    head = f"{INDENT}{standing}  {check.what:<{widest}}  "
    column = len(INDENT) + 6 + 2 + widest + 2
    room = max(width - column, NARROWEST)
    first, *rest = _wrapped(terminal(check.words), room)
    hints = _wrapped(terminal(check.hint), room) if check.hint else []
    yield head + first
    yield from (" " * column + line for line in (*rest, *hints))


def _wrapped(text: str, room: int) -> list[str]:
    return wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]


def conclusion(checks: Iterable[Check]) -> str:
    """How many targets can be worked with."""
    standings: dict[str, list[Standing]] = {}
    for check in checks:
        standings.setdefault(check.target, []).append(check.standing)
    here = standings.pop("", [])
    good = sum("failed" not in found for found in standings.values())
    told = f"{good} of {len(standings)} {'target' if len(standings) == 1 else 'targets'} can be worked with."
    return f"{told} Something here has to be mended first." if "failed" in here else told


def checkup_json(checks: Sequence[Check]) -> str:
    """A JSON object with every check."""
    document: Json = {
        "format_version": FORMAT_VERSION,
        "ok": all(check.standing != "failed" for check in checks),
        "checks": [
            {
                "target": check.target or None,
                "what": check.what,
                "standing": check.standing,
                "words": check.words,
                "hint": check.hint,
            }
            for check in checks
        ],
    }
    return json_text(to_json(document, indent=2).decode()) + "\n"
