"""Diagnostics as text: where, which code, what is wrong, and what to do about it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Final

from reconciler.core.diagnostics import RANK, Code, Diagnostic, ordered

from .paint import paint
from .safe import terminal

WORDS: Final = {"error": "Error", "blocked": "Blocked", "warning": "Warning", "info": "Note"}
"""Severities in the words a reader sees."""


def diagnostics_text(diagnostics: Sequence[Diagnostic], *, color: bool = False, width: int | None = None) -> str:
    """Every finding under the word for its severity, the worst first; empty when there is none.

    A finding is one line for editors and scripts; with `width`, for people, it is wrapped.
    """
    ranked = sorted(ordered(list(diagnostics)), key=lambda item: RANK[item.severity])
    lines: list[str] = []
    for severity, group in groupby(ranked, key=lambda item: item.severity):
        lines += [*([""] if lines else []), f"{paint(WORDS[severity], severity, color=color)}:"]
        lines += [part for item in group for line in _lines(item) for part in _wrapped(line, width)]
    return "\n".join([*lines, ""]) if lines else ""


def _wrapped(line: str, width: int | None) -> list[str]:
    if width is None or len(line) <= width:
        return [line]
    return wrap(line, width, subsequent_indent=" " * 4, break_long_words=False, break_on_hyphens=False)


def headline(item: Diagnostic) -> str:
    """One finding in one line, its place first so that editors can jump there."""
    message = terminal(item.summary)
    if item.source is not None:
        return f"{terminal(str(item.source), None)}: {item.code} {message}"
    if item.address is not None:
        return f"{item.code} {terminal(str(item.address))}: {message}"
    return f"{item.code}: {message}"


def message(item: Diagnostic) -> str:
    """What is wrong and what to do, as one text."""
    if not item.hint:
        return item.summary
    return f"{item.summary}{'' if item.summary.endswith(('.', '?', '!')) else '.'} {item.hint}"


def _lines(item: Diagnostic) -> Iterator[str]:
    yield headline(item)
    if item.hint:
        yield f"  {terminal(item.hint)}"


def lifts(diagnostics: Iterable[Diagnostic], codes: Iterable[Code]) -> tuple[list[str], list[str]]:
    """What lifts each blocking finding (`CODE@ADDRESS`), and those that nothing lifts; sorted, each once."""
    fixed = {code.name for code in codes if not code.liftable}
    blocking = [item for item in diagnostics if item.severity == "blocked"]
    return (
        sorted({_where(item) for item in blocking if item.code not in fixed}),
        sorted({_where(item) for item in blocking if item.code in fixed}),
    )


def lifting_text(diagnostics: Iterable[Diagnostic], codes: Iterable[Code]) -> list[str]:
    """How to lift what blocks a plan, as lines that close its text; empty when nothing blocks it."""
    can, cannot = lifts(diagnostics, codes)
    lines = [""] if can or cannot else []
    if can:
        lines += ["To allow what is blocked, once you have checked it:"]
        lines += [f"  {allowing(item)}" for item in can]
    if cannot:
        lines += ["Cannot be allowed:", *(f"  {terminal(item)}" for item in cannot)]
    return lines


def allowing(where: str) -> str:
    """The flag that lifts `CODE@ADDRESS`, as a shell takes it."""
    return f"--allow {shlex.quote(terminal(where))}"


def _where(item: Diagnostic) -> str:
    return f"{item.code}@{item.address.whole}" if item.address else item.code
