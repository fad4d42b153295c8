"""The look at live state just before a write: is it still wanted, and does it still start from what is there?"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState, ProviderError, Reader
from reconciler.facets import BY_NAME

from .outcomes import Applied, Failed
from .portions import SecondLook, narrowed
from .standing import moved, standing


class Looked(Struct, frozen=True):
    """What a look shows."""

    step: Step
    """What is still wanted of the step."""
    spared: tuple[str, ...]
    """What is not, in words."""
    found: FacetState
    ended: Applied | Failed | None
    """What makes writing needless or wrong, if anything does."""

    def after(self, failure: ProviderError) -> Applied | Failed | None:
        """What makes it needless or wrong to write once more, after a write that ended with `failure`."""
        ended, after = self.ended, self.found.elements
        match ended:
            case Applied() if not failure.traced:
                return replace(ended, refused=failure.summary)
            case Applied():
                return Applied(self.step, after=after)
            case Failed() if failure.uncertain:
                # What neither holds nor is as it was may be the work of the write that failed, or somebody's.
                summary, hint = f"{failure.summary}; then {ended.summary}", "Plan again: it shows what is left."
                return replace(ended, code="outcome-unknown", summary=summary, hint=hint, uncertain=True, after=after)
            case Failed():
                return ended
            case None:
                return None


def look_at(reader: Reader, ref: DatasetRef, step: Step, second: SecondLook) -> Looked:
    """Look at what `step` changes; never does it become more than it is.

    Raises:
        ProviderError: it cannot be read.
    """
    found = read(reader, ref, step)
    step, spared = narrowed(step, found.elements, second)
    return Looked(step, spared, found, _before_writing(step, found))


def read(reader: Reader, ref: DatasetRef, step: Step) -> FacetState:
    """The facet that `step` is about.

    Raises:
        ProviderError: it cannot be read.
    """
    name = step.address.facet
    snapshot = reader.read(ref, frozenset({name}))
    if name not in snapshot.facets:
        reasons = "; ".join(diagnostic.summary for diagnostic in snapshot.diagnostics) or "it cannot be read"
        raise ProviderError(f"{name}: {reasons}")
    return snapshot.facets[name]


def _before_writing(step: Step, found: FacetState) -> Applied | Failed | None:
    """What makes writing needless or wrong, if anything does."""
    match standing(step, found.elements):
        case "done":
            return Applied(step, already=True, before=found.elements, after=found.elements)
        case "moved":
            facet = BY_NAME[step.address.facet]
            gone = [f"{facet.describe(item.change)} (found: {item.found})" for item in moved(step, found.elements)]
            summary = f"live state moved since the plan was made: {'; '.join(gone)}"
            hint = "Nothing was overwritten. Plan again."
            return Failed(step, "moved-since-plan", summary, hint, after=found.elements)
        case "pending":
            return None


def undone(step: Step, found: FacetState) -> str:
    """What of `step` was not there when it was read back, in words."""
    facet = BY_NAME[step.address.facet]
    holds = facet.holding(found.elements, step.desired)
    missing = [facet.describe(change) for change in step.changes if not holds(change)]
    return f"reading it back shows no trace of: {'; '.join(missing)}"
