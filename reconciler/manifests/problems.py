"""What is wrong with a text, as diagnostics about its file."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.core.diagnostics import Diagnostic, Source

from .yaml import Problem


def told(problems: Iterable[Problem], file: str) -> tuple[Diagnostic, ...]:
    """Problems of a text as errors in `file`, which is what the user calls it."""
    return tuple(
        Diagnostic(
            item.code, "error", item.message, None, item.hint, Source(file, item.position.line, item.position.column)
        )
        for item in problems
    )
