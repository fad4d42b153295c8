"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable

SHORT_LIST = 12


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint naming the nearest known word, or all of them when they are few; None when there is nothing to say."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a typo needs it

    words = list(known)
    folded = {candidate.casefold(): candidate for candidate in words}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {folded[near[0]]}?"
    return f"Known: {', '.join(words)}." if 0 < len(words) <= SHORT_LIST else None
