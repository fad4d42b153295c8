"""What became of each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.core.plan import Step
from reconciler.core.ports import Request


@dataclass(frozen=True, slots=True)
class Applied:
    """The step's changes hold, and reading them back has shown it."""

    step: Step
    already: bool = False
    """They held before anything was sent."""
    created: str | None = None
    """The id of the dataset this step created."""
    rehearsed: tuple[Request, ...] = ()
    """In a dry run: the requests that would have been sent."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The step's changes do not hold."""

    step: Step
    code: str
    summary: str
    hint: str | None = None
    uncertain: bool = False
    """A write was sent and nobody knows whether it took effect."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The step was not begun."""

    step: Step
    because: str
    """Id of the failed step it needs, or why the run stopped."""


Outcome: TypeAlias = Applied | Failed | Skipped
