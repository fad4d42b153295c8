"""What of a step that is written in parts is our work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Drop
from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, FacetState
from reconciler.core.principals import Principal
from reconciler.execution import Failed, Journal, Write
from reconciler.facets.retention import Version
from tests.support.memory import Memory

REF = DatasetRef(Address("acme", "orders"), "1")
VERSIONS = tuple(Version(f"{number:02}", datetime(2026, 1, 1, tzinfo=UTC)) for number in range(20))
PRUNED = Step(REF.address.of("retention"), "prune", tuple(map(Drop, VERSIONS)), ())
OTHER = replace(VERSIONS[19], rows=7)


@dataclass
class Shared(Memory):
    """Behind the first part somebody else deletes five versions of the second one, and rewrites another."""

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        super().write(ref, step, found)
        self.datasets[ref.id]["retention"] = (*VERSIONS[15:19], OTHER)


def test_what_somebody_else_did_between_two_parts_is_not_ours() -> None:
    """The second part is not begun, for it is not as it was; of what is gone from it, we took nothing away."""
    vendor = Shared({"1": {"retention": VERSIONS}}, Principal("user", "900"))
    outcome = Write(vendor, Journal(None, lambda: 0.0)).perform(REF, PRUNED)
    assert isinstance(outcome, Failed)
    assert outcome.summary.endswith("; 10 of 20 were done before")
    assert (outcome.before, outcome.after) == ((*VERSIONS[:10], *VERSIONS[15:19], OTHER), (*VERSIONS[15:19], OTHER))
