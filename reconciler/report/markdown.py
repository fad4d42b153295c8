"""A plan as a reviewer wants it in a pull request: worst news first, in people, within a comment's size limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from reconciler.core.changes import Add, AnyChange, Drop
from reconciler.core.diagnostics import RANK, Code, Diagnostic, ordered
from reconciler.core.plan import AccessChange, DatasetPlan, Plan
from reconciler.facets import BY_NAME, CODES, FACETS

from .blocks import Fold, Piece, Table, share, size
from .figures import access_changes, destructive
from .findings import WORDS, allowing, lifts
from .safe import SENTENCE, md_code, terminal
from .status import numbers, status
from .text import by_facet, calm, nothing_to_do

LIMIT: Final = 60_000
"""Bytes; GitHub takes 65,536 characters, and a bot may add some of its own."""

FACET_WIDTH: Final = max(len(facet.name) for facet in FACETS) + 2
SIGNS: Final = {"+": "+", "-": "-", "~": "!"}
"""What colours a line of a diff block; it must stand in the first column."""


class Origin(Struct, frozen=True):
    """Where a plan comes from; nothing of it differs when the same is planned again."""

    plan_id: str
    version: str
    """Of the reconciler that made it."""
    commit: str | None = None
    """The full id of the commit whose manifests it was made from; None outside of a repository."""
    dirty: bool | None = None
    """Whether the manifests differed from that commit."""


def plan_markdown(
    plan: Plan, *, origin: Origin | None = None, marker: str = "plan", limit: int = LIMIT, codes: Iterable[Code] = CODES
) -> str:
    """The body of a comment, at most `limit` bytes; `marker` lets a bot find its comment again."""
    head = [
        f"<!-- reconciler:{_word(marker)} -->",
        "",
        f"## {_status(plan)}",
        "",
        *_counts(plan),
        "",
        *([f"No changes. {calm(plan)}", ""] if nothing_to_do(plan) else []),
    ]
    foot = _foot(origin) if origin else []
    liftable = tuple(codes)
    moves = list(access_changes(plan))
    lost, kept = ([move for move in moves if (move.after is None) is gone] for gone in (True, False))
    lost_table = _access_table(f"### {_who(lost)} access", lost)
    data = _data_table(plan)
    impact = _impact_table(plan)
    gained = _access_table("### Who gains access or keeps it at another level", kept)
    guards = findings_table("### Guards and errors", plan.diagnostics, {"error", "blocked"}, liftable)
    remarks = findings_table("### Remarks", plan.diagnostics, {"warning", "info"}, liftable)
    fold = Fold("Show the plan", _pieces(plan))
    budget = limit - size([*head, *foot])
    first = share([lost_table, data, guards, impact, gained, remarks, fold], budget)
    shown = [first[index] for index in (0, 1, 3, 4, 2, 5, 6)]
    return "\n".join([*head, *(line for block in shown for line in block), *foot])


def _foot(origin: Origin) -> list[str]:
    """The id comes last: a pipeline finds it there again, and no name can begin a line of its own."""
    commit = f" from commit `{_word(origin.commit[:12])}`" if origin.commit else ""
    also = " and changes that are not committed" if origin.commit and origin.dirty else ""
    made = f"Made{commit}{also} by reconciler `{_word(origin.version)}`."
    return [made, "", f"Plan id: `{_word(origin.plan_id)}`", ""]


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._=-]", "", text)


def _status(plan: Plan) -> str:
    seen = status(plan)
    return f"{seen.words}: {', '.join(map(md_code, seen.codes))}" if seen.codes else seen.words


def _counts(plan: Plan) -> list[str]:
    shown = numbers(plan)
    rows = [shown.keys(), ["--:"] * len(shown), shown.values()]
    return [f"| {' | '.join(row)} |" for row in rows]


def _who(moves: Sequence[AccessChange]) -> str:
    count = len({(move.dataset.target, move.principal) for move in moves})
    return f"{count} {'loses' if count == 1 else 'lose'}"


def _access_table(title: str, moves: Sequence[AccessChange]) -> Table:
    # A level that changes may be a loss, so it stands before what is new.
    worst_first = sorted(moves, key=lambda move: move.before is None)
    rows = [
        (
            md_code(str(move.dataset), cell=True),
            md_code(str(move.principal), cell=True),
            _level(move.before),
            _level(move.after),
            md_code(str(move.via), cell=True) if move.via else "directly",
        )
        for move in worst_first
    ]
    return Table(title, ("dataset", "who", "before", "after", "through"), rows)


def _level(level: str | None) -> str:
    return "none" if level is None else md_code(level, cell=True)


def _data_table(plan: Plan) -> Table:
    rows = [
        (md_code(str(step.address), cell=True), _says(step.address.facet, change)) for step, change in destructive(plan)
    ]
    title = "### 1 change loses data" if len(rows) == 1 else f"### {len(rows)} changes lose data"
    return Table(title, ("what", "change"), rows)


def _impact_table(plan: Plan) -> Table:
    rows = [
        (
            md_code(str(dataset.address), cell=True),
            md_code(f"{each.kind} {each.title or each.id}", cell=True),
            ", ".join(md_code(owner, cell=True) for owner in each.owners),
        )
        for dataset in plan.datasets
        for each in dataset.impact
    ]
    title = "### What reads datasets whose columns go (which columns it reads is not known)"
    return Table(title, ("dataset", "read by", "of"), rows)


def _says(facet: str, change: AnyChange) -> str:
    verb = "add" if isinstance(change, Add) else "drop" if isinstance(change, Drop) else "change"
    return f"{verb} {md_code(BY_NAME[facet].describe(change), cell=True)}"


def findings_table(title: str, found: Sequence[Diagnostic], severities: set[str], codes: Iterable[Code]) -> Table:
    """Those of the findings that are of `severities`, the worst first; `codes` tell which can be lifted."""
    items = sorted(
        (item for item in ordered(list(found)) if item.severity in severities), key=lambda item: RANK[item.severity]
    )
    return Table(title, ("finding", "where", "what", "next"), [_finding(item, codes) for item in items])


def _finding(item: Diagnostic, codes: Iterable[Code]) -> tuple[str, ...]:
    place = item.address or item.source
    can, cannot = lifts([item], codes)
    advice = [md_code(item.hint, cell=True, limit=SENTENCE)] if item.hint else []
    advice += [md_code(allowing(where), cell=True, limit=SENTENCE) for where in can]
    final = ["Cannot be allowed."] if cannot else []
    return (
        f"**{WORDS[item.severity]}** {md_code(item.code, cell=True)}",
        md_code(str(place), cell=True) if place else "",
        md_code(item.summary, cell=True, limit=SENTENCE),
        " ".join([*([" or ".join(advice)] if advice else []), *final]),
    )


def _pieces(plan: Plan) -> list[Piece]:
    return [Piece(_diff(dataset), _bad(dataset)) for dataset in plan.changed]


def _bad(dataset: DatasetPlan) -> bool:
    return any(step.risk == "destructive" for step in dataset.steps) or any(
        move.after is None for move in dataset.access
    )


def _diff(dataset: DatasetPlan) -> list[str]:
    lines = [f"{'+' if dataset.action == 'create' else '!'} {terminal(str(dataset.address))}"]
    for name, told in by_facet(dataset.steps):
        labels = (name, *[""] * (len(told) - 1))
        lines += [
            f"{SIGNS[mark]}   {label:<{FACET_WIDTH}}{terminal(description)}"
            for label, (mark, description) in zip(labels, told, strict=True)
        ]
    return lines
