"""Texts in one line of a plan: a long one is cut, with its length said; of a change, what differs is shown.

White space is made visible, so that two different texts never look alike.
"""

from __future__ import annotations

from typing import Final

WHOLE: Final = 160
"""Characters of a text that is shown whole; of a longer one, so many of its beginning."""
SHORT: Final = 48
"""Characters of two texts that are both shown whole where one replaces the other."""
AROUND: Final = 24
"""Characters that are shown before and after what differs, so that one finds the place."""
DIFFERING: Final = 400
"""Characters of what differs that are shown; of more, its beginning and its end."""

SPACES: Final = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
SPACE: Final = "␣"
"""Stands for a space where nothing but white space differs: a web page shows several as one."""


def quoted(text: str) -> str:
    """`text` in quotation marks, on one line; how long it is when it is cut."""
    return f'"{_visible(text)}"' if len(text) <= WHOLE else f'"{_visible(text[:WHOLE])}…" ({len(text)} characters)'


def replaced(before: str, after: str) -> str:
    """How `after` differs from `before`: both, or of long ones what differs with a little around it."""
    spaced = before.split() == after.split()
    if max(len(before), len(after)) <= SHORT:
        return f'"{_visible(before, spaced=spaced)}" -> "{_visible(after, spaced=spaced)}"'
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    parts = (_part(text, start, len(text) - end, spaced=spaced) for text in (before, after))
    return " -> ".join(parts)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    differing = (place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(differing, min(len(one), len(other)))


def _part(text: str, start: int, end: int, *, spaced: bool) -> str:
    """What of `text` stands between `start` and `end`, with a few whole words around it."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    first = max(first, text.find(" ", first, start) + 1) if first else 0
    last = max(text.rfind(" ", end, last), end) if last < len(text) and " " in text[end:last] else last
    opening, closing = "…" if first else "", "…" if last < len(text) else ""
    hidden = end - start - DIFFERING
    if hidden > 0:
        cut = start + DIFFERING * 3 // 4
        head, tail = (_visible(part, spaced=spaced) for part in (text[first:cut], text[cut + hidden : last]))
        return f'"{opening}{head}…[{hidden} characters]…{tail}{closing}"'
    return f'"{opening}{_visible(text[first:last], spaced=spaced)}{closing}"'


def _visible(text: str, *, spaced: bool = False) -> str:
    shown = "".join(_shown(character) for character in text)
    return shown.replace(" ", SPACE) if spaced else shown


def _shown(character: str) -> str:
    if character in SPACES:
        return SPACES[character]
    return f"\\u{ord(character):04x}" if character.isspace() and character != " " else character
