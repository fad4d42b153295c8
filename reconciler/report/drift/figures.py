"""The numbers of drift that every rendering shows, counted in one place."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from reconciler.planning.drift import Difference


class Figures(Struct, frozen=True):
    """What differences amount to; ignored ones count for nothing but `ignored`."""

    drifted: int
    """Datasets that somebody changed, or of which nobody knows what was last applied."""
    pending: int
    """Datasets that differ only by what was not applied yet."""
    differences: int
    ignored: int

    @property
    def differing(self) -> int:
        """Datasets that differ from their manifests, whoever caused it."""
        return self.drifted + self.pending


def figures(differences: Sequence[Difference]) -> Figures:
    """Count `differences`."""
    counting = [item for item in differences if item.ignored is None]
    differing = {item.address.whole for item in counting}
    drifted = {item.address.whole for item in counting if item.cause != "pending"}
    return Figures(
        drifted=len(drifted),
        pending=len(differing) - len(drifted),
        differences=len(counting),
        ignored=len(differences) - len(counting),
    )


def differing(told: Figures, datasets: int, what: str = "", *, whole: bool = True) -> str:
    """How many of so many `datasets` differ (from `what`), and how many of them only by what is still to be applied.

    `whole` says whether all of them were read.
    """
    count = told.differing
    words = f"{count} of {datasets} datasets {'differs' if count == 1 else 'differ'}{what}"
    if told.pending:
        words += f", {'only' if told.pending == count else f'{told.pending} only'} by what is not applied yet"
    return words if whole else f"{words}, as far as could be read"
