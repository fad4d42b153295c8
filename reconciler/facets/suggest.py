"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

SHORT_LIST = 12


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, if any looks like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a typo needs it

    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint naming the nearest known word, or all of them when they are few; None when there is nothing to say."""
    words = list(known)
    near = nearest(word, words)
    if near is not None:
        return f"Did you mean {near}?"
    return f"Known: {', '.join(words)}." if 0 < len(words) <= SHORT_LIST else None
