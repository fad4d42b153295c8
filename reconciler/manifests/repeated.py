"""Names that may stand only once in a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.core.diagnostics import Diagnostic

from .manifest import Written


class Repeated:
    """Remembers what was named where."""

    def __init__(self) -> None:
        """Know of no name."""
        self._first: dict[str, tuple[Written, tuple[str, ...]]] = {}

    def named(self, what: str, item: Written, *path: str) -> Iterable[Diagnostic]:
        """An error when `what`, which stands at `path` of `item`, was named before."""
        here = (item, path)
        first = self._first.setdefault(what, here)
        if first is not here:
            known = first[0].source(*first[1])
            yield Diagnostic("duplicate-manifest", "error", f"{what} is already at {known}", source=item.source(*path))
