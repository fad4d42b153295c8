"""What the page shows, as plain values; the template only lays them out.

Every foreign text passes `safe_text` here and Jinja's escaping there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reconciler.core.changes import AnyChange, sign
from reconciler.core.diagnostics import RANK, Code, Diagnostic, ordered
from reconciler.core.plan import DatasetPlan, Plan, Step
from reconciler.facets import BY_NAME, CODES
from reconciler.report.figures import access_changes, destructive
from reconciler.report.findings import WORDS, allowing, lifts
from reconciler.report.safe import SENTENCE, safe_text
from reconciler.report.status import numbers, status
from reconciler.report.text import by_facet, calm, dataset_symbol

from .matrix import cell, matrix
from .picture import WIDTH, picture

if TYPE_CHECKING:
    from jinja2 import Template

MOST_ROWS: Final = 1_000
"""More rows of one list would only slow a browser down; how many there are beyond is said."""

FEW: Final = 10
"""So many datasets are shown unfolded."""


class Finding(Struct, frozen=True):
    """A diagnostic as the page shows it."""

    severity: str
    word: str
    code: str
    place: str
    summary: str
    hint: str
    allow: str
    """The flag that lifts it, if one does."""
    final: bool
    """Whether it blocks the plan and nothing lifts it."""


class Dataset(Struct, frozen=True):
    """What is planned for one dataset, as the page shows it."""

    symbol: str
    address: str
    facets: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    bad: bool


def plan_html(plan: Plan, *, plan_id: str | None = None, codes: Iterable[Code] = CODES) -> str:
    """The whole page. Equal plans give equal bytes."""
    moves = sorted(access_changes(plan), key=lambda move: (move.after is not None, move.before is None))
    lost, readers = list(destructive(plan)), list(_readers(plan))
    seen = status(plan)
    return template("plan.html").render(
        status=seen,
        headline=f"{seen.words}: {', '.join(seen.codes)}" if seen.codes else seen.words,
        calm=calm(plan) if seen.kind == "quiet" else "",
        numbers=numbers(plan),
        picture=picture(plan),
        picture_width=WIDTH,
        matrix=matrix(plan),
        moves=[
            (safe_text(str(move.dataset)), safe_text(str(move.principal)), cell(move)) for move in moves[:MOST_ROWS]
        ],
        more_moves=len(moves) - MOST_ROWS,
        losses=[_loss(step, change) for step, change in lost[:MOST_ROWS]],
        more_losses=len(lost) - MOST_ROWS,
        readers=readers[:MOST_ROWS],
        more_readers=len(readers) - MOST_ROWS,
        findings=list(shown(plan.diagnostics, tuple(codes))),
        datasets=_datasets(plan),
        more_datasets=len(plan.changed) - MOST_ROWS,
        few=FEW,
        plan_id=safe_text(plan_id or ""),
    )


def _loss(step: Step, change: AnyChange) -> tuple[str, str, str]:
    words = BY_NAME[step.address.facet].describe(change)
    return safe_text(str(step.address)), sign(change), safe_text(words, SENTENCE)


def _readers(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """What reads the datasets whose columns go: the dataset, what reads it, and whose that is."""
    for dataset in plan.datasets:
        for each in dataset.impact:
            told = safe_text(f"{each.kind} {each.title or each.id}")
            yield safe_text(str(dataset.address)), told, safe_text(", ".join(each.owners), SENTENCE)


def shown(found: Iterable[Diagnostic], codes: tuple[Code, ...]) -> Iterator[Finding]:
    """The findings as a page shows them, the worst first; `codes` tell which can be lifted."""
    for item in sorted(ordered(list(found)), key=lambda item: RANK[item.severity])[:MOST_ROWS]:
        can, cannot = lifts([item], codes)
        place = item.address or item.source
        yield Finding(
            item.severity,
            WORDS[item.severity],
            safe_text(item.code),
            safe_text(str(place)) if place else "",
            safe_text(item.summary, SENTENCE),
            safe_text(item.hint or "", SENTENCE),
            allowing(can[0]) if can else "",
            bool(cannot),
        )


def _datasets(plan: Plan) -> list[Dataset]:
    """The changed datasets in their order; when there are too many, those that lose something are kept first."""
    worst_first = sorted(plan.changed, key=lambda dataset: not _bad(dataset))[:MOST_ROWS]
    kept = {dataset.address for dataset in worst_first}
    return [_dataset(dataset) for dataset in plan.changed if dataset.address in kept]


def _bad(dataset: DatasetPlan) -> bool:
    losing = any(move.after is None for move in dataset.access)
    return losing or any(step.risk == "destructive" for step in dataset.steps)


def _dataset(dataset: DatasetPlan) -> Dataset:
    facets = tuple(
        (name, tuple((mark, safe_text(words, SENTENCE)) for mark, words in told))
        for name, told in by_facet(dataset.steps)
    )
    return Dataset(dataset_symbol(dataset), safe_text(str(dataset.address)), facets, _bad(dataset))


@cache
def template(name: str) -> Template:
    """One of the files in `templates/`; everything it is given is escaped."""
    # Imported here: only this format needs it, and it costs as much as the rest of the report together.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)
