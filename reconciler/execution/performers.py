"""The two ways to perform a step: write it, or rehearse it."""

from __future__ import annotations

from typing import Protocol

from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError, Writer
from reconciler.facets import BY_NAME

from .journal import Journal
from .outcomes import Applied, Failed, Outcome
from .standing import moved, standing


class Performer(Protocol):
    """Performs one step of a dataset that exists, or creates it."""

    def create(self, step: Step) -> Outcome:
        """Create the dataset of `step`."""
        ...

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        """Make the changes of `step`."""
        ...


class Write:
    """Does it: reads, compares with the plan, notes the intent, writes, reads back."""

    def __init__(self, writer: Writer, journal: Journal) -> None:
        self._writer = writer
        self._journal = journal

    def create(self, step: Step) -> Outcome:
        self._journal.intent(step)
        try:
            identifier = self._writer.create(step)
        except ProviderError as error:
            return _failed(step, error)
        # The id is worth more than the verification: it is noted before anything else can fail.
        self._journal.created(step, identifier)
        ref = DatasetRef(step.address.whole, identifier)
        outcome = self._verified(ref, step)
        return Applied(step, created=identifier) if isinstance(outcome, Applied) else outcome

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        try:
            found = _read(self._writer, ref, step)
        except ProviderError as error:
            return _failed(step, error)
        if (early := _before_writing(step, found)) is not None:
            return early
        self._journal.intent(step)
        try:
            self._writer.write(ref, step, found)
        except ProviderError as error:
            return self._settled(ref, step, error) if error.uncertain else _failed(step, error)
        return self._verified(ref, step)

    def _verified(self, ref: DatasetRef, step: Step) -> Outcome:
        """Never trust a 2xx: the facet is read once more."""
        try:
            found = _read(self._writer, ref, step)
        except ProviderError as error:
            summary = f"it was written, and could not be read back: {error.summary}"
            return Failed(step, "outcome-unknown", summary, error.hint, uncertain=True)
        if standing(step, found.elements) == "done":
            return Applied(step)
        summary = f"the vendor accepted it and {_undone(step, found)}"
        return Failed(step, "accepted-not-applied", summary, "Plan again to see what is left.")

    def _settled(self, ref: DatasetRef, step: Step, error: ProviderError) -> Outcome:
        """An uncertain write is settled only by reading."""
        outcome = self._verified(ref, step)
        if isinstance(outcome, Applied):
            return outcome
        return Failed(step, "outcome-unknown", error.summary, "Plan again: it shows what is left.", uncertain=True)


class Rehearse:
    """Tells what `Write` would send. Its writer's transport refuses every write."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def create(self, step: Step) -> Outcome:
        self._writer.create(step)
        return Applied(step, created="(known after apply)", rehearsed=self._writer.rehearsed)

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        try:
            found = _read(self._writer, ref, step)
            if (early := _before_writing(step, found)) is not None:
                return early
            self._writer.write(ref, step, found)
        except ProviderError as error:
            return _failed(step, error)
        return Applied(step, rehearsed=self._writer.rehearsed)


def _read(writer: Writer, ref: DatasetRef, step: Step) -> FacetState:
    name = step.address.facet
    snapshot = writer.read(ref, frozenset({name}))
    if name not in snapshot.facets:
        reasons = "; ".join(diagnostic.summary for diagnostic in snapshot.diagnostics) or "it cannot be read"
        raise ProviderError(f"{name}: {reasons}")
    return snapshot.facets[name]


def _before_writing(step: Step, found: FacetState) -> Outcome | None:
    """What makes writing needless or wrong, if anything does."""
    match standing(step, found.elements):
        case "done":
            return Applied(step, already=True)
        case "moved":
            facet = BY_NAME[step.address.facet]
            gone = [f"{facet.describe(item.change)} (found: {item.found})" for item in moved(step, found.elements)]
            summary = f"live state moved since the plan was made: {'; '.join(gone)}"
            return Failed(step, "moved-since-plan", summary, "Nothing was overwritten. Plan again.")
        case "pending":
            return None


def _undone(step: Step, found: FacetState) -> str:
    facet = BY_NAME[step.address.facet]
    undone = [
        facet.describe(change) for change in step.changes if not facet.holds(change, found.elements, step.desired)
    ]
    return f"reading it back shows no trace of: {'; '.join(undone)}"


def _failed(step: Step, error: ProviderError) -> Failed:
    code = "outcome-unknown" if error.uncertain else "refused"
    return Failed(step, code, error.summary, error.hint, error.uncertain)
