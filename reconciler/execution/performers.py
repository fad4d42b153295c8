"""Performing a step for real: it is looked at, noted, written, and read back."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from msgspec.structs import replace

from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, Ended, FacetState, ProviderError, Writer

from .containing import contained
from .creating import NOBODY, Nursery, create
from .journal import Journal, JournalError
from .looking import Looked, look_at, read, undone
from .outcomes import INTERRUPTED, Applied, Failed, Outcome
from .portions import SecondLook, no_second_look, portions
from .standing import standing
from .traces import Done, Trace
from .tries import Tries


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
            return Failed.of(step, error)
        except JournalError as error:
            return _unjournaled(step, error)
        return made if isinstance(made, Failed) else self._created(step, made)

    def _created(self, step: Step, identifier: str) -> Outcome:
        # The id is worth more than the verification: it is noted before anything else can fail.
        self._journal.created(step, identifier)
        outcome = contained(step, lambda: self._read_back(DatasetRef(step.address.whole, identifier), step))
        return replace(outcome, created=identifier, before=())

    def _perform(self, ref: DatasetRef, step: Step) -> Outcome:
        try:
            looked = self._looked(ref, step)
        except ProviderError as error:
            return Failed.of(step, error)
        step, found = looked.step, looked.found
        if looked.ended is not None:
            return replace(looked.ended, spared=looked.spared)
        try:
            self._journal.intent(step, ref.id, found.elements)
        except JournalError as error:
            return _unjournaled(step, error)
        outcome = contained(step, lambda: self._in_portions(ref, step, found))
        before = found.elements if outcome.before is None else outcome.before
        return replace(outcome, before=before, spared=(*looked.spared, *outcome.spared))

    def _looked(self, ref: DatasetRef, step: Step) -> Looked:
        return look_at(self._writer, ref, step, self._look)

    def _in_portions(self, ref: DatasetRef, step: Step, found: FacetState) -> Applied | Failed:
        """Write a step part by part; before each further one, everything is read and judged again."""
        done = Done(step, found.elements)
        spared: tuple[str, ...] = ()
        parts = tuple(portions(step))
        for number, portion in enumerate(parts):
            if number and self._stop.is_set():
                return replace(done.all_told(Failed.refused(portion, Ended())), spared=spared)
            if number:
                outcome = self._further(ref, portion)
            else:
                outcome = self._written(ref, portion, found, several=len(parts) > 1)
            done, spared = done.and_then(outcome), (*spared, *outcome.spared)
            if isinstance(outcome, Failed) or len(parts) == 1:
                return replace(done.all_told(outcome), spared=spared)
        return Applied(replace(step, changes=done.changes), before=done.before, after=done.after, spared=spared)

    def _further(self, ref: DatasetRef, portion: Step) -> Applied | Failed:
        try:
            looked = self._looked(ref, portion)
        except ProviderError as error:
            return Failed.of(portion, error)
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
        """Write, and anew for as long as that may help; what is done by then, and not finished, is finished.

        What was found is as old as the wait was long: each attempt is made from a look of its own, which judges, too.
        """
        tries = Tries(self._wait)
        outcome = self._attempted(ref, portion, found, tries)
        try:
            if tries.owed is not None:
                tries.owed()
        except ProviderError as error:
            return _unfinished(outcome, error)
        return outcome

    def _attempted(self, ref: DatasetRef, portion: Step, found: FacetState, tries: Tries) -> Applied | Failed:
        spared: tuple[str, ...] = ()
        trace = Trace(portion, found.elements)
        while True:
            try:
                self._writer.write(ref, portion, found)
                tries.owed = None
                return trace.on(replace(self._read_back(ref, portion), spared=spared))
            except ProviderError as error:
                failure = tries.after(error)
            again = tries.further(failure)
            if not again or self._stop.is_set():
                outcome = self._settled(ref, portion, failure)
                if outcome.after is not None:
                    trace.look(portion, outcome.after, idle=tries.idle)
                return trace.on(replace(_interrupted(outcome) if again else outcome, spared=spared))
            try:
                with self._settling(failure):
                    looked = self._looked(ref, portion)
                portion, found, spared = looked.step, looked.found, (*spared, *looked.spared)
                if trace.look(portion, found.elements, idle=tries.idle):
                    tries.anew()
                if (ended := looked.after(failure)) is not None:
                    return trace.on(replace(ended, spared=spared))
                self._journal.again(portion, found.elements, failure.summary)
            except ProviderError as error:
                unread = _unread(portion, failure, error)
                return trace.on(replace(_interrupted(unread) if isinstance(error, Ended) else unread, spared=spared))
            except JournalError as error:
                unjournaled = replace(_unjournaled(portion, error), uncertain=failure.uncertain, spared=spared)
                return trace.on(replace(unjournaled, after=found.elements))

    def _wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _settling(self, failure: ProviderError) -> AbstractContextManager[None]:
        """Around what is read behind a `failure`: where nothing was done, nothing is to be found out before the end."""
        return self._writer.settling() if failure.traced else nullcontext()

    def _read_back(self, ref: DatasetRef, step: Step) -> Applied | Failed:
        """Never trust a 2xx: the facet is read once more."""
        with self._writer.settling():
            return self._verified(ref, step)

    def _verified(self, ref: DatasetRef, step: Step) -> Applied | Failed:
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
        with self._settling(error):
            outcome = self._verified(ref, step)
        if isinstance(outcome, Applied):
            # Who did what was refused, a rival or the vendor in spite of its answer, nobody knows: it is not ours.
            refused = None if isinstance(error, Ended) else error.summary
            rival = replace(outcome, already=True, refused=refused, before=outcome.after)
            return outcome if error.traced else rival
        if not error.uncertain and outcome.after is None:
            return _unread(step, error, outcome)
        if not error.uncertain:
            return replace(Failed.refused(step, error), after=outcome.after)
        hint = "Plan again: it shows what is left."
        return replace(outcome, code="outcome-unknown", summary=error.summary, hint=hint, uncertain=True)


def _unread(step: Step, error: ProviderError, since: ProviderError | Failed) -> Failed:
    """A write that failed, and was not read back: where it was begun, nobody knows how far it got."""
    whole = error.whole or since.whole
    if error.uncertain or not error.begun:
        return replace(Failed.of(step, error), whole=whole)
    summary = f"{error.summary}; a part of it was written before, and could not be read back"
    return Failed(step, "outcome-unknown", summary, error.hint, uncertain=True, whole=whole)


def _unfinished(outcome: Applied | Failed, error: ProviderError) -> Failed:
    """`outcome` where what finishes what was done failed."""
    if isinstance(outcome, Failed):
        return replace(outcome, summary=f"{outcome.summary}; then {error.summary}")
    failed = Failed(outcome.step, "outcome-unknown", error.summary, error.hint, uncertain=True, whole=error.whole)
    return replace(failed, before=outcome.before, after=outcome.after, spared=outcome.spared)


def _interrupted(outcome: Applied | Failed) -> Applied | Failed:
    """What became of a step that would have been written anew, had nobody asked to end."""
    if isinstance(outcome, Applied) or outcome.uncertain:
        return outcome
    return replace(outcome, code=INTERRUPTED, hint=Ended.GO_ON, whole=False)


def _unjournaled(step: Step, error: JournalError) -> Failed:
    hint = "Nothing is sent that is not in the journal. Make room on the disk, then apply again."
    return Failed(step, "journal-failed", str(error), hint)
