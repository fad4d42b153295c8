"""Findings as annotations of GitHub Actions: one line puts a finding beside its line in the pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from reconciler.core.diagnostics import RANK, Diagnostic, Severity, ordered

from .findings import message
from .safe import Level, annotation, terminal, workflow_data, workflow_property

MOST: Final = 10
"""As many of each level as a step may have; GitHub drops the rest without a word."""

LEVELS: Final[dict[Severity, Level]] = {"error": "error", "blocked": "error", "warning": "warning", "info": "notice"}


def diagnostics_annotations(diagnostics: Sequence[Diagnostic]) -> str:
    """Workflow commands, the most severe first; of each level at most `MOST`, the last telling how many more."""
    ranked = sorted(ordered(list(diagnostics)), key=lambda item: RANK[item.severity])
    lines: list[str] = []
    for level, group in groupby(ranked, key=lambda item: LEVELS[item.severity]):
        items = list(group)
        shown = items if len(items) <= MOST else items[: MOST - 1]
        lines += map(_line, shown)
        lines += _rest(level, len(items) - len(shown))
    return "".join(f"{line}\n" for line in lines)


def _line(item: Diagnostic) -> str:
    level = LEVELS[item.severity]
    text = message(item)
    if item.source is not None:
        place = item.source
        return annotation(level, text, file=place.file, line=place.line, column=place.column, title=item.code)
    where = f"{terminal(str(item.address))}: " if item.address else ""
    return f"::{level} title={workflow_property(item.code)}::{workflow_data(where + text)}"


def _rest(level: Level, count: int) -> Iterator[str]:
    if count:
        yield f"::{level}::and {count} more; the log of this step names them all"
