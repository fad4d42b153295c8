"""The use case access: who can reach what, by which path, from the manifests or from live state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Snapshot
from reconciler.core.principals import Principal
from reconciler.facets import did_you_mean
from reconciler.facets.grants import PermissionsSection
from reconciler.facets.owner import OwnerSection
from reconciler.facets.section import Section
from reconciler.manifests import Workspace
from reconciler.planning import Desired, DesiredDataset, TargetView
from reconciler.planning.reach import FACETS, Path, paths, settled

from .connections import sessions, targets
from .exits import Exit, Stop
from .planning import workers
from .reading import observe
from .surroundings import Surroundings
from .workspaces import Selection, desired

ASKED: Mapping[str, Section] = {
    "owner": OwnerSection(principal="user:#0"),
    "permissions": PermissionsSection(mode="additive"),
}
"""What has live state read: the facets, whatever they should be."""


class AccessOptions(Struct, frozen=True):
    """What is asked."""

    selection: Selection = field(default_factory=Selection)
    principal: str | None = None
    """Only what this one can reach: `user:KEY`, `group:KEY`, `user:#ID` or `group:#ID`."""
    as_of: datetime | None = None
    """The moment grants are judged at; None: now."""
    live: bool = False
    progress: Callable[[int, int], None] = lambda _done, _total: None


class Reached(Struct, frozen=True):
    """Every path that was asked for, and what is not known."""

    paths: tuple[Path, ...]
    datasets: int
    ungoverned: tuple[Address, ...] = ()
    """Datasets whose permissions no manifest governs: only live state could tell."""
    problems: tuple[Diagnostic, ...] = ()
    """Why a dataset could not be read."""


def reach(workspace: Workspace, options: AccessOptions, surroundings: Surroundings) -> Reached:
    """Who can reach the selected datasets.

    Raises:
        Stop: the selection or the principal names nothing, or a token is missing.
    """
    wanted = desired(workspace, options.selection)
    whom = _principals(wanted, options.principal)
    as_of = options.as_of or surroundings.now()
    states, problems = _live(workspace, wanted, options, surroundings) if options.live else (None, ())
    found: list[Path] = []
    for dataset in sorted(wanted.datasets, key=lambda item: item.address):
        view = wanted.targets[dataset.address.target]
        state = settled(dataset, view, as_of) if states is None else states.get(dataset.address, {})
        asked = whom.get(dataset.address.target)
        found += [path for path in paths(dataset, view, state) if options.principal is None or _is(path, asked, view)]
    ungoverned = () if options.live else tuple(sorted(_ungoverned(wanted)))
    return Reached(tuple(found), len(wanted.datasets), ungoverned, problems)


def _is(path: Path, asked: Principal | None, view: TargetView) -> bool:
    """Whether the path is the asked one's, or everybody's."""
    if asked is None:
        return False
    return asked in {path.principal, path.via} or (asked.kind == "user" and view.directory.is_everyone(path.principal))


def _principals(wanted: Desired, reference: str | None) -> Mapping[str, Principal]:
    """Whom `reference` means in each target that knows it."""
    if reference is None:
        return {}
    found = {
        name: principal
        for name, view in wanted.targets.items()
        if (principal := view.directory.resolve(reference)) is not None
    }
    if not found:
        names = sorted({name for view in wanted.targets.values() for name in view.directory.names})
        hint = did_you_mean(reference, names) or "Write user:KEY or group:KEY as in Principals, or user:#ID."
        summary = f'no target knows "{reference}"'
        raise Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", summary, hint=hint))
    return found


def _ungoverned(wanted: Desired) -> set[Address]:
    return {
        dataset.address
        for dataset in wanted.datasets
        if "permissions" not in dataset.sections
        and "permissions" in wanted.targets[dataset.address.target].capabilities.facets
    }


def _live(
    workspace: Workspace, wanted: Desired, options: AccessOptions, surroundings: Surroundings
) -> tuple[dict[Address, Mapping[str, Elements]], tuple[Diagnostic, ...]]:
    datasets = (_asked(dataset, wanted) for dataset in wanted.datasets)
    asked = replace(wanted, datasets=tuple(dataset for dataset in datasets if dataset.sections))
    used = targets(workspace, (dataset.address.target for dataset in asked.datasets), surroundings)
    with sessions(used, "read") as readers:
        observed = observe(asked, readers, workers(used), options.progress)
    states: dict[Address, Mapping[str, Elements]] = {}
    problems: list[Diagnostic] = []
    for address, seen in observed.items():
        if isinstance(seen, Snapshot):
            states[address] = {name: state.elements for name, state in seen.facets.items()}
            problems += seen.diagnostics
        else:
            problems.append(seen)
    return states, tuple(problems)


def _asked(dataset: DesiredDataset, wanted: Desired) -> DesiredDataset:
    known = wanted.targets[dataset.address.target].capabilities.facets
    return replace(dataset, sections={name: ASKED[name] for name in FACETS if name in known})
