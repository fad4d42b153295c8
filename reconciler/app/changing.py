"""Which datasets a branch changes: those whose effective manifest is not what it was where the branch began."""

from __future__ import annotations

from reconciler.core.address import Address
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset

from .narrowing import narrowed
from .trees import both_trees, loaded


def changed_since(workspace: Workspace, ref: str) -> frozenset[Address]:
    """The datasets of `workspace` that differ from what they were where HEAD branched off `ref`.

    Profiles and principals count: a dataset differs when what they make of it does, and when its target or the
    policies over it do. Where the old manifests have errors, everything differs. What `workspace` holds of its files is
    not read once more.

    Raises:
        Stop: git does not have `ref`.
    """
    trees = both_trees(workspace.root, ref, None, workspace.files)
    old, new = narrowed(trees)
    suspects = {file.path for file in new}
    base = loaded(workspace.root, old, trees.base_name[:12]).workspace
    everywhere = base is None or base.policies != workspace.policies
    known = {dataset.address: dataset for dataset in base.datasets} if base else {}
    stale = {name for name, target in workspace.targets.items() if not base or target != base.targets.get(name)}
    return frozenset(
        dataset.address
        for dataset in workspace.datasets
        if everywhere
        or dataset.address.target in stale
        or (workspace.places[dataset.address].name in suspects and _differs(dataset, known))
    )


def _differs(dataset: DesiredDataset, known: dict[Address, DesiredDataset]) -> bool:
    there = known.get(dataset.address)
    return there is None or (there.id, there.sections, there.allows) != (dataset.id, dataset.sections, dataset.allows)
