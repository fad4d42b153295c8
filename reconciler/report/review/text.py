"""A review as text."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.core.principals import Principal
from reconciler.planning.review import Review, Reviewed
from reconciler.planning.review.findings import verb
from reconciler.report.paint import paint
from reconciler.report.safe import terminal
from reconciler.report.text import FACET_WIDTH, INDENT, NARROWEST, wrapped

from .figures import (
    BADGES,
    LOOSENED,
    NOTHING,
    REBOUND,
    REDIRECTED,
    SIGNS,
    access_counts,
    badges,
    counts,
    grouped,
    worst_first,
)

ACTIONS = {"new": "+", "changed": "~", "gone": "-"}


def review_text(review: Review, base: str, head: str, *, color: bool = False, width: int = 80) -> str:
    """The whole review; `base` and `head` say what is compared."""
    title = f"{terminal(base)} -> {terminal(head)}"
    if review.empty:
        return f"{title}: {NOTHING}\n"
    lines = [title, ""]
    lines += _access(review, color=color)
    lines += _workspace(review, color=color)
    lines += [line for dataset in review.datasets for line in _dataset(dataset, width, color=color)]
    lines += ["", *_ending(review)]
    return "\n".join([*lines, counts(review), access_counts(review), ""])


def reviewers_text(review: Review) -> str:
    """Who should approve, a line each, with the datasets they answer for."""
    return "".join(
        f"{_who(owner)}\t{', '.join(terminal(str(address)) for address in addresses)}\n"
        for owner, addresses in review.reviewers.items()
    )


def _who(owner: Principal | None) -> str:
    return "nobody (no owner is governed)" if owner is None else terminal(str(owner))


def _access(review: Review, *, color: bool) -> Iterator[str]:
    moves = worst_first(review)
    for move in moves:
        sign = SIGNS[move.kind]
        told = "".join(f"  [{paint(badge, 'warning', color=color)}]" for badge in badges(move))
        where = terminal(str(move.dataset))
        yield f"  {paint(sign, sign, color=color)} {terminal(f'{move.principal} {verb(move)}')}, {where}{told}"
    if moves:
        yield ""


def _workspace(review: Review, *, color: bool) -> Iterator[str]:
    loose = set(review.loosened)
    for place, said in review.workspace:
        look = _look(REDIRECTED if place in review.redirected else LOOSENED if place in loose else "", color)
        yield f"  {paint('~', '~', color=color)} {terminal(place)}{look}"
        for item in said:
            yield f"{INDENT}{paint(item.sign, item.sign, color=color)} {terminal(item.words)}"


def _dataset(dataset: Reviewed, width: int, *, color: bool) -> Iterator[str]:
    sign = ACTIONS[dataset.action]
    gone = "  (not governed any more; nothing is deleted)" if dataset.action == "gone" else ""
    look = _look(REBOUND if dataset.rebound else "", color)
    yield f"  {paint(sign, sign, color=color)} {terminal(str(dataset.address))}{gone}{look}"
    room = max(NARROWEST, width - len(INDENT) - FACET_WIDTH - 2)
    for what, said in grouped(dataset.said):
        label = what
        for item in said:
            first, *rest = wrapped(terminal(item.words), room)
            badge = LOOSENED if item.lifts else BADGES["everyone"] if item.readers else ""
            look = _look(badge, color)
            yield f"{INDENT}{label:<{FACET_WIDTH}}{paint(item.sign, item.sign, color=color)} {first}{look}"
            yield from (f"{INDENT}{'':<{FACET_WIDTH}}  {line}" for line in rest)
            label = ""


def _look(badge: str, color: bool) -> str:  # noqa: FBT001 - as `paint` has it
    return f"  [{paint(badge, 'warning', color=color)}]" if badge else ""


def _ending(review: Review) -> Iterator[str]:
    endings = sorted((item for dataset in review.datasets for item in dataset.ending), key=lambda item: item.until)
    for item in endings:
        reason = f" ({terminal(item.reason)})" if item.reason else ""
        who = terminal(f"{item.principal} {item.level}")
        yield f"  ends {item.until}: {who}, {terminal(str(item.dataset))}{reason}"
    if endings:
        yield ""
