"""Patterns as manifests have them: `*` is any text, `?` any one character, everything else is itself."""

from fnmatch import fnmatchcase


def fits(text: str, pattern: str) -> bool:
    """Whether the whole of `text` is as `pattern` says; a bracket is a bracket, not a choice of characters."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))
