"""The undo plan of an apply: written beside its journal's folder, and applied like any saved plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan
from reconciler.execution import Applied, Outcome
from reconciler.manifests import Workspace
from reconciler.planning.undo import Deed, Deeds, undo

from .codes import GUARD_CODES
from .pasts import stamp
from .planning import PlanOptions
from .saving import save, signed
from .surroundings import Surroundings
from .workspaces import views


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
    document = signed(plan, workspace, PlanOptions(as_of=world.now()), world)
    path = state / "undo" / f"{stamp(world.now())}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    save(document.text, path)
    return path, lost


def _done(datasets: dict[Address, DatasetPlan], outcomes: Sequence[Outcome]) -> list[Deeds]:
    deeds: dict[Address, list[Deed]] = {}
    ids = {address: dataset.id for address, dataset in datasets.items()}
    born = set()
    for outcome in outcomes:
        if not isinstance(outcome, Applied) or outcome.after is None:
            continue
        address = outcome.step.address.whole
        deeds.setdefault(address, []).append(
            Deed(outcome.step, outcome.before or (), outcome.after, done=not outcome.already)
        )
        if outcome.created is not None:
            ids[address] = outcome.created
            born.add(address)
    return [
        Deeds(datasets[address], str(ids[address]), tuple(mine), address in born)
        for address, mine in deeds.items()
        if any(deed.done for deed in mine)
    ]
