"""Who can reach what, as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pydantic_core import to_json

from reconciler.core.address import Address
from reconciler.core.words import Json
from reconciler.planning.reach import Path

from .blocks import Table, shown_by
from .safe import json_text, md_code, terminal

FORMAT_VERSION = "1.0"
NOBODY = "Nobody has access, as far as this can tell."
UNSURE = "Not everything could be read: there may be more."
LARGE = 900_000
"""Bytes of a step summary that GitHub surely takes; it drops one of more than a mebibyte whole."""


def access_text(
    paths: Sequence[Path], ungoverned: Sequence[Address], *, live: bool, complete: bool = True, who: str | None = None
) -> str:
    """Datasets in order, with everybody who can reach them; then what nobody governs. `who`: of whom it was asked."""
    lines = [line for _, group in groupby(paths, key=lambda path: path.dataset) for line in _dataset(list(group))]
    lines += [_nothing(terminal(who) if who else None)] if not paths else []
    unsure = [] if complete else [UNSURE]
    return "\n".join([*lines, *_closing(paths, ungoverned, live=live), *unsure, ""])


def _nothing(who: str | None) -> str:
    return f"{who} has no access, as far as this can tell." if who else NOBODY


def _dataset(paths: Sequence[Path]) -> Iterator[str]:
    yield f"  {terminal(str(paths[0].dataset))}"
    levels, people = (max(len(terminal(text)) for text in texts) for texts in (_levels(paths), _people(paths)))
    for path in paths:
        how = f"via {terminal(str(path.via))}" if path.via else "directly"
        until = f", until {path.until}" if path.until else ""
        yield f"      {terminal(path.level):<{levels}}  {terminal(str(path.principal)):<{people}}  {how}{until}"


def _levels(paths: Sequence[Path]) -> list[str]:
    return [path.level for path in paths]


def _people(paths: Sequence[Path]) -> list[str]:
    return [str(path.principal) for path in paths]


def _closing(paths: Sequence[Path], ungoverned: Sequence[Address], *, live: bool) -> Iterator[str]:
    datasets = {path.dataset for path in paths}
    people = {(path.dataset.target, path.principal) for path in paths}
    yield ""
    if paths:
        yield f"{len(people)} can reach {len(datasets)} {'dataset' if len(datasets) == 1 else 'datasets'}."
    yield "From live state; groups as Principals has them." if live else "From the manifests, not from live state."
    if ungoverned:
        names = ", ".join(terminal(str(address)) for address in ungoverned[:10])
        more = f" and {len(ungoverned) - 10} more" if len(ungoverned) > 10 else ""  # noqa: PLR2004 - a few lines
        yield f"Not governed, so only --live can tell: {names}{more}."


def access_markdown(
    paths: Sequence[Path],
    ungoverned: Sequence[Address],
    command: str = "reconciler access",
    *,
    live: bool,
    complete: bool = True,
    who: str | None = None,
) -> str:
    """One table, cut where a step summary would be too large.

    `command` shows all of it. `who`: of whom it was asked.
    """
    rows = [
        (
            md_code(str(path.dataset), cell=True),
            md_code(str(path.principal), cell=True),
            md_code(path.level, cell=True),
            md_code(str(path.via), cell=True) if path.via else "directly",
            str(path.until or ""),
        )
        for path in paths
    ]
    table = Table("### Who can reach what", ("dataset", "who", "level", "how", "until"), rows)
    lines = table.lines(LARGE, shown_by(command)) or [_nothing(md_code(who) if who else None), ""]
    closing = [line for line in _closing(paths, ungoverned, live=live) if line and not line.startswith("Not governed")]
    unknown = [f"Not governed: {len(ungoverned)}."] if ungoverned else []
    unsure = [] if complete else [UNSURE]
    return "\n".join([*lines, " ".join([*closing, *unknown, *unsure]), ""])


def access_json(paths: Sequence[Path], ungoverned: Sequence[Address], *, live: bool, complete: bool = True) -> str:
    """A JSON object with every path."""
    document: Json = {
        "format_version": FORMAT_VERSION,
        "live": live,
        "complete": complete,
        "access": [_path(path) for path in paths],
        "ungoverned": [str(address) for address in ungoverned],
    }
    return json_text(to_json(document, indent=2).decode()) + "\n"


def _path(path: Path) -> Json:
    return {
        "dataset": str(path.dataset),
        "principal": str(path.principal),
        "principal_id": path.principal.id,
        "access": path.level,
        "via": str(path.via) if path.via else None,
        "via_id": path.via.id if path.via else None,
        "expires": str(path.until) if path.until else None,
    }
