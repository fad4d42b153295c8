"""Which legal holds an apply has known: the memory that keeps a hold's release and the deletions it enables apart.

Kept in `.reconciler/holds.json`. An apply that is approved adds the holds in its manifests; one that is done forgets
those that its manifests no longer have. Where the folder does not live on (a CI runner), only --guards-from knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets.retention import RetentionSection
from reconciler.manifests import Workspace
from reconciler.planning import Desired, DesiredDataset

from .exits import Exit, Stop
from .surroundings import state_folder


def known(workspace: Path) -> dict[Address, str]:
    """The reason of each hold that an apply has known, by dataset.

    Raises:
        Stop: the record cannot be read.
    """
    path = _path(workspace)
    try:
        held = json.loads(path.read_bytes())
        return {Address.parse(place, ()): str(reason) for place, reason in held.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        summary = f"the record of legal holds cannot be read: {path}"
        hint = "Repair it, or remove it if you know that no hold was lifted."
        raise Stop(Exit.ERROR, Diagnostic("holds-unreadable", "error", summary, hint=hint)) from error


def remembered(wanted: Desired, workspace: Path) -> Desired:
    """`wanted` with what is known of holds."""
    held = known(workspace)
    if not held:
        return wanted
    return replace(wanted, datasets=tuple(_held(dataset, held.get(dataset.address)) for dataset in wanted.datasets))


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
            held = _noted(workspace, plan, known(workspace.root), done=done)
            _write(_path(workspace.root), held.items())
    except OSError as error:
        summary = f"the record of legal holds cannot be written: {error.strerror or error}"
        hint = "Correct the rights on the folder `.reconciler`, or make room; then apply again."
        raise Stop(Exit.ERROR, Diagnostic("state-unusable", "error", summary, hint=hint)) from error


def _noted(workspace: Workspace, plan: Plan, held: Mapping[Address, str], *, done: bool) -> dict[Address, str]:
    found = dict(held)
    about = {dataset.address for dataset in plan.datasets}
    for dataset in workspace.datasets:
        section = dataset.sections.get("retention")
        if dataset.address not in about or not isinstance(section, RetentionSection):
            continue
        if section.legal_hold is not None:
            found[dataset.address] = section.legal_hold.reason
        elif done:
            found.pop(dataset.address, None)
    return found


def check(workspace: Path, plan: Plan) -> None:
    """Refuse a saved plan that deletes what came under a hold after it was made.

    Raises:
        Stop: with exit 4.
    """
    held = known(workspace)
    lifted = {item.address.whole for item in plan.diagnostics if item.code == "release-of-hold" and item.address}
    for dataset in plan.changed:
        deletes = any(step.verb == "prune" for step in dataset.steps)
        if deletes and dataset.address in held and dataset.address not in lifted:
            summary = f'it would delete versions under the legal hold "{held[dataset.address]}", which it does not know'
            hint = "Nothing was written. Make a new plan and have it reviewed."
            raise Stop(Exit.STALE, Diagnostic("plan-stale", "error", summary, dataset.address, hint))


def _write(path: Path, held: Iterable[tuple[Address, str]]) -> None:
    from .writing import PRIVATE, place_text  # noqa: PLC0415 - most commands write no hold

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    words = {str(address): reason for address, reason in sorted(held)}
    place_text(json.dumps(words, indent=2, ensure_ascii=False) + "\n", path, PRIVATE)


def _path(workspace: Path) -> Path:
    return state_folder(workspace) / "holds.json"
