"""The use case apply: perform a plan under a lock, with a journal, and write new ids back into their manifests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.ports import Target, Writer
from reconciler.execution import Applied, Failed, Journal, Observer, Outcome, Performer, Rehearse, Write, execute
from reconciler.execution.walk import INTERRUPTED
from reconciler.manifests import Workspace
from reconciler.manifests.writer import ChangedMeanwhileError, write_id

from .connections import sessions
from .exits import Exit, Stop
from .planning import workers
from .saving import check_fresh
from .surroundings import Surroundings, state_folder


@dataclass(frozen=True, slots=True)
class Applying:
    """What apply is given."""

    plan: Plan
    plan_id: str
    targets: dict[str, Target]
    observer: Observer
    stop: threading.Event = field(default_factory=threading.Event)
    fresh: bool = True
    """Whether the plan was made just now; a saved one is first compared with live state as a whole."""


@dataclass(frozen=True, slots=True)
class Result:
    """What apply did."""

    outcomes: Sequence[Outcome]
    journal: Path | None
    exit: Exit
    diagnostics: Sequence[Diagnostic] = ()


def apply(workspace: Workspace, work: Applying, surroundings: Surroundings) -> Result:
    """Perform `work.plan` for real.

    Raises:
        Stop: another apply holds the lock, or a saved plan is stale; nothing was written.
    """
    folder = state_folder(workspace.root)
    with _lock(folder), sessions(work.targets, "write") as writers:
        if not work.fresh:
            check_fresh(work.plan, writers)
        stamp = surroundings.now().strftime("%Y%m%dT%H%M%S%fZ")
        path = folder / "journal" / f"{stamp}-{work.plan_id[:16]}.jsonl"
        journal = Journal(path, lambda: surroundings.now().timestamp())
        journal.begin(work.plan_id, {"version": surroundings.version})
        try:
            return _perform(workspace, work, writers, journal)
        finally:
            journal.close()


def rehearse(work: Applying) -> Result:
    """Walk `work.plan` as apply does, with a transport that refuses every write."""
    with sessions(work.targets, "rehearse") as writers:
        performers: dict[str, Performer] = {name: Rehearse(writer) for name, writer in writers.items()}
        outcomes = execute(work.plan, performers, work.observer, work.stop)
    return Result(outcomes, None, _exit(outcomes))


def _perform(workspace: Workspace, work: Applying, writers: dict[str, Writer], journal: Journal) -> Result:
    problems: list[Diagnostic] = []

    def born(address: Address, identifier: str) -> None:
        problem = _write_back(workspace, address, identifier)
        if problem is not None:
            problems.append(problem)

    performers: dict[str, Performer] = {name: Write(writer, journal) for name, writer in writers.items()}
    observer = _Journaled(journal, work.observer)
    outcomes = execute(work.plan, performers, observer, work.stop, workers=workers(work.targets), born=born)
    code = _exit(outcomes)
    journal.end({Exit.DONE: "complete", Exit.INTERRUPTED: "interrupted"}.get(code, "partial"))
    return Result(outcomes, journal.path, code, problems)


def _exit(outcomes: Sequence[Outcome]) -> Exit:
    undone = [outcome for outcome in outcomes if not isinstance(outcome, Applied)]
    if not undone:
        return Exit.DONE
    if any(isinstance(outcome, Failed) for outcome in undone):
        return Exit.PARTIAL
    interrupted = all(getattr(outcome, "because", None) == INTERRUPTED for outcome in undone)
    return Exit.INTERRUPTED if interrupted else Exit.PARTIAL


@dataclass(frozen=True, slots=True)
class _Journaled:
    """Notes each outcome before anybody else is told of it."""

    journal: Journal
    observer: Observer

    def settled(self, outcome: Outcome) -> None:
        self.journal.outcome(outcome)
        self.observer.settled(outcome)


def _write_back(workspace: Workspace, address: Address, identifier: str) -> Diagnostic | None:
    place = workspace.places[address]
    try:
        write_id(place, address.dataset, identifier)
    except (ChangedMeanwhileError, OSError, UnicodeDecodeError) as error:
        why = "it changed meanwhile" if isinstance(error, ChangedMeanwhileError) else str(error)
        summary = f"it was created with id {identifier}, which could not be written into {place.file}: {why}"
        hint = f'Add it there, or the next apply creates a second one: metadata.id: "{identifier}"'
        return Diagnostic("id-not-written", "error", summary, address, hint)
    return None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One apply at a time; the kernel frees the lock when the process ends, however it ends."""
    # Imported here: only an apply locks.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        summary = f"another apply of this workspace is running; it holds {folder / 'lock'}"
        raise Stop(Exit.LOCKED, Diagnostic("lock-held", "error", summary, hint="Wait for it to end.")) from error
    try:
        yield
    finally:
        lock.release()
