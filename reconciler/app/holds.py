"""Which legal holds an apply has known: the memory that keeps a hold's release and the deletions it enables apart.

Kept in `.reconciler/holds.json`, by the vendor's id: a hold does not end because a manifest gives the dataset another
name. An apply that is approved adds the holds in its manifests; one that is done forgets those that its manifests no
longer have. Where the folder does not live on (a CI runner), only --guards-from knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import MsgspecError, Struct, json
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.facets.retention import RetentionSection
from reconciler.manifests import Identity, Workspace
from reconciler.planning import Desired, DesiredDataset

from .exits import Exit, Stop
from .surroundings import state_folder


class Hold(Struct, frozen=True, omit_defaults=True):
    """A hold that an apply has known, as it is recorded."""

    dataset: str
    """Its address then."""
    reason: str
    account: str = ""
    """Where the dataset lives."""
    id: str = ""
    """The vendor's; empty where it was yet to be created."""


Key: TypeAlias = Identity
"""What a dataset is known by; of one that had no id, its target and its name."""

Holds: TypeAlias = dict[Key, Hold]


def known(workspace: Path) -> Holds:
    """The holds that an apply has known.

    Raises:
        Stop: the record cannot be read.
    """
    path = _path(workspace)
    try:
        return {_key(hold): hold for hold in json.decode(path.read_bytes(), type=list[Hold])}
    except FileNotFoundError:
        return {}
    except (OSError, MsgspecError, ValueError) as error:
        summary = f"the record of legal holds cannot be read: {path}"
        hint = "Repair it, or remove it if you know that no hold was lifted."
        raise Stop(Exit.ERROR, Diagnostic("holds-unreadable", "error", summary, hint=hint)) from error


def _key(hold: Hold) -> Key:
    if hold.id:
        return hold.account, hold.id
    place = Address.parse(hold.dataset, ())
    return place.target, place.dataset


def _keys(workspace: Workspace, dataset: DesiredDataset | DatasetPlan) -> tuple[Key, ...]:
    """What a hold on `dataset` may be known by, the surest first."""
    named = (dataset.address.target, dataset.address.dataset)
    return (named,) if dataset.id is None else (workspace.identity(dataset.address, dataset.id), named)


def _reason(held: Holds, workspace: Workspace, dataset: DesiredDataset | DatasetPlan) -> str | None:
    return next((held[key].reason for key in _keys(workspace, dataset) if key in held), None)


def remembered(wanted: Desired, workspace: Workspace) -> Desired:
    """`wanted`, a part of `workspace`, with what is known of holds."""
    held = known(workspace.root)
    if not held:
        return wanted
    datasets = (_held(dataset, _reason(held, workspace, dataset)) for dataset in wanted.datasets)
    return replace(wanted, datasets=tuple(datasets))


def _held(dataset: DesiredDataset, reason: str | None) -> DesiredDataset:
    return replace(dataset, held=f'the legal hold "{reason}" (known from an earlier apply)') if reason else dataset


def note(workspace: Workspace, plan: Plan, *, done: bool) -> None:
    """Remember the holds of the datasets in `plan`; once an apply is `done`, forget the ones that were lifted.

    Raises:
        Stop: the record cannot be read or written (exit 1).
    """
    if _noted(workspace, plan, known(workspace.root), done=done) == known(workspace.root):
        return
    from .locking import one_at_a_time  # noqa: PLC0415 - a plan writes nothing

    # Shards of one plan note theirs at the same time.
    try:
        with one_at_a_time(state_folder(workspace.root) / "holds.lock"):
            _write(_path(workspace.root), _noted(workspace, plan, known(workspace.root), done=done))
    except OSError as error:
        summary = f"the record of legal holds cannot be written: {error.strerror or error}"
        hint = "Correct the rights on the folder `.reconciler`, or make room; then apply again."
        raise Stop(Exit.ERROR, Diagnostic("state-unusable", "error", summary, hint=hint)) from error


def _noted(workspace: Workspace, plan: Plan, held: Mapping[Key, Hold], *, done: bool) -> Holds:
    found = dict(held)
    about = {dataset.address for dataset in plan.datasets}
    for dataset in workspace.datasets:
        section = dataset.sections.get("retention")
        if dataset.address not in about or not isinstance(section, RetentionSection):
            continue
        if section.legal_hold is not None or done:
            for key in _keys(workspace, dataset):
                found.pop(key, None)
        if section.legal_hold is not None:
            account = workspace.targets[dataset.address.target].account
            hold = Hold(str(dataset.address), section.legal_hold.reason, account, dataset.id or "")
            found[_key(hold)] = hold
    return found


def check(workspace: Workspace, plan: Plan) -> None:
    """Refuse a saved plan that deletes what came under a hold after it was made.

    Raises:
        Stop: with exit 4.
    """
    held = known(workspace.root)
    lifted = {item.address.whole for item in plan.diagnostics if item.code == "release-of-hold" and item.address}
    for dataset in plan.changed:
        deletes = any(step.verb == "prune" for step in dataset.steps)
        reason = _reason(held, workspace, dataset)
        if deletes and reason is not None and dataset.address not in lifted:
            summary = f'it would delete versions under the legal hold "{reason}", which it does not know'
            hint = "Nothing was written. Make a new plan and have it reviewed."
            raise Stop(Exit.STALE, Diagnostic("plan-stale", "error", summary, dataset.address, hint))


def _write(path: Path, held: Mapping[Key, Hold]) -> None:
    from .writing import PRIVATE, place_text  # noqa: PLC0415 - most commands write no hold

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.format(json.encode([held[key] for key in sorted(held)]), indent=2)
    place_text(text.decode() + "\n", path, PRIVATE)


def _path(workspace: Path) -> Path:
    return state_folder(workspace) / "holds.json"
