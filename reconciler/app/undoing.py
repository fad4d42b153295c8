"""The undo plan of an apply: written beside its journal's folder, and applied like any saved plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan
from reconciler.execution import Outcome, Skipped
from reconciler.manifests import Workspace
from reconciler.planning.deeds import Deed, Deeds, Doubt
from reconciler.planning.undo import undo

from .deeds import Killed, account
from .pasts import stamp
from .planning import PlanOptions
from .saving import save, signed
from .surroundings import Surroundings, state_folder
from .workspaces import Selection, views


def write_undo(
    workspace: Workspace,
    datasets: Iterable[DatasetPlan],
    outcomes: Sequence[Outcome],
    begun: Mapping[str, Killed],
    world: Surroundings,
) -> tuple[Path | None, tuple[Diagnostic, ...]]:
    """Write the plan that undoes what `outcomes` tell; its path, and what it cannot undo. No path: nothing to undo.

    What killed applies of the same plan had `begun` is undone with it: they left no plan of their own.

    Raises:
        OSError: it cannot be written.
    """
    done = _done({dataset.address: dataset for dataset in datasets}, outcomes, begun)
    plan = undo(done, views(workspace), world.now())
    lost = tuple(item for item in plan.diagnostics if (item.code, item.severity) == ("not-undone", "warning"))
    if not plan.changed:
        return None, lost
    # The moment is part of its id: the same changes may be made and undone more than once.
    about = Selection(facets=tuple({step.address.facet for step in plan.steps if step.address.facet}))
    document = signed(plan, workspace, PlanOptions(about, as_of=world.now()), world)
    path = state_folder(workspace.root) / "undo" / f"{stamp(world.now())}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    save(document.text, path)
    return path, lost


def _done(
    datasets: dict[Address, DatasetPlan], outcomes: Sequence[Outcome], begun: Mapping[str, Killed]
) -> list[Deeds]:
    deeds: dict[Address, list[Deed]] = {address: [] for address in datasets}
    doubts: dict[Address, list[Doubt]] = {address: [] for address in datasets}
    ids = {address: dataset.id for address, dataset in datasets.items()}
    born = set()
    for outcome in outcomes:
        address = outcome.step.address.whole
        killed = begun.get(outcome.step.id)
        if not isinstance(outcome, Skipped) and outcome.created is not None:
            ids[address] = outcome.created
            born.add(address)
        if killed is not None and killed.creates and ids[address] is not None:
            born.add(address)
        known = account(outcome, killed)
        deeds[address] += known.deeds
        doubts[address] += known.doubts
    return [
        Deeds(datasets[address], str(ids[address]), tuple(mine), address in born, tuple(doubts[address]))
        for address, mine in deeds.items()
        if address in born or doubts[address] or any(deed.done for deed in mine)
    ]
