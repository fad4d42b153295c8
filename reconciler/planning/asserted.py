"""Facets that a vendor shows and nobody can change: what the manifest says of them holds, or it is an error."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.facets import BY_NAME, Situation

from .desired import DesiredDataset

CODES: tuple[Code, ...] = (
    Code(
        "cannot-change",
        "A manifest says something of a dataset that is not so and that cannot be changed.",
        "The vendor fixes it when the dataset is made: who owns it, where that is part of its address. Correct the "
        "manifest, or the id.",
    ),
)


def differing(wanted: DesiredDataset, situation: Situation) -> Iterable[Diagnostic]:
    """Where the manifest differs from what is so for good."""
    for name, why in situation.capabilities.asserted.items():
        section = wanted.sections.get(name)
        if section is None or name not in situation.live:
            continue
        facet, live = BY_NAME[name], situation.live[name]
        for change in facet.diff(live, facet.settle(section, live, situation), section):
            summary = f"the {name} is not as the manifest says: {facet.describe(change)}; {why}"
            address = wanted.address.of(name)
            yield Diagnostic("cannot-change", "error", summary, address, "Correct the manifest.", wanted.source)
