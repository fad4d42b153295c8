"""Versions in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from .version import Version

SHOWN = 10


def versions_of(versions: Sequence[Version]) -> str:
    """How many: `1 version`, `2 versions`."""
    return "1 version" if len(versions) == 1 else f"{len(versions)} versions"


def listed(versions: Sequence[Version]) -> str:
    """Their ids: `3`, `3 and 4`, `3, 4 and 5`; of a long list the first ten."""
    names = [version.id for version in versions[:SHOWN]]
    if len(versions) > SHOWN:
        names.append(f"{len(versions) - SHOWN} more")
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else "none"
