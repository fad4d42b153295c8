"""The undo plan of an apply: written beside its journal's folder, and applied like any saved plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Step
from reconciler.execution import Applied, Failed, Outcome, Skipped
from reconciler.manifests import Workspace
from reconciler.planning.undo import Deed, Deeds, undo

from .codes import GUARD_CODES
from .pasts import stamp
from .planning import PlanOptions
from .saving import save, signed
from .surroundings import Surroundings
from .workspaces import Selection, views


def write_undo(
    workspace: Workspace, datasets: Iterable[DatasetPlan], outcomes: Sequence[Outcome], world: Surroundings, state: Path
) -> tuple[Path | None, tuple[Diagnostic, ...]]:
    """Write the plan that undoes what `outcomes` tell; its path, and what it cannot undo. No path: nothing to undo.

    Raises:
        OSError: it cannot be written.
    """
    done = _done({dataset.address: dataset for dataset in datasets}, outcomes)
    plan = undo(done, views(workspace), world.now(), GUARD_CODES)
    lost = tuple(item for item in plan.diagnostics if (item.code, item.severity) == ("not-undone", "warning"))
    if not plan.changed:
        return None, lost
    # The moment is part of its id: the same changes may be made and undone more than once.
    about = Selection(facets=tuple({step.address.facet for step in plan.steps if step.address.facet}))
    document = signed(plan, workspace, PlanOptions(about, as_of=world.now()), world)
    path = state / "undo" / f"{stamp(world.now())}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    save(document.text, path)
    return path, lost


def _done(datasets: dict[Address, DatasetPlan], outcomes: Sequence[Outcome]) -> list[Deeds]:
    deeds: dict[Address, list[Deed]] = {address: [] for address in datasets}
    unknown: dict[Address, list[Step]] = {address: [] for address in datasets}
    ids = {address: dataset.id for address, dataset in datasets.items()}
    born = set()
    for outcome in outcomes:
        if isinstance(outcome, Skipped):
            continue
        address = outcome.step.address.whole
        deed = _deed(outcome)
        if deed is not None:
            deeds[address].append(deed)
        elif isinstance(outcome, Failed) and outcome.before is not None:
            unknown[address].append(outcome.step)
        if outcome.created is not None:
            ids[address] = outcome.created
            born.add(address)
    return [
        Deeds(datasets[address], str(ids[address]), tuple(mine), address in born, tuple(unknown[address]))
        for address, mine in deeds.items()
        if address in born or unknown[address] or any(deed.done for deed in mine)
    ]


def _deed(outcome: Applied | Failed) -> Deed | None:
    """What a step did, as far as it was read back; a step that failed may have taken effect in part."""
    if outcome.after is None:
        return None
    if isinstance(outcome, Applied):
        return Deed(outcome.step, outcome.before or (), outcome.after, done=not outcome.already)
    return None if outcome.before is None else Deed.of_failed(outcome.step, outcome.before, outcome.after)
