"""A review as the body of a pull-request comment: what to look at twice first, within a comment's size limit."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler import __version__
from reconciler.planning.review import Hold, Move, Review, Reviewed, Said
from reconciler.report.blocks import Fold, Piece, Table, share, shown_by, size
from reconciler.report.markdown import LIMIT
from reconciler.report.safe import SENTENCE, md_code, terminal

from .figures import NOTHING, access_counts, badges, counts, grouped, loosened, opened, worst_first

SIGNS = {"+": "+", "-": "-", "~": "!"}
ACTIONS = {"new": "+", "changed": "!", "gone": "-"}
WORDS = {
    "lose": "loses",
    "change": "changes level",
    "gain": "gains",
    "extend": "keeps for longer",
    "declare": "is governed from now on",
    "release": "is not named any more",
    "keep": "keeps in another way",
}


def review_markdown(
    review: Review, base: str, head: str, command: str = "reconciler review", *, limit: int = LIMIT
) -> str:
    """The body of a comment, at most `limit` bytes; `command` shows all of it.

    A hidden marker lets a bot find its comment again.
    """
    head_lines = ["<!-- reconciler:review -->", "", f"## {_headline(review)}", ""]
    compared = f"Compared {md_code(base)} with {md_code(head)}, from the manifests alone"
    foot = [f"{compared}, by reconciler `{__version__}`.", ""]
    if review.empty:
        return "\n".join([*head_lines, NOTHING, "", *foot])
    moves = worst_first(review)
    twice, rest = ([move for move in moves if bool(move.remarks) is marked] for marked in (True, False))
    redirected = [place for place in review.workspace if place[0] in review.redirected]
    told = {*review.redirected, *review.loosened}
    others = [place for place in review.workspace if place[0] not in told]
    blocks: list[Table | Fold] = [
        # What leaks a token, or means other data, comes before whom it is shared with, and explains it.
        _workspace("### Look twice at where tokens go", redirected),
        _rebound(review),
        _workspace("### Look twice at what is held back", loosened(review)),
        _access("### Look twice", twice),
        _workspace("### Look twice at what everybody may read", opened(review)),
        _access("### Who gains and who loses access", rest),
        _workspace("### Targets, limits and people", others),
        _approval(review),
        _ending(review),
        Fold("Every governed change", [_piece(dataset) for dataset in review.datasets]),
    ]
    lines = [counts(review), ""]
    shown = share(blocks, limit - size([*head_lines, *lines, *foot]), shown_by(command))
    return "\n".join([*head_lines, *lines, *(line for block in shown for line in block), *foot])


def _headline(review: Review) -> str:
    if review.empty:
        return "Access review: nothing changes"
    return f"Access review: {access_counts(review).removeprefix('Access: ').rstrip('.')}"


def _access(title: str, moves: Sequence[Move]) -> Table:
    columns = ("who", "what", "dataset", "before", "after")
    look = any(move.remarks for move in moves)
    rows = [(*_row(move), *([" ".join(f"**{badge}**" for badge in badges(move))] if look else [])) for move in moves]
    return Table(title, (*columns, "look") if look else columns, rows)


def _row(move: Move) -> tuple[str, ...]:
    return (
        md_code(str(move.principal), cell=True),
        WORDS[move.kind],
        md_code(str(move.dataset), cell=True),
        _hold(move.before, "unknown" if move.kind == "declare" else "none"),
        _hold(move.after, "as it is" if move.kind == "release" else "none"),
    )


def _hold(held: Hold | None, otherwise: str) -> str:
    if held is None:
        return otherwise
    via = f" via {md_code(str(held.via), cell=True)}" if held.via else ""
    until = f" until {held.until}" if held.until else ""
    then = f", then {_hold(held.then, otherwise)}" if held.then else ""
    return f"{md_code(held.level, cell=True)}{via}{until}{then}"


def _rebound(review: Review) -> Table:
    rows = [
        (
            md_code(str(dataset.address), cell=True),
            f"{item.sign} {md_code(f'{item.what}: {item.words}', cell=True, limit=SENTENCE)}",
        )
        for dataset in review.datasets
        for item in dataset.rebound
    ]
    return Table("### Look twice at which datasets are meant", ("dataset", "change"), rows)


def _workspace(title: str, places: Sequence[tuple[str, Sequence[Said]]]) -> Table:
    rows = [
        (md_code(place, cell=True), f"{item.sign} {md_code(item.words, cell=True, limit=SENTENCE)}")
        for place, said in places
        for item in said
    ]
    return Table(title, ("where", "change"), rows)


def _approval(review: Review) -> Table:
    rows = [
        (
            md_code(str(owner), cell=True) if owner else "nobody: no owner is governed",
            " ".join(md_code(str(address), cell=True) for address in addresses[:10])
            + (f" and {len(addresses) - 10} more" if len(addresses) > 10 else ""),  # noqa: PLR2004 - a cell's worth
        )
        for owner, addresses in review.reviewers.items()
    ]
    return Table("### Who should approve", ("owner", "datasets"), rows)


def _ending(review: Review) -> Table:
    endings = sorted((item for dataset in review.datasets for item in dataset.ending), key=lambda item: item.until)
    rows = [
        (
            str(item.until),
            md_code(f"{item.principal} {item.level}", cell=True),
            md_code(str(item.dataset), cell=True),
            md_code(item.reason, cell=True, limit=SENTENCE) if item.reason else "",
        )
        for item in endings
    ]
    return Table("### Grants that end", ("last day", "grant", "dataset", "reason"), rows)


def _piece(dataset: Reviewed) -> Piece:
    bad = bool(dataset.rebound or dataset.lifted) or any(move.remarks or move.kind == "lose" for move in dataset.moves)
    bad = bad or any(item.readers for item in dataset.said)
    gone = "  (not governed any more)" if dataset.action == "gone" else ""
    lines = [f"{ACTIONS[dataset.action]} {terminal(str(dataset.address))}{gone}"]
    for what, said in grouped(dataset.said):
        lines += [_line(label, item) for label, item in zip((what, *[""] * len(said)), said, strict=False)]
    return Piece(lines, bad)


def _line(label: str, item: Said) -> str:
    return f"{SIGNS[item.sign]}   {label:<13}{terminal(item.words)}"
