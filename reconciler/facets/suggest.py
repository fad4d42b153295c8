"""What somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct

SHORT_LIST = 12
EFFORT = 10_000_000
"""Pairs of characters that are compared for the hints of one run: fifty typos among five hundred names.

Comparing two words takes about as long as the product of their lengths, and a stranger's pull request may have
thousands of words that nobody knows.
"""


class _Budget(Struct):
    left: int = EFFORT

    def takes(self, word: str, known: Sequence[str]) -> bool:
        """Whether `word` may be compared with all that is `known`; if so, that is spent."""
        cost = len(word) * sum(map(len, known))
        taken = cost <= self.left
        self.left -= cost if taken else 0
        return taken


_BUDGET: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def sparing() -> Iterator[None]:
    """Within, all hints together have the effort of one run; without it each has that for itself."""
    token = _BUDGET.set(_Budget())
    try:
        yield
    finally:
        _BUDGET.reset(token)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, if any looks like it.

    What all references of a kind begin with, `user:` or the name of a target, makes none look like another.
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    head, tail = _parted(word.casefold())
    alike = {_parted(text)[1]: candidate for text, candidate in folded.items() if _parted(text)[0] == head}
    others = {text: candidate for text, candidate in folded.items() if _parted(text)[0] != head}
    return _closest(tail, alike) or _closest(word.casefold(), others)


def _parted(text: str) -> tuple[str, str]:
    """`text` in two, behind its first `:` or `/`."""
    end = min((place for mark in ":/" if (place := text.find(mark)) >= 0), default=-1) + 1
    return text[:end], text[end:]


def _closest(word: str, known: Mapping[str, str]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only a typo needs it

    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return known[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint naming the nearest known word, or all of them when they are few; None when there is nothing to say.

    Nothing is looked for once the effort of a run is spent (see `sparing`).
    """
    words = list(known)
    budget = _BUDGET.get() or _Budget()
    near = nearest(word, words) if budget.takes(word, words) else None
    if near is not None:
        return f"Did you mean {near}?"
    return f"Known: {', '.join(words)}." if 0 < len(words) <= SHORT_LIST else None
