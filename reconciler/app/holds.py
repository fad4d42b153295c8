"""Which legal holds an apply has known: the memory that keeps a hold's release and the deletions it enables apart.

Kept in `.reconciler/holds.json`, by account and id: a hold does not end because a manifest gives the dataset another
name, or the Workspace names its account in another way. An apply that is approved adds the holds in its manifests; one
that is done forgets those that its manifests no longer have. Where only the vendor knows whether a hold is on the very
same dataset, it is not forgotten, only released for this one; so is one that the workspace beside this one has on what
it called the same before that had an id. Where the folder does not live on (a CI runner), only --guards-from knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import MsgspecError, Struct, json
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.facets.retention import RetentionSection
from reconciler.manifests import Identity, Workspace
from reconciler.manifests.accounts import Alike, may_be
from reconciler.planning import Desired, DesiredDataset

from .exits import ANEW, Exit, Stop
from .surroundings import beside, folder_name, state_folder


class Hold(Struct, frozen=True, omit_defaults=True):
    """A hold that an apply has known, as it is recorded."""

    dataset: str
    """Its address then."""
    reason: str
    account: str = ""
    """Where the dataset lives."""
    id: str = ""
    """The vendor's; empty where it was yet to be created."""
    released: tuple[Identity, ...] = ()
    """As what else an apply has released it, where only the vendor knows whether that is the same dataset."""
    workspace: str = ""
    """The folder of the workspace that has a dataset without an id; earlier versions did not say."""


Key: TypeAlias = tuple[str, str]
"""What a hold is recorded by: the account and the id; of a dataset that had no id, whose it is and its address."""

Holds: TypeAlias = Mapping[Key, Hold]


class _Found:
    """Holds, found again by what is known of a dataset."""

    def __init__(self, workspace: Workspace, holds: Holds) -> None:
        self._workspace = workspace
        self._known = Alike(((hold.account, hold.id), hold) for hold in holds.values() if hold.id)
        self._named = defaultdict[str, list[Hold]](list)
        for hold in holds.values():
            if not hold.id:
                self._named[hold.dataset].append(hold)
        names = {hold.workspace for hold in holds.values()}
        self._beside = {name for name in names if beside(workspace.root, name)}

    def on(self, dataset: DesiredDataset | DatasetPlan) -> Iterator[Hold]:
        """The holds that stand on what `dataset` is, or may be; the surest first."""
        me = self._workspace.identity(dataset.address, dataset.id) if dataset.id else None
        if me:
            yield from (hold for hold in self._known.maybe(me) if me not in hold.released)
        yield from self.named(dataset)
        # What the workspace beside is to create is not what this one is to create; what exists may be either.
        if me:
            theirs = (hold for hold in self._named[str(dataset.address)] if hold.workspace in self._beside)
            yield from (hold for hold in theirs if may_be(hold.account, me[0]) and me not in hold.released)

    def named(self, dataset: DesiredDataset | DatasetPlan) -> Iterator[Hold]:
        """The holds of this workspace on what had no id and the address of `dataset`."""
        return (hold for hold in self._named[str(dataset.address)] if hold.workspace not in self._beside)

    def said_of(self, dataset: DesiredDataset) -> str | None:
        """The hold that stands on `dataset`, in words."""
        hold = next(self.on(dataset), None)
        if hold is None:
            return None
        sure = hold.dataset == str(dataset.address) or self.certain(hold, dataset)
        where = "" if sure else f", on {hold.dataset}, which may be this dataset"
        if hold.workspace in self._beside:
            where = f" of the workspace {hold.workspace} beside this one, on what may be this dataset"
        return f'the legal hold "{hold.reason}" (known from an earlier apply{where})'

    def certain(self, hold: Hold, dataset: DesiredDataset) -> bool:
        """Whether `hold`, one of those on `dataset`, stands on it for certain."""
        if hold.id and dataset.id:
            return _key(hold) == self._workspace.identity(dataset.address, dataset.id)
        return hold.workspace not in self._beside


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
    return (hold.account, hold.id) if hold.id else (hold.workspace, hold.dataset)


def remembered(wanted: Desired, workspace: Workspace) -> Desired:
    """`wanted`, a part of `workspace`, with what is known of holds."""
    holds = known(workspace.root)
    if not holds:
        return wanted
    found = _Found(workspace, holds)
    datasets = (replace(dataset, held=found.said_of(dataset)) for dataset in wanted.datasets)
    return replace(wanted, datasets=tuple(datasets))


def covered(facets: Collection[str]) -> bool:
    """Whether a plan that is about these `facets`, or about all where there are none, says what becomes of holds."""
    return not facets or "retention" in facets


def note(workspace: Workspace, plan: Plan, *, done: bool) -> None:
    """Remember the holds of the datasets in `plan`; once an apply is `done`, forget the ones that were lifted.

    What is not about retention is never done with it.

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


def _noted(workspace: Workspace, plan: Plan, held: Holds, *, done: bool) -> Holds:
    found, standing = dict(held), _Found(workspace, held)
    about = {dataset.address for dataset in plan.datasets}
    for dataset in workspace.datasets:
        section = dataset.sections.get("retention")
        if dataset.address not in about or not isinstance(section, RetentionSection):
            continue
        if section.legal_hold is not None:
            for key in map(_key, standing.named(dataset)):
                found.pop(key, None)
            hold = _hold(workspace, dataset, section.legal_hold.reason)
            before = held.get(_key(hold))
            still = before is not None and before.reason == hold.reason
            found[_key(hold)] = replace(hold, released=before.released) if before and still else hold
        elif done:
            for key in map(_key, standing.on(dataset)):
                gone = found.pop(key, None)
                if gone and dataset.id and not standing.certain(gone, dataset):
                    me = workspace.identity(dataset.address, dataset.id)
                    found[key] = replace(gone, released=(*gone.released, me))
    return found


def _hold(workspace: Workspace, dataset: DesiredDataset, reason: str) -> Hold:
    mine = "" if dataset.id else folder_name(workspace.root)
    return Hold(str(dataset.address), reason, workspace.account(dataset.address), dataset.id or "", workspace=mine)


def check(workspace: Workspace, plan: Plan) -> None:
    """Refuse a saved plan that deletes what came under a hold after it was made.

    Raises:
        Stop: with exit 4.
    """
    found = _Found(workspace, known(workspace.root))
    lifted = {item.address.whole for item in plan.diagnostics if item.code == "release-of-hold" and item.address}
    for dataset in plan.changed:
        deletes = any(step.verb == "prune" for step in dataset.steps)
        hold = next(found.on(dataset), None)
        if deletes and hold is not None and dataset.address not in lifted:
            summary = f'it would delete versions under the legal hold "{hold.reason}", which it does not know'
            raise Stop(Exit.STALE, Diagnostic("plan-stale", "error", summary, dataset.address, ANEW))


def _write(path: Path, held: Holds) -> None:
    from .writing import PRIVATE, place_text  # noqa: PLC0415 - most commands write no hold

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.format(json.encode([held[key] for key in sorted(held)]), indent=2)
    place_text(text.decode() + "\n", path, PRIVATE)


def _path(workspace: Path) -> Path:
    return state_folder(workspace) / "holds.json"
