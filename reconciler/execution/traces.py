"""What of a step is our work: told apart from what was there before it, and from what others did meanwhile."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.changes import AnyChange, Elements
from reconciler.core.plan import Step
from reconciler.facets.effects import carried, holding, keys, made

from .outcomes import Applied, Failed

Settled = TypeVar("Settled", Applied, Failed, Applied | Failed)


class Trace:
    """What was there before us, over all attempts at one write.

    Behind an attempt that did something, what others did until the look counts as ours, too. No earlier look could tell
    it apart: an attempt breaks off and is made anew for a 429, or for want of a connection, and then reads wait, too.

    Args:
        step: what is attempted.
        found: the facet as it was found before the first attempt.
    """

    def __init__(self, step: Step, found: Elements) -> None:
        self._before, self._most = found, len(holding(step, found))
        self._ours = frozenset[str]()

    def look(self, step: Step, found: Elements, *, idle: bool) -> bool:
        """Take note of a look behind an attempt, which may have been `idle`; whether more holds than ever before."""
        done = frozenset[str]().union(*map(keys, made(step, self._before, found)))
        # Behind an idle one, what is different is somebody else's work, and what is undone of ours is ours no more.
        self._ours = self._ours & done if idle else done
        if idle:
            self._before = carried(self._before, found, self._ours)
        held, most = len(holding(step, found)), self._most
        self._most = max(held, most)
        return held > most

    def on(self, outcome: Settled) -> Settled:
        """`outcome` with what was there before us, where it does not say so itself."""
        return replace(outcome, before=self._before) if outcome.before is None else outcome


class Done(Struct, frozen=True):
    """What was done of a step, over all of its parts."""

    step: Step
    before: Elements
    """The facet as it was, but for what others have changed since."""
    changes: tuple[AnyChange, ...] = ()
    """Those of them that are our work."""
    after: Elements | None = None
    unread: tuple[AnyChange, ...] = ()

    def and_then(self, outcome: Applied | Failed) -> Done:
        """And a further part, which ended with `outcome`."""
        before = self.before
        # Where nothing of the part was sent, what is different behind the look is somebody else's work, too.
        seen = outcome.after if outcome.before is None else outcome.before
        if seen is not None:
            before = carried(before, seen, frozenset[str]().union(*map(keys, self.changes)))
        if outcome.after is None:
            uncertain = isinstance(outcome, Failed) and outcome.uncertain
            return replace(self, before=before, unread=outcome.step.changes if uncertain else ())
        changes = (*self.changes, *made(outcome.step, before, outcome.after))
        return replace(self, before=before, changes=changes, after=outcome.after)

    def all_told(self, outcome: Applied | Failed) -> Applied | Failed:
        """The outcome of the whole step, whose last part ended with `outcome`."""
        if isinstance(outcome, Applied):
            return replace(outcome, before=self.before)
        told = f"; {len(self.changes)} of {len(self.step.changes)} were done before" if self.changes else ""
        return replace(
            outcome,
            step=self.step,
            summary=outcome.summary + told,
            before=self.before,
            after=self.after,
            unread=self.unread if self.after is not None else (),
            idle=outcome.idle and not self.changes,
        )
