"""Going on where an apply stopped: what its journal and the manifests know of datasets that were being created."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import Reader
from reconciler.execution import Birth, Unreckoned
from reconciler.manifests import Workspace

from .births import Ruling, lifted, not_ours, rule, unreckoned
from .exits import Exit, Stop
from .following import command_line
from .foreign import check_state
from .journaling import kept_plan
from .pasts import applied_last, known_births, unfinished_beside
from .sharding import Shard
from .surroundings import Surroundings, state_folder
from .workspaces import views


def to_resume(workspace: Workspace, shard: Shard | None = None) -> Path | None:
    """The plan that `workspace` applied last, unless all of it, or `shard` of it, was completed.

    Raises:
        Stop: that plan is gone, or what was not completed is another part of it or another workspace's, or the state is
            not this machine's (exit 1).
    """
    check_state(workspace.root)
    pasts, part = applied_last(workspace.root), str(shard) if shard else None
    left = {each: past for each, past in pasts.items() if past.ended != "complete"}
    past = left.get(part)
    if past is None:
        if left and part not in pasts:
            raise Stop(Exit.ERROR, _otherwise(workspace.root, left))
        if not left and (name := unfinished_beside(workspace.root)) is not None:
            raise Stop(Exit.ERROR, _elsewhere(workspace.root, name))
        return None
    path = kept_plan(past.path)
    if not path.exists():
        summary = f"the plan of the unfinished apply in {past.path} is gone"
        hint = "Plan again: the plan shows what is left."
        raise Stop(Exit.ERROR, Diagnostic("not-resumable", "error", summary, hint=hint))
    return path


def _otherwise(workspace: Path, left: Iterable[str | None]) -> Diagnostic:
    parts = sorted(left, key=str)
    what = ", ".join(f"shard {part}" if part else "the whole of it" for part in parts)
    summary = f"what is unfinished of the plan that was applied last is another part: {what}"
    lines = (command_line(workspace, "apply", "--resume", *(["--shard", part] if part else [])) for part in parts)
    hint = f"Go on with {' and '.join(lines)}."
    return Diagnostic("not-resumable", "error", summary, hint=hint)


def _elsewhere(workspace: Path, name: str) -> Diagnostic:
    summary = f"the apply that is unfinished is of the workspace {name}, which is beside this one"
    there = state_folder(workspace).parent / name
    line = command_line(Path(os.path.relpath(there)), "apply", "--resume", named=True)
    hint = f"Go on with {line}. To keep their journals apart, put each into a folder of its own."
    return Diagnostic("not-resumable", "error", summary, hint=hint)


class Agreed(Struct, frozen=True):
    """A plan whose datasets have the ids that they have by now."""

    plan: Plan
    rulings: tuple[Ruling, ...]
    """What was found out about creations, to be noted before anything else."""
    newborn: Mapping[str, Mapping[str, Elements]]
    """What a dataset looks like that was just created, by target."""
    strangers: Unreckoned
    """Which datasets of a name nobody knew of when this plan was made."""


class _Agreement(Struct, frozen=True):
    """What is compared while the lock is held."""

    workspace: Path
    plan_id: str
    births: Mapping[str, Birth]
    manifests: Mapping[Address, str | None]
    """The ids that manifests have."""
    readers: Mapping[str, Reader]
    newborn: Mapping[str, Mapping[str, Elements]]
    now: Callable[[], datetime]
    stop: threading.Event

    def of(self, dataset: DatasetPlan) -> Ruling | None:
        """What to know of a dataset whose plan and manifest do not both have its id; None: nothing."""
        if dataset.address not in self.manifests:
            if dataset.id is None:
                raise _stale(dataset.address, "it is to be created, and its manifest, which takes its id, is gone")
            return None
        birth = self.births.get(str(dataset.address), Birth("none"))
        written = self.manifests.get(dataset.address)
        if dataset.id is not None:
            if written is not None and written != dataset.id:
                raise _stale(dataset.address, f"its manifest names {written} now, not {dataset.id}")
            return None if written is not None else Ruling(dataset.address, dataset.id)
        if birth.workspace is not None:
            if written is None:
                raise Stop(Exit.PARTIAL, not_ours(self.workspace, dataset.address, birth, birth.workspace))
            birth = Birth("none")
        if birth.state == "made" and birth.plan_id == self.plan_id:
            return Ruling(dataset.address, birth.id)
        if birth.state == "open" and birth.plan_id == self.plan_id and written not in {None, *(birth.known or ())}:
            # The manifest got the id, and the journal, on a full disk, did not.
            return Ruling(dataset.address, written)
        if birth.state == "made" or written is not None:
            raise _stale(dataset.address, f"it was created meanwhile, with id {birth.id or written}")
        return self._of_open(dataset.address, birth) if birth.state == "open" else None

    def _of_open(self, address: Address, birth: Birth) -> Ruling:
        reader, newborn = self.readers[address.target], self.newborn[address.target]
        ruling = rule(self.workspace, address, birth, reader, newborn, self.now, self.stop.wait)
        if isinstance(ruling, Diagnostic):
            raise Stop(Exit.PARTIAL, ruling)
        if ruling.id is not None and birth.plan_id != self.plan_id:
            raise _stale(address, f"it was created by an earlier apply, with id {ruling.id}")
        return ruling


def agree(
    plan: Plan,
    plan_id: str,
    workspace: Workspace,
    readers: Mapping[str, Reader],
    world: Surroundings,
    stop: threading.Event,
) -> Agreed:
    """`plan` with the ids of datasets that an earlier try created, found out while nobody else can apply.

    Raises:
        Ended: `stop` was set before that was found out.
        Stop: a dataset was created by another plan (exit 4), or nobody knows whether it was (exit 5).
    """
    births = known_births(workspace.root)
    manifests = {dataset.address: dataset.id for dataset in workspace.datasets}
    newborn = {name: view.newborn for name, view in views(workspace).items()}
    agreement = _Agreement(workspace.root, plan_id, births, manifests, readers, newborn, world.now, stop)
    found = [(dataset, agreement.of(dataset)) for dataset in plan.changed]
    rulings = tuple(ruling for _, ruling in found if ruling is not None)
    ids = {ruling.address: ruling.id for ruling in rulings}
    agreed = replace(plan, datasets=_with_ids(plan.datasets, ids))
    return Agreed(agreed, rulings, newborn, unreckoned(lifted(plan), births))


def _with_ids(datasets: Iterable[DatasetPlan], ids: Mapping[Address, str | None]) -> tuple[DatasetPlan, ...]:
    return tuple(replace(dataset, id=dataset.id or ids.get(dataset.address)) for dataset in datasets)


def _stale(address: Address, why: str) -> Stop:
    hint = "Nothing was written. Make a new plan."
    return Stop(Exit.STALE, Diagnostic("plan-stale", "error", why, address, hint))
