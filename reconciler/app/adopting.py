"""Somebody says what became of a creation that nobody answered: here is its id, or it was not made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.ports import DatasetRef, ProviderError
from reconciler.facets import did_you_mean
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset

from .auditing import who
from .births import write_back
from .connections import sessions, targets
from .exits import Exit, Stop
from .journaling import Beginning, journaled
from .locking import Owner, locked
from .source import plan_source
from .surroundings import Surroundings, state_folder


def settle_by_word(
    workspace: Workspace, adopted: Mapping[Address, str], not_made: Sequence[Address], world: Surroundings, command: str
) -> None:
    """Note what was found at the vendor, and write adopted ids into their manifests.

    Raises:
        Stop: a dataset is not in the workspace, has an id, or cannot be read under the given one (exit 1).
    """
    wanted = {dataset.address: dataset for dataset in workspace.datasets}
    _check(wanted, adopted, not_made)
    touched = frozenset(address.target for address in (*adopted, *not_made))
    state = state_folder(workspace.root)
    source = plan_source(workspace)
    mine = who(world.environ, world.version, source.commit, dirty=source.dirty)
    with locked(state, touched, Owner.me(world.now().isoformat(timespec="seconds"), command)):
        _prove(workspace, wanted, adopted, world)
        with journaled(state, Beginning("", touched, mine), world) as journal:
            for address in not_made:
                journal.note("not-made", {"dataset": str(address), "by_word": True})
            for address, identifier in adopted.items():
                journal.note("adopted", {"dataset": str(address), "id": identifier, "by_word": True})
                if (problem := write_back(workspace, address, identifier)) is not None:
                    raise Stop(Exit.ERROR, problem)
                journal.note("written", {"dataset": str(address), "id": identifier})
            journal.end("complete", {})


def unwritten(workspace: Workspace, plan: Plan) -> dict[Address, str]:
    """The datasets of `plan` that exist although their manifests have no id, with their ids."""
    without = {dataset.address for dataset in workspace.datasets if dataset.id is None}
    return {dataset.address: dataset.id for dataset in plan.datasets if dataset.id and dataset.address in without}


def _check(
    wanted: Mapping[Address, DesiredDataset], adopted: Mapping[Address, str], not_made: Sequence[Address]
) -> None:
    owners: dict[str | None, Address] = {
        dataset.id: address for address, dataset in wanted.items() if dataset.id is not None
    }
    problems = []
    for address in (*adopted, *not_made):
        if address not in wanted:
            hint = did_you_mean(str(address), [str(each) for each in wanted])
            problems.append(Diagnostic("nothing-selected", "error", f"no manifest is about {address}", hint=hint))
        elif wanted[address].id is not None:
            summary = f"its manifest has the id {wanted[address].id}: nothing is unsettled"
            problems.append(Diagnostic("nothing-selected", "error", summary, address))
        elif (other := owners.get(adopted.get(address))) is not None:
            summary = f"{adopted[address]} is the id of {other}"
            problems.append(Diagnostic("nothing-selected", "error", summary, address))
    if problems:
        raise Stop(Exit.ERROR, *problems)


def _prove(
    workspace: Workspace, wanted: Mapping[Address, DesiredDataset], adopted: Mapping[Address, str], world: Surroundings
) -> None:
    """Read each adopted dataset: an id with a typo must not get into a manifest."""
    used = targets(workspace, (address.target for address in adopted), world)
    with sessions(used, "read") as readers:
        for address, identifier in adopted.items():
            try:
                facets = frozenset(wanted[address].sections)
                readers[address.target].read(DatasetRef(address, identifier), facets)
            except ProviderError as error:
                problem = Diagnostic("read-failed", "error", error.summary, address, error.hint)
                raise Stop(Exit.ERROR, problem) from error
