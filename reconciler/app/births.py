"""Datasets whose creation was begun and whose id is not in their manifest: found, or asked about, never made twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.ports import Ended, ProviderError, Reader
from reconciler.execution import TOO_EARLY, Birth, Unreckoned, sought
from reconciler.manifests import Workspace
from reconciler.planning import NAME_TAKEN, Desired

from .crew import crew
from .following import command_line
from .pasts import known_births
from .surroundings import state_folder


class Ruling(Struct, frozen=True):
    """What became of one creation, as far as reading can tell."""

    address: Address
    id: str | None
    """The vendor's id; None: it was not made."""


def finding(ruling: Ruling | Diagnostic) -> Diagnostic:
    """What the reader of a plan should know of a ruling."""
    if isinstance(ruling, Diagnostic):
        return ruling
    if ruling.id is None:
        summary = "an earlier apply sent its creation and got no answer; the vendor lists no such dataset"
        return Diagnostic("create-settled", "info", summary, ruling.address)
    summary = f"an earlier apply created it with id {ruling.id}, which its manifest does not have"
    hint = f'An apply writes it there, under metadata: id: "{ruling.id}"'
    return Diagnostic("id-not-written", "warning", summary, ruling.address, hint)


def rule(
    workspace: Path,
    address: Address,
    birth: Birth,
    reader: Reader,
    newborn: Mapping[str, Elements],
    now: Callable[[], datetime],
    sleep: Callable[[float], object] = time.sleep,
) -> Ruling | Diagnostic:
    """Whether a creation took place, by reading only; a diagnostic where reading cannot tell.

    Args:
        workspace: the folder of the dataset's workspace.
        address: the dataset, whose manifest has no id.
        birth: what the journals know.
        reader: a session with its target.
        newborn: what a dataset looks like that the target's token has just created.
        now: the present.
        sleep: how to wait; ends when nobody waits any more.

    Raises:
        Ended: it was to end before that.
    """
    if birth.workspace is not None:
        return not_ours(workspace, address, birth, birth.workspace)
    if birth.state == "made":
        return _gone(workspace, address, birth) if birth.written else Ruling(address, birth.id)
    if birth.state == "open":
        sleep(max(0.0, min(TOO_EARLY, birth.at + TOO_EARLY - now().timestamp())) if birth.known is not None else 0)
        found = sought(reader, address, birth.known, birth.sent, newborn)
        if found.doubt is not None:
            return _unsettled(workspace, address, found.doubt, found.id or "ID")
        return Ruling(address, found.id)
    return Ruling(address, None)


def settled(
    desired: Desired, workspace: Path, readers: Mapping[str, Reader], workers: int, now: Callable[[], datetime]
) -> tuple[Desired, tuple[Ruling | Diagnostic, ...]]:
    """`desired` with what is known of datasets that have no id: their ids, or who has their names; and what was found.

    Args:
        desired: what the manifests say.
        workspace: its folder; the journals are beside it.
        readers: a session with each target.
        workers: how many names are looked for at the same time.
        now: the present.
    """
    unborn = {str(dataset.address): dataset.address for dataset in desired.datasets if dataset.id is None}
    known = known_births(workspace)
    begun = {text: birth for text, birth in known.items() if text in unborn and birth.state != "none"}
    rulings = [
        rule(workspace, address, birth, readers[address.target], desired.targets[address.target].newborn, now)
        for address, birth in ((unborn[text], birth) for text, birth in sorted(begun.items()))
    ]
    ids = {ruling.address: ruling.id for ruling in rulings if isinstance(ruling, Ruling)}
    asked = [address for text, address in unborn.items() if text not in begun]
    strangers = unreckoned((), known)
    with crew(workers, "names") as pool:
        answers = dict(zip(asked, pool.map(lambda each: namesakes(each, readers, strangers), asked), strict=True))
    failures = [answer for answer in answers.values() if isinstance(answer, Diagnostic)]
    taken = {address: answer for address, answer in answers.items() if isinstance(answer, tuple)}
    datasets = [
        replace(item, id=item.id or ids.get(item.address), namesakes=taken.get(item.address, ()))
        for item in desired.datasets
    ]
    return replace(desired, datasets=tuple(datasets)), (*rulings, *failures)


def unreckoned(lifted: Iterable[Address], births: Mapping[str, Birth]) -> Unreckoned:
    """Which datasets of a name nobody knew of.

    Args:
        lifted: the datasets to be created whatever else has their names.
        births: what journals know; who found out that a creation did not take place has seen who has its name.
    """
    free = frozenset(lifted)

    def strangers(address: Address, ids: Iterable[str]) -> Sequence[str]:
        birth = births.get(str(address))
        return () if address in free else tuple(sorted({*ids} - {*((birth and birth.known) or ())}))

    return strangers


def lifted(plan: Plan) -> frozenset[Address]:
    """The datasets that a plan creates beside others of their names; somebody said so."""
    return frozenset(each.address for each in plan.diagnostics if each.code == NAME_TAKEN and each.address is not None)


def namesakes(address: Address, readers: Mapping[str, Reader], strangers: Unreckoned) -> tuple[str, ...] | Diagnostic:
    """The ids of the datasets that have the name of one that is to be created, and of which nobody knew."""
    try:
        return tuple(strangers(address, readers[address.target].named(address.dataset) or ()))
    except Ended:
        raise
    except ProviderError as error:
        summary = f"whether there is one of its name already could not be read: {error.summary}"
        return Diagnostic("read-failed", "error", summary, address, error.hint)


def write_back(workspace: Workspace, address: Address, identifier: str, *, journaled: bool = True) -> Diagnostic | None:
    """Write the id of a dataset into its manifest, or say why that was not possible; `journaled`: it is remembered."""
    from reconciler.manifests.writer import ChangedMeanwhileError, write_id  # noqa: PLC0415 - as below

    from .locking import one_at_a_time  # noqa: PLC0415 - a plan writes nothing

    place = workspace.places[address]
    try:
        with one_at_a_time(state_folder(workspace.root) / "manifests.lock"):
            write_id(place, address.dataset, identifier)
    except (ChangedMeanwhileError, OSError, UnicodeDecodeError) as error:
        why = "it changed meanwhile" if isinstance(error, ChangedMeanwhileError) else str(error)
        summary = f"it was created with id {identifier}, which could not be written into {place.file}: {why}"
        until = "until then the journal remembers it" if journaled else "nothing else remembers it"
        hint = f'Add it there, under metadata: id: "{identifier}" ({until})'
        return Diagnostic("id-not-written", "error", summary, address, hint)
    return None


def not_ours(workspace: Path, address: Address, birth: Birth, name: str) -> Diagnostic:
    """That the workspace `name` beside this one sent a creation under the same address, and what to do about it."""
    became = f"made it with id {birth.id}" if birth.state == "made" else "has not settled it"
    summary = f"its creation was sent by the workspace {name}, which is beside this one and {became}"
    hint = (
        f"Both keep their journals in {state_folder(workspace)}: put each into a folder of its own. Where they are "
        f"about the same dataset, only one should govern it. {_ways(workspace, address, birth.id or 'ID')}"
    )
    return Diagnostic("create-unsettled", "error", summary, address, hint)


def _unsettled(workspace: Path, address: Address, why: str, identifier: str) -> Diagnostic:
    summary = f"its creation was sent and never answered, and reading cannot tell whether it was done: {why}"
    hint = f"Look for it at the vendor. {_ways(workspace, address, identifier)}"
    return Diagnostic("create-unsettled", "error", summary, address, hint)


def _gone(workspace: Path, address: Address, birth: Birth) -> Diagnostic:
    summary = f"it was created with id {birth.id}, which is no longer in its manifest"
    return Diagnostic("create-unsettled", "error", summary, address, _ways(workspace, address, str(birth.id)))


def _ways(workspace: Path, address: Address, identifier: str) -> str:
    there = command_line(workspace, "apply", "--adopt", f"{address}={identifier}")
    absent = command_line(workspace, "apply", "--not-made", address)
    return f"If it is there: {there} -- If it is not, and is to be made: {absent}"
