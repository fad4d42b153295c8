"""The use case simulate: what retention will keep and delete, and when; a proposed policy beside the present one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Snapshot
from reconciler.facets.retention import RetentionSection, Version
from reconciler.facets.retention.remarks import near_limit
from reconciler.facets.retention.simulation import Prospect, Simulation, rhythm_of, simulate
from reconciler.facets.versions import declared_in
from reconciler.manifests import Workspace
from reconciler.manifests.proposal import read_proposal
from reconciler.planning import Desired, DesiredDataset
from reconciler.planning.forecast import limited

from .connections import sessions, targets
from .exits import Exit, Stop
from .histories import Histories, read_histories, save_histories
from .planning import workers
from .reading import observe
from .surroundings import Surroundings
from .workspaces import Selection, desired

MOST_UPLOADS = 20_000
"""More uploads of one dataset are not assumed: nobody reads them, and working them out takes minutes."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)

UNPRUNED = RetentionSection()
"""What a dataset without a policy has: no rule, so everything stays."""


class SimulationOptions(Struct, frozen=True):
    """What a simulation is asked for."""

    selection: Selection = field(default_factory=Selection)
    days: int = 365
    as_of: datetime | None = None
    """The moment to begin at; None: now, or when the snapshot was taken."""
    cadence: bool = False
    """Whether new versions come as they came so far."""
    policy: Path | None = None
    snapshot: Path | None = None
    """Where to take versions from instead of the vendors."""
    save_to: Path | None = None
    progress: Callable[[int, int], None] = lambda _done, _total: None


class Simulated(Struct, frozen=True):
    """What was found out."""

    prospects: tuple[Prospect, ...]
    diagnostics: tuple[Diagnostic, ...]
    as_of: datetime
    days: int


def simulate_retention(workspace: Workspace, options: SimulationOptions, surroundings: Surroundings) -> Simulated:
    """Work out what becomes of the versions of the selected datasets.

    Raises:
        Stop: the selection has no retention, a file is none, or a token is missing.
    """
    proposal = _proposal(options.policy) if options.policy else None
    wanted, unborn = _about(desired(workspace, options.selection), everything=proposal is not None)
    if options.snapshot is None:
        histories, problems = _read(workspace, wanted, options, surroundings)
    else:
        histories = read_histories(options.snapshot)
        problems = [_missing(dataset) for dataset in wanted.datasets if dataset.address not in histories.versions]
    problems += [_unborn(dataset) for dataset in unborn]
    if options.save_to is not None:
        save_histories(histories, options.save_to)
    begin = options.as_of or histories.as_of
    days = min(options.days, (END_OF_TIME - begin).days)
    prospects: list[Prospect] = []
    for dataset in sorted(wanted.datasets, key=lambda item: item.address):
        versions = histories.versions.get(dataset.address)
        if versions is not None:
            rhythm, remarks = _rhythm(dataset, versions, begin, options)
            problems += remarks
            prospects.append(_prospect(dataset, versions, begin, days, rhythm, proposal))
            problems += near_limit(versions, dataset.address, wanted.targets[dataset.address.target].capabilities)
    return Simulated(limited(prospects, wanted.limits), tuple(problems), begin, days)


def _proposal(path: Path) -> RetentionSection:
    try:
        read = read_proposal(str(path), path.read_bytes())
    except OSError as error:
        summary = f"{path} cannot be read: {error.strerror or error}"
        hint = "Name a file that holds what stands under spec of a manifest: retention: {keepLast: 5}."
        raise Stop(Exit.ERROR, Diagnostic("unreadable-file", "error", summary, hint=hint)) from error
    if isinstance(read, tuple):
        raise Stop(Exit.ERROR, *read)
    return read


def _about(wanted: Desired, *, everything: bool) -> tuple[Desired, tuple[DesiredDataset, ...]]:
    """The datasets that have a policy, or may get the proposed one, and those of them that do not exist yet."""

    def takes(dataset: DesiredDataset) -> bool:
        possible = "retention" in wanted.targets[dataset.address.target].capabilities.facets
        return "retention" in dataset.sections or (everything and possible)

    meant = [dataset for dataset in wanted.datasets if takes(dataset)]
    datasets = tuple(dataset for dataset in meant if dataset.id is not None)
    if not meant:
        hint = "Give one a retention, or propose one with --policy FILE."
        raise Stop(
            Exit.ERROR, Diagnostic("nothing-selected", "error", "no selected dataset has a retention", None, hint)
        )
    return replace(wanted, datasets=datasets), tuple(dataset for dataset in meant if dataset.id is None)


def _read(
    workspace: Workspace, wanted: Desired, options: SimulationOptions, surroundings: Surroundings
) -> tuple[Histories, list[Diagnostic]]:
    used = targets(workspace, (dataset.address.target for dataset in wanted.datasets), surroundings)
    alone = tuple(replace(dataset, sections={"retention": _policy(dataset)}) for dataset in wanted.datasets)
    with sessions(used, "read") as readers:
        observed = observe(replace(wanted, datasets=alone), readers, workers(used), options.progress)
    problems = [found for found in observed.values() if isinstance(found, Diagnostic)]
    read = {address: found for address, found in observed.items() if isinstance(found, Snapshot)}
    problems += [diagnostic for found in read.values() for diagnostic in found.diagnostics]
    versions = {
        address: tuple(version for version in found.facets["retention"].elements if isinstance(version, Version))
        for address, found in read.items()
        if "retention" in found.facets
    }
    return Histories(surroundings.now(), versions), problems


def _policy(dataset: DesiredDataset) -> RetentionSection:
    section = dataset.sections.get("retention")
    return section if isinstance(section, RetentionSection) else UNPRUNED


def _missing(dataset: DesiredDataset) -> Diagnostic:
    hint = "Take the snapshot anew, or select other datasets."
    summary = f"the snapshot does not have the versions of {dataset.address}"
    return Diagnostic("snapshot-incomplete", "error", summary, dataset.address, hint, dataset.source)


def _unborn(dataset: DesiredDataset) -> Diagnostic:
    summary = f"{dataset.address} is left out: it has no id yet, and so no versions"
    hint = "Simulate again when an apply has created it."
    return Diagnostic("nothing-to-simulate", "warning", summary, dataset.address, hint, dataset.source)


def _rhythm(
    dataset: DesiredDataset, versions: tuple[Version, ...], begin: datetime, options: SimulationOptions
) -> tuple[timedelta | None, Iterator[Diagnostic]]:
    rhythm = rhythm_of(versions, begin) if options.cadence else None
    why = None
    if rhythm is None:
        why = "it has no two good versions to tell a rhythm from"
    elif timedelta(days=options.days) / rhythm > MOST_UPLOADS:
        why = f"they come every {rhythm}, which is too often for {options.days} days"
        rhythm = None
    summary = f"no new versions are assumed: {why}"
    remark = Diagnostic("no-rhythm", "warning", summary, dataset.address.of("retention"))
    return rhythm, iter([remark] if options.cadence and why else [])


def _prospect(
    dataset: DesiredDataset,
    versions: tuple[Version, ...],
    begin: datetime,
    days: int,
    rhythm: timedelta | None,
    proposal: RetentionSection | None,
) -> Prospect:
    section = _policy(dataset)
    declared = declared_in(dataset.sections)

    def under(policy: RetentionSection) -> Simulation:
        return simulate(versions, policy, begin, days, rhythm=rhythm, declared=declared)

    return Prospect(
        address=dataset.address,
        present=under(section),
        governed="retention" in dataset.sections,
        pruned=section.prune,
        proposed=None if proposal is None else under(proposal.beside(section)),
        rhythm=rhythm,
    )
