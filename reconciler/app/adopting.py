"""Somebody says what became of a creation that nobody answered: here is its id, or it was not made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.ports import Catalog, DatasetRef, ProviderError, Reader
from reconciler.execution import Birth
from reconciler.execution.creating import every
from reconciler.facets import did_you_mean
from reconciler.facets.properties import PropertiesSection
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset

from .auditing import who
from .births import namesakes, write_back
from .connections import sessions, targets
from .exits import Exit, Stop
from .foreign import check_state
from .journaling import Beginning, journaled
from .locking import Owner, locked
from .pasts import known_births
from .source import plan_source
from .surroundings import Surroundings, state_folder


def settle_by_word(
    workspace: Workspace, adopted: Mapping[Address, str], not_made: Sequence[Address], world: Surroundings, owner: Owner
) -> tuple[Diagnostic, ...]:
    """Note what was found at the vendor, and write adopted ids into their manifests; what speaks against it.

    Raises:
        Stop: a dataset is not in the workspace, has an id, or is not what is under the given one (exit 1), or the
            state is not this machine's.
    """
    check_state(workspace.root)
    wanted = {dataset.address: dataset for dataset in workspace.datasets}
    _check(workspace, wanted, adopted, not_made)
    touched = frozenset(address.target for address in (*adopted, *not_made))
    state = state_folder(workspace.root)
    source = plan_source(workspace)
    mine = who(world.environ, world.version, source.commit, dirty=source.dirty)
    with locked(state, touched, owner):
        births = known_births(workspace.root)
        seen = _prove(workspace, wanted, adopted, not_made, births, world)
        with journaled(workspace.root, Beginning("", touched, mine), world) as journal:
            for address, ids in seen.items():
                journal.note("not-made", {"dataset": str(address), "by_word": True, "known": list(ids)})
            for address, identifier in adopted.items():
                journal.note("adopted", {"dataset": str(address), "id": identifier, "by_word": True})
                if (problem := write_back(workspace, address, identifier)) is not None:
                    raise Stop(Exit.ERROR, problem)
                journal.note("written", {"dataset": str(address), "id": identifier})
            journal.end("complete", {})
    return tuple(doubt for address in not_made for doubt in _doubts(address, births.get(str(address)), seen[address]))


def unwritten(workspace: Workspace, plan: Plan) -> dict[Address, str]:
    """The datasets of `plan` that exist although their manifests have no id, with their ids."""
    without = {dataset.address for dataset in workspace.datasets if dataset.id is None}
    return {dataset.address: dataset.id for dataset in plan.datasets if dataset.id and dataset.address in without}


def _check(
    workspace: Workspace,
    wanted: Mapping[Address, DesiredDataset],
    adopted: Mapping[Address, str],
    not_made: Sequence[Address],
) -> None:
    theirs = {workspace.identity(address, dataset.id): address for address, dataset in wanted.items() if dataset.id}
    problems = []
    for address in (*adopted, *not_made):
        if address not in wanted:
            hint = did_you_mean(str(address), [str(each) for each in wanted])
            problems.append(Diagnostic("nothing-selected", "error", f"no manifest is about {address}", hint=hint))
        elif wanted[address].id is not None:
            summary = f"its manifest has the id {wanted[address].id}: nothing is unsettled"
            problems.append(Diagnostic("nothing-selected", "error", summary, address))
        elif address in adopted:
            other = theirs.setdefault(workspace.identity(address, adopted[address]), address)
            if other != address:
                summary = f"{adopted[address]} is the id of {other}"
                problems.append(Diagnostic("nothing-selected", "error", summary, address))
    if problems:
        raise Stop(Exit.ERROR, *problems)


def _prove(
    workspace: Workspace,
    wanted: Mapping[Address, DesiredDataset],
    adopted: Mapping[Address, str],
    not_made: Sequence[Address],
    births: Mapping[str, Birth],
    world: Surroundings,
) -> dict[Address, tuple[str, ...]]:
    """Ask the vendor: an id with a typo must not get into a manifest; and who has the names of those not made."""
    used = targets(workspace, (address.target for address in (*adopted, *not_made)), world)
    with sessions(used, "read") as readers:
        for address, identifier in adopted.items():
            birth = births.get(str(address), Birth("none"))
            _there(readers[address.target], wanted[address], identifier, known=birth.id == identifier)
        found = {address: namesakes(address, readers, every) for address in not_made}
    if problems := [answer for answer in found.values() if isinstance(answer, Diagnostic)]:
        raise Stop(Exit.ERROR, *problems)
    return {address: ids for address, ids in found.items() if not isinstance(ids, Diagnostic)}


def _there(reader: Reader, dataset: DesiredDataset, identifier: str, *, known: bool) -> None:
    """Read a dataset under the id that somebody says is its own; one that no journal knows has a name of its manifest.

    Raises:
        Stop: it is not there, or is another one (exit 1).
    """
    address = dataset.address
    try:
        reader.read(DatasetRef(address, identifier), frozenset(dataset.sections))
        title = reader.title(identifier) if isinstance(reader, Catalog) and not known else address.dataset
    except ProviderError as error:
        raise Stop(Exit.ERROR, Diagnostic("read-failed", "error", error.summary, address, error.hint)) from error
    if title not in {address.dataset, _renamed(dataset)}:
        summary = f"{identifier} is called {title!r}, and a creation would have called it {address.dataset!r}"
        hint = (
            f'If it is the one to govern all the same, write it into the manifest, under metadata: id: "{identifier}"'
        )
        raise Stop(Exit.ERROR, Diagnostic("adopt-mismatch", "error", summary, address, hint))


def _renamed(dataset: DesiredDataset) -> str | None:
    """The name that its manifest gives a dataset once it is created."""
    section = dataset.sections.get("properties")
    return section.name if isinstance(section, PropertiesSection) else None


def _doubts(address: Address, birth: Birth | None, ids: Iterable[str]) -> Iterator[Diagnostic]:
    """What speaks against it that a creation did not take place."""
    if birth is None or birth.state != "open" or birth.known is None:
        return
    if new := {*ids} - {*birth.known}:
        summary = f"the vendor lists it since its creation was sent: {', '.join(sorted(new))}"
        hint = "You said that this one is somebody else's; a second one of its name is created."
        yield Diagnostic("create-doubtful", "warning", summary, address, hint)
