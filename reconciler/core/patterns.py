"""Patterns by which people say which names they mean."""

from __future__ import annotations

from fnmatch import fnmatchcase


def fits(text: str, pattern: str) -> bool:
    """Whether `text` is as a manifest's `pattern` says: `*` is any text, `?` any one character, all else is itself."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def matches(pattern: str, *names: str) -> bool:
    """Whether one of `names` is `pattern` itself, or is among what it means as a glob of the command line.

    A name may hold what means something in a glob: `orders [old]`, written as it is, would not match itself.
    """
    return any(name == pattern or fnmatchcase(name, pattern) for name in names)
