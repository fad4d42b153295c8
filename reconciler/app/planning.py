"""The use case plan: load, read, plan. Writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain

from reconciler.core.diagnostics import ordered
from reconciler.core.plan import Plan
from reconciler.core.ports import Target
from reconciler.manifests import Workspace
from reconciler.planning import Allow, Desired, judged, plan_part

from .births import finding, settled
from .connections import sessions, targets
from .guards import baseline, under
from .holds import remembered
from .policies import judged_on
from .reading import arriving
from .surroundings import Surroundings, state_folder
from .workspaces import Selection, desired


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is asked for."""

    selection: Selection = field(default_factory=Selection)
    allows: Sequence[Allow] = ()
    as_of: datetime | None = None
    """The moment to plan for; None: now."""
    guards_from: str | None = None
    """The git ref whose guards count; None: those of the manifests at hand."""
    progress: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what an apply of it needs."""

    plan: Plan
    targets: dict[str, Target]
    as_of: datetime


def make_plan(workspace: Workspace, options: PlanOptions, surroundings: Surroundings) -> Planned:
    """Plan the selected part of `workspace` against live state.

    Raises:
        Stop: the selection names nothing, a token is missing, or the guards of another ref cannot be read.
    """
    wanted = remembered(desired(workspace, options.selection), workspace.root)
    base = baseline(workspace.root, options.guards_from) if options.guards_from else None
    wanted = under(wanted, base) if base else wanted
    used = targets(workspace, (dataset.address.target for dataset in wanted.datasets), surroundings)
    as_of = options.as_of or surroundings.now()
    judge = judged_on(as_of.astimezone(UTC).date())
    with sessions(used, "read") as readers:
        wanted, rulings = settled(wanted, state_folder(workspace.root), readers, surroundings.now)
        existing = [dataset for dataset in wanted.datasets if dataset.id is not None]
        new = ((dataset, None) for dataset in wanted.datasets if dataset.id is None)
        read = arriving(existing, readers, workers(used), options.progress)
        part = plan_part(wanted, chain(read, new), as_of, options.allows, judge)
    made = judged(part, wanted, as_of, options.allows)
    remarks = [*(base.remarks if base else ()), *map(finding, rulings)]
    made = replace(made, diagnostics=ordered([*made.diagnostics, *remarks])) if remarks else made
    return Planned(made, used, as_of)


def workers(used: dict[str, Target]) -> int:
    """How many datasets are worked on at the same time, over all targets."""
    return max(1, sum(target.concurrency for target in used.values()))


__all__ = ["Desired", "PlanOptions", "Planned", "make_plan", "workers"]
