"""The two ways to perform a step: write it, or rehearse it."""

from __future__ import annotations

import threading
from typing import Protocol

from msgspec.structs import replace

from reconciler.core.changes import AnyChange, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError, Request, Writer

from .brake import INTERRUPTED
from .containing import contained
from .creating import NOBODY, Nursery, create
from .journal import Journal, JournalError
from .looking import Looked, look_at, read, undone
from .outcomes import Applied, Failed, Outcome
from .portions import SecondLook, no_second_look, portions
from .standing import standing
from .tries import Tries

GO_ON = "Apply again: it goes on with what is left."


class Performer(Protocol):
    """Performs one step of a dataset that exists, or creates it."""

    def create(self, step: Step) -> Outcome:
        """Create the dataset of `step`."""
        ...

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        """Make the changes of `step`."""
        ...


class Write:
    """Does it: reads, compares with the plan, notes the intent, writes, reads back, notes the outcome."""

    def __init__(
        self,
        writer: Writer,
        journal: Journal,
        look: SecondLook = no_second_look,
        nursery: Nursery = NOBODY,
        stop: threading.Event | None = None,
    ) -> None:
        self._writer = writer
        self._journal = journal
        self._look = look
        self._nursery = nursery
        self._stop = stop or threading.Event()

    def create(self, step: Step) -> Outcome:
        return self._noted(self._create(step))

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        return self._noted(self._perform(ref, step))

    def _noted(self, outcome: Outcome) -> Outcome:
        self._journal.outcome(outcome)
        return outcome

    def _create(self, step: Step) -> Outcome:
        try:
            made = create(step, self._writer, self._journal, self._nursery, self._stop)
        except ProviderError as error:
            return _failed(step, error)
        except JournalError as error:
            return _unjournaled(step, error)
        return made if isinstance(made, Failed) else self._created(step, made)

    def _created(self, step: Step, identifier: str) -> Outcome:
        # The id is worth more than the verification: it is noted before anything else can fail.
        self._journal.created(step, identifier)
        outcome = contained(step, lambda: self._verified(DatasetRef(step.address.whole, identifier), step))
        return replace(outcome, created=identifier, before=())

    def _perform(self, ref: DatasetRef, step: Step) -> Outcome:
        try:
            looked = self._looked(ref, step)
        except ProviderError as error:
            return _failed(step, error)
        step, found = looked.step, looked.found
        if looked.ended is not None:
            return replace(looked.ended, spared=looked.spared)
        try:
            self._journal.intent(step, ref.id, found.elements)
        except JournalError as error:
            return _unjournaled(step, error)
        outcome = contained(step, lambda: self._in_portions(ref, step, found))
        return replace(outcome, before=found.elements, spared=(*looked.spared, *outcome.spared))

    def _looked(self, ref: DatasetRef, step: Step) -> Looked:
        return look_at(self._writer, ref, step, self._look)

    def _in_portions(self, ref: DatasetRef, step: Step, found: FacetState) -> Applied | Failed:
        """Write a step part by part; before each further one, everything is read and judged again."""
        done: list[AnyChange] = []
        spared: tuple[str, ...] = ()
        after: Elements | None = None
        parts = tuple(portions(step))
        for number, portion in enumerate(parts):
            if number and self._stop.is_set():
                summary = f"{len(done)} of {len(step.changes)} were done before it was to end"
                return Failed(step, INTERRUPTED, summary, GO_ON, after=after, spared=spared)
            if number:
                outcome = self._further(ref, portion)
            else:
                outcome = self._written(ref, portion, found, several=len(parts) > 1)
            done += outcome.step.changes if isinstance(outcome, Applied) else ()
            spared, after = (*spared, *outcome.spared), outcome.after
            if isinstance(outcome, Failed):
                before = f"; {len(done)} of {len(step.changes)} were done before" if done else ""
                return replace(outcome, step=step, summary=outcome.summary + before, spared=spared)
        return Applied(replace(step, changes=tuple(done)), after=after, spared=spared)

    def _further(self, ref: DatasetRef, portion: Step) -> Applied | Failed:
        try:
            looked = self._looked(ref, portion)
        except ProviderError as error:
            return _failed(portion, error)
        outcome = looked.ended or self._written(ref, looked.step, looked.found, several=True)
        return replace(outcome, spared=(*looked.spared, *outcome.spared))

    def _written(self, ref: DatasetRef, portion: Step, found: FacetState, *, several: bool) -> Applied | Failed:
        try:
            if several:
                self._journal.portion(portion)
        except JournalError as error:
            return _unjournaled(portion, error)
        return self._insisted(ref, portion, found)

    def _insisted(self, ref: DatasetRef, portion: Step, found: FacetState) -> Applied | Failed:
        """Write, and anew for as long as that may help.

        What was found is as old as the wait was long: each attempt is made from a look of its own, which judges, too.
        """
        tries = Tries(self._wait)
        spared: tuple[str, ...] = ()
        while True:
            try:
                self._writer.write(ref, portion, found)
                return replace(self._verified(ref, portion), spared=spared)
            except ProviderError as error:
                failure = tries.after(error)
            again = tries.further(failure)
            if not again or self._stop.is_set():
                outcome = self._settled(ref, portion, failure)
                return replace(_interrupted(outcome) if again else outcome, spared=spared)
            try:
                looked = self._looked(ref, portion)
                portion, found, spared = looked.step, looked.found, (*spared, *looked.spared)
                if (ended := looked.after(failure)) is not None:
                    return replace(ended, spared=spared)
                self._journal.again(portion, found.elements, failure.summary)
            except ProviderError as error:
                return replace(_failed(portion, failure), whole=failure.whole or error.whole, spared=spared)
            except JournalError as error:
                return replace(_unjournaled(portion, error), uncertain=failure.uncertain, spared=spared)

    def _wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _verified(self, ref: DatasetRef, step: Step) -> Applied | Failed:
        """Never trust a 2xx: the facet is read once more."""
        try:
            found = read(self._writer, ref, step)
        except ProviderError as error:
            summary = f"it was written, and could not be read back: {error.summary}"
            return Failed(step, "outcome-unknown", summary, error.hint, uncertain=True, whole=error.whole)
        if standing(step, found.elements) == "done":
            return Applied(step, after=found.elements)
        summary = f"the vendor accepted it and {undone(step, found)}"
        hint = "Plan again to see what is left."
        return Failed(step, "accepted-not-applied", summary, hint, after=found.elements)

    def _settled(self, ref: DatasetRef, step: Step, error: ProviderError) -> Applied | Failed:
        """A write that failed is settled only by reading: it may have taken effect, wholly or in part."""
        outcome = self._verified(ref, step)
        if isinstance(outcome, Applied):
            # Some servers do what they then refuse: an answer that was cut off on its way back reads like a refusal.
            return outcome
        if not error.uncertain:
            return replace(_failed(step, error), after=outcome.after)
        hint = "Plan again: it shows what is left."
        return replace(outcome, code="outcome-unknown", summary=error.summary, hint=hint, uncertain=True)


class Rehearse:
    """Tells what `Write` would send. Its writer's transport refuses every write."""

    def __init__(self, writer: Writer, look: SecondLook = no_second_look) -> None:
        self._writer = writer
        self._look = look

    def create(self, step: Step) -> Outcome:
        self._writer.create(step)
        return Applied(step, created="(known after apply)", rehearsed=self._writer.rehearsed)

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        requests: list[Request] = []
        try:
            looked = look_at(self._writer, ref, step, self._look)
            if looked.ended is not None:
                return replace(looked.ended, spared=looked.spared)
            for portion in portions(looked.step):
                self._writer.write(ref, portion, looked.found)
                requests += self._writer.rehearsed
        except ProviderError as error:
            return _failed(step, error)
        return Applied(looked.step, rehearsed=tuple(requests), spared=looked.spared)


def _failed(step: Step, error: ProviderError) -> Failed:
    code = "outcome-unknown" if error.uncertain else "refused"
    return Failed(step, code, error.summary, error.hint, error.uncertain, error.whole)


def _interrupted(outcome: Applied | Failed) -> Applied | Failed:
    """What became of a step that would have been written anew, had nobody asked to end."""
    if isinstance(outcome, Applied) or outcome.uncertain:
        return outcome
    return replace(outcome, code=INTERRUPTED, hint=GO_ON, whole=False)


def _unjournaled(step: Step, error: JournalError) -> Failed:
    hint = "Nothing is sent that is not in the journal. Make room on the disk, then apply again."
    return Failed(step, "journal-failed", str(error), hint)
