"""Drift as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import AnyChange
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.facets import FACETS
from reconciler.planning.drift import Cause, Difference, as_read, of_live, state
from reconciler.report.safe import terminal
from reconciler.report.text import FACET_WIDTH, INDENT, NARROWEST, calm, nothing_to_do, wrapped

from .figures import Figures, differing, figures

STATE_WIDTH: Final = 9
UNSURE: Final = "Not everything could be read, so nobody knows whether there is drift."
CAUSES: Final[Mapping[Cause, str]] = {
    "moved": "somebody changed it",
    "pending": "not applied yet",
    "both": "somebody changed it, and the manifest changed, too",
}


def drift_text(plan: Plan, differences: Sequence[Difference] = (), *, width: int = 80) -> str:
    """Every difference, by dataset and facet; `missing` and `extra` are said of live state."""
    if nothing_to_do(plan):
        return f"No drift. {calm(plan)}\n"
    known = {_place(item.address, item.change): item for item in differences}
    lines = [line for dataset in plan.changed for line in _dataset(dataset, known, width)]
    lines += ["", counts(plan, differences)]
    if not told_whole(plan):
        lines.append(UNSURE)
    return "\n".join([*lines, ""])


def told_whole(plan: Plan) -> bool:
    """Whether everything that was asked for was read, so that what is not told does not differ."""
    return plan.complete and not plan.errored


def counts(plan: Plan, differences: Sequence[Difference]) -> str:
    """How many datasets differ, and why."""
    found = figures(differences) if differences else Figures(len(plan.changed), 0, 0, 0)
    told = f"Drift: {differing(found, len(plan.datasets), whole=told_whole(plan))}."
    return f"{told} Ignored: {found.ignored}." if found.ignored else told


Known = Mapping[tuple[Address, str, str], Difference]


def _place(address: Address, change: AnyChange) -> tuple[Address, str, str]:
    return address, state(change), change.key


def _dataset(dataset: DatasetPlan, known: Known, width: int) -> Iterator[str]:
    absent = "  (does not exist yet)" if dataset.action == "create" else ""
    yield f"  {terminal(str(dataset.address))}{absent}"
    for facet in FACETS:
        label = facet.name
        for step in dataset.steps:
            for change in of_live(dataset, step) if step.address.facet == facet.name else ():
                room = max(width - len(INDENT) - FACET_WIDTH - STATE_WIDTH, NARROWEST)
                item = known.get(_place(step.address, change))
                words = facet.describe(as_read(change, item.cause if item else None))
                first, *rest = wrapped(terminal(words), room)
                yield f"{INDENT}{label:<{FACET_WIDTH}}{state(change):<{STATE_WIDTH}}{first}"
                # Of a dataset that does not exist yet the heading says why.
                told = why(replace(item, cause=None) if absent else item) if item else ""
                rest += wrapped(f"({told})", room) if told else []
                yield from (f"{INDENT}{'':<{FACET_WIDTH + STATE_WIDTH}}{line}" for line in rest)
                label = ""


def why(item: Difference) -> str:
    """The cause of a difference and the rule that has it ignored, as far as they are known."""
    told = CAUSES[item.cause] if item.cause else ""
    if item.since:
        did, comma, too = told.partition(",")
        told = f"{did} after {moment(item.since)}{comma}{too}"
    if item.ignored is not None:
        ignored = f"ignored until {item.ignored.until}: {terminal(item.ignored.reason)}"
        told = f"{told}; {ignored}" if told else ignored
    return told


def moment(text: str) -> str:
    """A moment (ISO 8601, UTC) as short as a reader needs it."""
    return f"{terminal(text[:16]).replace('T', ' ')} UTC"
