"""Exit codes, and the one exception that carries them (contract.md §3)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from reconciler.core.diagnostics import Diagnostic


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    ERROR = 1
    CHANGES = 2
    BLOCKED = 3
    STALE = 4
    PARTIAL = 5
    LOCKED = 6
    USAGE = 64
    INTERRUPTED = 130


ANEW = "Nothing was written. Make a new plan and have it reviewed."
"""What to do when a plan is stale."""


class Stop(Exception):  # noqa: N818 - not every stop is an error
    """A command cannot go on.

    Attributes:
        exit: the exit code.
        diagnostics: why, and what to do.
    """

    def __init__(self, code: Exit, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(item.summary for item in diagnostics))
        self.exit = code
        self.diagnostics: Sequence[Diagnostic] = diagnostics
