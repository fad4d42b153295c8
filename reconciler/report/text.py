"""A plan as text: Terraform's symbols and closing sentence. Equal plans give equal bytes; there is no clock in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Final

from reconciler.core.changes import sign
from reconciler.core.diagnostics import Code
from reconciler.core.plan import DatasetPlan, Dependent, Plan, Step
from reconciler.facets import BY_NAME, CODES, FACETS

from .figures import Figures, figures
from .findings import lifting_text
from .paint import paint
from .safe import terminal

MATCHES: Final = "Live state matches the manifests."
NOTHING_READ: Final = "No dataset was to be planned, so none was read."
INDENT: Final = " " * 6
FACET_WIDTH: Final = max(len(facet.name) for facet in FACETS) + 2
NARROWEST: Final = 20
"""Room a description always gets, however narrow the terminal."""

MOST_TITLES: Final = 5
"""So many of what reads a dataset are named; the saved plan has them all."""

GLUE: Final = "\0"
"""Stands for a space where no line may end; no safe text holds it."""


def plan_text(plan: Plan, *, color: bool = False, width: int = 80, codes: Iterable[Code] = CODES) -> str:
    """The whole plan; ends with how to lift what blocks it, if `codes` says that it can be lifted."""
    if nothing_to_do(plan):
        return f"No changes. {calm(plan)}\n"
    lines = [line for dataset in plan.changed for line in _dataset_lines(dataset, color, width)]
    gap = [""] if lines else []
    return "\n".join([*lines, *gap, *closing(plan, width), *lifting_text(plan.diagnostics, codes), ""])


def nothing_to_do(plan: Plan) -> bool:
    """Whether it is proven that live state matches the manifests."""
    return not plan.changed and plan.complete and not plan.errored and not plan.blocked


def calm(plan: Plan) -> str:
    """What is known of a plan that has nothing to do."""
    return MATCHES if plan.datasets else NOTHING_READ


def closing(plan: Plan, width: int) -> list[str]:
    """The sentences a plan ends with."""
    counted = figures(plan)
    guards = f"Guards: {guards_words(plan)}."
    reads = f"Reads: {counted.reads_done} of {counted.reads_total} complete."
    lines = [counts_sentence(counted), *_joined([access_sentence(counted), guards, reads], width)]
    if plan.errored:
        lines.append("There were errors: this plan cannot be applied.")
    elif not plan.complete:
        lines.append("Not everything could be read: this plan cannot be applied.")
    return lines


def _joined(sentences: Sequence[str], width: int) -> list[str]:
    lines = [sentences[0]]
    for sentence in sentences[1:]:
        if len(lines[-1]) + 1 + len(sentence) <= width:
            lines[-1] += f" {sentence}"
        else:
            lines.append(sentence)
    return lines


def counts_sentence(counted: Figures) -> str:
    """How many datasets a plan touches."""
    unread = f", {counted.unread} not read" if counted.unread else ""
    return f"Plan: {counted.create} to create, {counted.update} to change, {counted.unchanged} unchanged{unread}."


def access_sentence(counted: Figures) -> str:
    """How many people gain and lose access."""
    parts = [_verb(counted.gain, "gain"), _verb(counted.lose, "lose")]
    if counted.change:
        parts.append(_verb(counted.change, "change"))
    return f"Access: {', '.join(parts)}."


def _verb(count: int, verb: str) -> str:
    return f"{count} {verb}s" if count == 1 else f"{count} {verb}"


def guards_words(plan: Plan) -> str:
    """Whether guards hold the plan, and which."""
    blocking = [item.code for item in plan.diagnostics if item.severity == "blocked"]
    return f"{len(blocking)} blocked ({', '.join(sorted(set(blocking)))})" if blocking else "ok"


def dataset_symbol(dataset: DatasetPlan) -> str:
    """The one character that stands for what happens to `dataset`."""
    return "+" if dataset.action == "create" else "~"


def by_facet(steps: Sequence[Step]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Facets in the order in which manifests show them, each with the symbol and words of its changes."""
    place = {facet.name: index for index, facet in enumerate(FACETS)}
    told = [step for step in steps if step.changes]
    for name, group in groupby(
        sorted(told, key=lambda step: place[step.address.facet]), key=lambda step: step.address.facet
    ):
        facet = BY_NAME[name]
        yield name, [(sign(change), facet.describe(change)) for step in group for change in step.changes]


def _dataset_lines(dataset: DatasetPlan, color: bool, width: int) -> Iterator[str]:  # noqa: FBT001 - private
    sign = dataset_symbol(dataset)
    room = max(NARROWEST, width - len(INDENT) - FACET_WIDTH - 2)
    yield f"  {paint(sign, sign, color=color)} {terminal(str(dataset.address))}"
    for name, told in by_facet(dataset.steps):
        label = name
        for mark, description in told:
            first, *rest = wrapped(terminal(description), room)
            yield f"{INDENT}{label:<{FACET_WIDTH}}{paint(mark, mark, color=color)} {first}"
            yield from (f"{INDENT}{'':<{FACET_WIDTH}}  {line}" for line in rest)
            label = ""
    if dataset.impact:
        first, *rest = wrapped(terminal(impact_words(dataset.impact)), room)
        yield f"{INDENT}{'impact':<{FACET_WIDTH}}! {first}"
        yield from (f"{INDENT}{'':<{FACET_WIDTH}}  {line}" for line in rest)


def impact_words(impact: Sequence[Dependent]) -> str:
    """What reads a dataset whose columns go, in one sentence."""
    kinds = sorted({each.kind for each in impact})
    many = "" if len(impact) == 1 else "s"
    titles = [
        (f'"{each.title}"' if each.title else each.id) + (f" of {' and '.join(each.owners)}" if each.owners else "")
        for each in impact
    ]
    more = [f"and {len(titles) - MOST_TITLES} more"] if len(titles) > MOST_TITLES else []
    named = ", ".join([*titles[:MOST_TITLES], *more])
    reads = "reads" if len(impact) == 1 else "read"
    return f"{len(impact)} {'/'.join(kinds)}{many} {reads} this dataset, which columns is not known: {named}"


def wrapped(text: str, room: int) -> list[str]:
    """`text` in lines of at most `room` characters, broken after commas where that does, else between words.

    A name stays in one piece, even beyond the edge, so that it can be searched for and copied.
    """
    if len(text) <= room:
        return [text]
    parts = text.split(", ")
    glued = (part.replace(" ", GLUE) if len(part) < room else part for part in parts)
    lines = wrap(", ".join(glued), room, break_long_words=False, break_on_hyphens=False)
    return [line.replace(GLUE, " ") for line in lines]
