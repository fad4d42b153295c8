"""Loading a workspace, or the part of it that a command was asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, ordered
from reconciler.facets import BY_NAME, did_you_mean
from reconciler.manifests import Loaded, Workspace, load
from reconciler.manifests.cache import Cache
from reconciler.planning import DATASET_GUARDS, Desired, DesiredDataset, TargetView, refusals
from reconciler.providers import by_name

from .exits import Exit, Stop


class Selection(Struct, frozen=True):
    """Which part of a workspace a command is about; an empty tuple means all."""

    targets: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    """Globs over names or addresses."""
    facets: tuple[str, ...] = ()
    only: Mapping[Address, frozenset[str]] | None = None
    """For each selected dataset the facets of it; None: the same for all."""

    def takes(self, dataset: DesiredDataset) -> bool:
        """Whether `dataset` is selected."""
        address = dataset.address
        if self.only is not None:
            return address in self.only
        named = any(map(address.matches, self.datasets))
        return (not self.targets or address.target in self.targets) and (not self.datasets or named)

    def facets_of(self, dataset: DesiredDataset) -> Collection[str]:
        """The facets of `dataset` that are selected; empty: all."""
        return self.facets if self.only is None else self.only[dataset.address]


def check(root: Path, today: date | None = None, caches: Path | None = None, *, keep: bool = False) -> Loaded:
    """Load `root` without any network; what is wrong, and what ends soon after `today`, is in the result.

    Args:
        root: the workspace's folder.
        today: the day, UTC.
        caches: where what was found before is kept, if that may be used.
        keep: whether the workspace is to hold its files.
    """
    capabilities = {name: provider.capabilities for name, provider in by_name().items()}
    return load(root, capabilities, DATASET_GUARDS, today, Cache(caches, root) if caches else None, keep=keep)


def with_births(loaded: Loaded) -> Loaded:
    """`loaded` with why datasets without an id could not be created; a plan finds that itself, with a token."""
    workspace = loaded.workspace
    if workspace is None or all(dataset.id is not None for dataset in workspace.datasets):
        return loaded
    found = refused_births(workspace.datasets, views(workspace))
    return replace(loaded, workspace=None, diagnostics=ordered([*loaded.diagnostics, *found])) if found else loaded


def refused_births(datasets: Iterable[DesiredDataset], targets: Mapping[str, TargetView]) -> list[Diagnostic]:
    """Why those of `datasets` that have no id could not be created."""
    unborn = (dataset for dataset in datasets if dataset.id is None)
    return [item for dataset in unborn for item in refusals(dataset, targets[dataset.address.target])]


def open_workspace(root: Path, caches: Path | None = None, *, keep: bool = False) -> Workspace:
    """Load `root`, by what was found before where that may be used; `keep` has it hold its files.

    Raises:
        Stop: a manifest is wrong; every problem of the workspace is in it.
    """
    loaded = check(root, caches=caches, keep=keep)
    if loaded.workspace is None:
        raise Stop(Exit.ERROR, *loaded.diagnostics)
    return loaded.workspace


def desired(workspace: Workspace, selection: Selection) -> Desired:
    """The selected part of `workspace`, ready to be planned.

    Raises:
        Stop: the selection names something that is not there.
    """
    _check_names(workspace, selection)
    chosen = (dataset for dataset in workspace.datasets if selection.takes(dataset))
    datasets = [_narrowed(dataset, selection.facets_of(dataset)) for dataset in chosen]
    if selection.datasets and not datasets:
        globs = ", ".join(selection.datasets)
        hint = did_you_mean(globs, [str(dataset.address) for dataset in workspace.datasets])
        raise Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", f"no dataset matches {globs}", hint=hint))
    return Desired(tuple(datasets), views(workspace), workspace.limits, governed(workspace), workspace.policies)


def governed(workspace: Workspace) -> int:
    """How many datasets limits are shares of; one whose manifest says nothing of it can never change."""
    return sum(len(dataset.sections) > 0 for dataset in workspace.datasets)


def _narrowed(dataset: DesiredDataset, facets: Collection[str]) -> DesiredDataset:
    if not facets:
        return dataset
    chosen = {name: section for name, section in dataset.sections.items() if name in facets}
    rest = {name: section for name, section in dataset.sections.items() if name not in facets}
    return replace(dataset, sections=chosen, unselected=rest)


def views(workspace: Workspace) -> dict[str, TargetView]:
    """What the planner may know of each target."""
    providers = by_name()
    return {
        name: TargetView(
            provider=target.provider,
            capabilities=providers[target.provider].capabilities.given(target.settings),
            directory=target.directory,
            actor=target.actor,
            newborn=providers[target.provider].newborn(target.actor),
        )
        for name, target in workspace.targets.items()
    }


def _check_names(workspace: Workspace, selection: Selection) -> None:
    problems: list[Diagnostic] = []
    asked: Sequence[tuple[str, tuple[str, ...], Sequence[str]]] = (
        ("target", selection.targets, list(workspace.targets)),
        ("facet", selection.facets, list(BY_NAME)),
    )
    for what, names, known in asked:
        for name in names:
            if name not in known:
                summary = f'there is no {what} "{name}"'
                problems.append(Diagnostic("nothing-selected", "error", summary, hint=did_you_mean(name, known)))
    if problems:
        raise Stop(Exit.ERROR, *problems)
