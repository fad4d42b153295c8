"""Names that may stand only once in a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.core.diagnostics import Diagnostic, Source

from .manifest import Written


class Repeated:
    """Remembers what was named where."""

    def __init__(self) -> None:
        """Know of no name."""
        self._first: dict[str, Source] = {}

    def named(self, what: str, near: Source, item: Written, *path: str) -> Iterable[Diagnostic]:
        """An error when `what`, which stands at `path` of `item`, was named before.

        `near` is where a later one sends its reader to: to know more would be to keep the texts of all.
        """
        first = self._first.setdefault(what, near)
        if first is not near:
            yield Diagnostic("duplicate-manifest", "error", f"{what} is already at {first}", source=item.source(*path))
