"""Colour for terminals. It only repeats what words and symbols already say."""

from __future__ import annotations

from typing import Final

STYLES: Final = {"+": "32", "-": "31", "~": "33", "error": "1;31", "blocked": "1;35", "warning": "1;33", "info": "1;36"}


def paint(text: str, style: str, *, color: bool) -> str:
    """`text` in the colour of `style`, if there is colour."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if color and style in STYLES else text
