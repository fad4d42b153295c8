"""How a vendor does not do what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar


class ProviderError(Exception):
    """A vendor did not do what it was asked.

    Attributes:
        summary: what happened, in one sentence.
        hint: what the user can do about it.
        retryable: asking again may help.
        uncertain: a write was sent and its outcome is unknown; only reading can tell.
        missing: the dataset does not exist, or the token may not see it.
        whole: it concerns the target, not this dataset: every other request would fail alike.
        mangled: it was answered, with what nobody can read.
        begun: an earlier request of the same write was accepted, so a part of it is done.
        again: a write may be made anew, from what is read after so many seconds; None: that would not help.
        owed: what finishes what was done of a write, should it not be made anew; None: nothing does, or is missing.
    """

    owed: Callable[[], object] | None = None

    def __init__(
        self,
        summary: str,
        *,
        hint: str | None = None,
        retryable: bool = False,
        uncertain: bool = False,
        missing: bool = False,
        whole: bool = False,
        mangled: bool = False,
        begun: bool = False,
        again: float | None = None,
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint
        self.retryable = retryable
        self.uncertain = uncertain
        self.missing = missing
        self.whole = whole
        self.mangled = mangled
        self.begun = begun
        self.again = again

    @property
    def traced(self) -> bool:
        """Whether anything of the write may have been done."""
        return self.uncertain or self.begun


class Ended(ProviderError):  # noqa: N818 - nothing is wrong
    """Nothing is wrong: whoever runs this asked to end, so a request that no longer mattered was not sent."""

    GO_ON: ClassVar[str] = "Apply again: it goes on with what is left."

    def __init__(self) -> None:
        super().__init__("it was ended", hint=self.GO_ON)
