"""A plan seen from the live side: what live state has, lacks or says otherwise than the manifests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from reconciler.core.changes import Add, AnyChange, Drop
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.facets import BY_NAME, FACETS

from .blocks import Table, size
from .markdown import LIMIT
from .safe import SENTENCE, md_code, terminal
from .text import FACET_WIDTH, INDENT, NARROWEST, NO_CHANGES, nothing_to_do, wrapped

STATE_WIDTH: Final = 9
UNSURE: Final = "Not everything could be read, so nobody knows whether there is drift."


def drift_text(plan: Plan, *, width: int = 80) -> str:
    """Every difference, by dataset and facet; `missing` and `extra` are said of live state."""
    if nothing_to_do(plan):
        return f"No drift. {NO_CHANGES.partition('. ')[2]}\n"
    lines = [line for dataset in plan.changed for line in _dataset(dataset, width)]
    count = len(plan.changed)
    lines += ["", f"Drift: {count} of {len(plan.datasets)} datasets {'differs' if count == 1 else 'differ'}."]
    if plan.errored or not plan.complete:
        lines.append(UNSURE)
    return "\n".join([*lines, ""])


def drift_markdown(plan: Plan, *, limit: int = LIMIT) -> str:
    """The body of an issue, at most `limit` bytes; its hidden first line lets a bot find its issue again."""
    count = len(plan.changed)
    head = ["<!-- reconciler:drift -->", ""]
    if nothing_to_do(plan):
        return "\n".join([*head, "## No drift", "", NO_CHANGES.partition(". ")[2], ""])
    head += [
        f"## {count} of {len(plan.datasets)} datasets {'differs' if count == 1 else 'differ'} from the manifests",
        "",
    ]
    head += [UNSURE, ""] if plan.errored or not plan.complete else []
    rows = [row for dataset in plan.changed for row in _rows(dataset)]
    table = Table(
        "### Differences", ("dataset", "facet", "live state", "what"), rows, "`reconciler drift` shows all of it."
    )
    return "\n".join([*head, *table.lines(limit - size(head))])


def _rows(dataset: DatasetPlan) -> Iterator[tuple[str, ...]]:
    for step in dataset.steps:
        facet = step.address.facet
        for change in step.changes:
            words = BY_NAME[facet].describe(reversed_change(change))
            name = md_code(str(dataset.address), cell=True)
            yield name, facet, state(change), md_code(words, cell=True, limit=SENTENCE)


def _dataset(dataset: DatasetPlan, width: int) -> Iterator[str]:
    absent = "  (does not exist yet)" if dataset.action == "create" else ""
    yield f"  {terminal(str(dataset.address))}{absent}"
    for facet in FACETS:
        label = facet.name
        for step in dataset.steps:
            for change in step.changes if step.address.facet == facet.name else ():
                room = max(width - len(INDENT) - FACET_WIDTH - STATE_WIDTH, NARROWEST)
                first, *rest = wrapped(terminal(BY_NAME[facet.name].describe(reversed_change(change))), room)
                yield f"{INDENT}{label:<{FACET_WIDTH}}{state(change):<{STATE_WIDTH}}{first}"
                yield from (f"{INDENT}{'':<{FACET_WIDTH + STATE_WIDTH}}{line}" for line in rest)
                label = ""


def state(change: AnyChange) -> str:
    """How live state stands to the manifest, in one word."""
    return "missing" if isinstance(change, Add) else "extra" if isinstance(change, Drop) else "differs"


def reversed_change(change: AnyChange) -> AnyChange:
    """`change` the other way round: a difference reads from the manifest to what is live."""
    if isinstance(change, Add | Drop):
        return change
    return replace(change, before=change.after, after=change.before)
