"""What became of each step."""

from __future__ import annotations

from typing import Self, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.changes import AnyChange, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import Ended, ProviderError, Request

INTERRUPTED = "interrupted"


class Applied(Struct, frozen=True):
    """The step's changes hold, and reading them back has shown it."""

    step: Step
    already: bool = False
    """They hold, and not by us: they did before anything was sent, or although what was sent was refused."""
    refused: str | None = None
    """How the vendor refused what was sent, where they hold all the same."""
    created: str | None = None
    """The id of the dataset this step created."""
    rehearsed: tuple[Request, ...] | None = None
    """In a dry run: the requests that would have been sent; they do not hold yet, if they were not there already."""
    before: Elements | None = None
    """The facet as it was before anything that we may have done, with what others are known to have changed since; of a
    dataset that was created, nothing."""
    after: Elements | None = None
    """The facet as it was read back."""
    spared: tuple[str, ...] = ()
    """What was planned and is no longer wanted, in words; `step` is without it."""


class Failed(Struct, frozen=True):
    """The step's changes do not hold."""

    step: Step
    code: str
    summary: str
    hint: str | None = None
    uncertain: bool = False
    """A write was sent and nobody knows whether it took effect."""
    whole: bool = False
    """What failed is the target, not this dataset: every other step of that target would fail alike."""
    blocks: tuple[str, ...] = ()
    """Ids of the steps of the same dataset that are not begun because of this."""
    created: str | None = None
    """The id of the dataset this step created before it failed."""
    before: Elements | None = None
    """The facet as it was before anything that we may have done, likewise; None when nothing was sent."""
    after: Elements | None = None
    """The facet as it was read last, behind what was sent, if anything was; a refused step may be done in part."""
    unread: tuple[AnyChange, ...] = ()
    """What was sent behind the last reading: nobody knows of it, while `after` tells of what was sent before it."""
    idle: bool = False
    """It was to end before anything was done for it, although its intent is noted."""
    spared: tuple[str, ...] = ()
    """What was planned and is no longer wanted, in words."""
    defect: Exception | None = None
    """What was raised, where nobody reckoned with it."""

    @classmethod
    def refused(cls, step: Step, error: ProviderError) -> Self:
        """`step`, which `error` kept from being done."""
        ended = isinstance(error, Ended)
        code, idle = INTERRUPTED if ended else "refused", ended and not error.traced
        return cls(step, code, error.summary, error.hint, whole=error.whole, idle=idle)

    @classmethod
    def of(cls, step: Step, error: ProviderError) -> Self:
        """`step`, which `error` kept from being done, or which may be done in spite of it."""
        failed = cls.refused(step, error)
        return replace(failed, code="outcome-unknown", uncertain=True) if error.uncertain else failed


class Skipped(Struct, frozen=True):
    """The step was not begun."""

    step: Step
    because: str
    """Id of the failed step it needs, or why the run stopped."""


Outcome: TypeAlias = Applied | Failed | Skipped
