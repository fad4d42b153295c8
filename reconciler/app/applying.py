"""The use case apply: perform a plan under a lock, with a journal and an audit log, and leave a plan that undoes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.ports import Ended, Target, Writer
from reconciler.core.words import Json
from reconciler.execution import (
    INTERRUPTED,
    Applied,
    Brake,
    Failed,
    Journal,
    Nursery,
    Observer,
    Outcome,
    Performer,
    Rehearse,
    Write,
    execute,
)
from reconciler.manifests import Workspace

from .auditing import Recorder, actors, who
from .births import Ruling, write_back
from .connections import sessions
from .deeds import Run, forgotten, killed_before
from .exits import Exit, Stop
from .freshness import check_fresh
from .journaling import Beginning, journaled, kept_plan
from .locking import Owner, locked
from .planning import workers
from .resuming import Agreed, agree
from .secondlook import second_look
from .sharding import Shard
from .surroundings import Surroundings, state_folder
from .undoing import write_undo


class Applying(Struct, frozen=True):
    """What apply is given."""

    plan: Plan
    plan_id: str
    targets: dict[str, Target]
    observer: Observer
    text: Callable[[], str]
    """The plan's document; kept until the apply is complete, so that it can be resumed."""
    commit: str | None = None
    dirty: bool | None = None
    created_at: str | None = None
    """When the plan was made, as its document says."""
    stop: threading.Event = field(default_factory=threading.Event)
    fresh: bool = True
    """Whether the plan was made just now; a saved one is first compared with live state as a whole."""
    keep_going: bool = False
    """Begin further datasets of a target although it failed as a whole."""
    shard: Shard | None = None
    """The part of the plan that `plan` is; None: all of it."""
    command: str = "reconciler apply"
    """What was typed, for whoever finds the lock taken."""


class Result(Struct, frozen=True):
    """What apply did."""

    outcomes: Sequence[Outcome]
    journal: Path | None
    exit: Exit
    diagnostics: Sequence[Diagnostic] = ()
    undo: Path | None = None
    """The plan that puts back what was done; None when nothing can be."""


def apply(workspace: Workspace, work: Applying, world: Surroundings) -> Result:
    """Perform `work.plan` for real.

    Raises:
        Stop: another apply holds the lock, a plan is stale, nothing may be written, or it was to end; nothing was.
    """
    state = state_folder(workspace.root)
    touched = frozenset(dataset.address.target for dataset in work.plan.changed)
    with locked(state, touched, owner_of(work, world)), sessions(work.targets, "write", work.stop) as writers:
        agreed = _agreed(workspace, work, writers, world)
        work = replace(work, plan=agreed.plan)
        mine = who(world.environ, world.version, work.commit, dirty=work.dirty)
        acting = actors(work.targets)
        beginning = Beginning(work.plan_id, touched, mine, acting, work.created_at, work.text, work.shard)
        with journaled(workspace.root, beginning, world) as journal:
            return _Apply(workspace, work, world, state, journal, mine).perform(writers, agreed)


def _agreed(workspace: Workspace, work: Applying, writers: Mapping[str, Writer], world: Surroundings) -> Agreed:
    try:
        agreed = agree(work.plan, work.plan_id, workspace, writers, world, work.stop)
        if not work.fresh:
            check_fresh(agreed.plan, writers, workers(work.targets), agreed.strangers)
    except Ended as ended:
        summary, hint = "it was ended before anything was begun", "Nothing was written. Apply again."
        raise Stop(Exit.INTERRUPTED, Diagnostic(INTERRUPTED, "error", summary, hint=hint)) from ended
    return agreed


def owner_of(work: Applying, world: Surroundings) -> Owner:
    """Who wants the locks, and which part of which plan it would apply."""
    shard = str(work.shard) if work.shard else None
    return Owner.me(world.now().isoformat(timespec="seconds"), work.command, shard, work.plan_id)


def rehearse(workspace: Workspace, work: Applying, world: Surroundings) -> Result:
    """Walk `work.plan` as apply does, with a transport that refuses every write."""
    look = second_look(workspace, world.now)
    with sessions(work.targets, "rehearse") as writers:
        performers: dict[str, Performer] = {name: Rehearse(writer, look) for name, writer in writers.items()}
        outcomes = execute(work.plan, performers, work.observer, Brake(work.stop))
    return Result(outcomes, None, _exit(outcomes))


class _Apply(Struct):
    """One apply while it holds the lock."""

    workspace: Workspace
    work: Applying
    world: Surroundings
    state: Path
    journal: Journal
    who: Mapping[str, Json]
    problems: list[Diagnostic] = field(default_factory=list)
    ids: dict[Address, str] = field(default_factory=dict)

    def perform(self, writers: Mapping[str, Writer], agreed: Agreed) -> Result:
        brake = Brake(self.work.stop, self.work.keep_going)
        recorder = self._recorder(brake)
        recorder.recover(frozenset(dataset.address.target for dataset in self.work.plan.changed))
        others = [past for past in recorder.recovered if not self._run.tried(past)]
        self.problems += forgotten(others, self.workspace.root)
        self.ids |= {dataset.address: dataset.id for dataset in self.work.plan.changed if dataset.id is not None}
        for ruling in agreed.rulings:
            self._note(ruling)
        performers = {name: self._performer(writer, name, agreed) for name, writer in writers.items()}
        parallel = workers(self.work.targets)
        outcomes = execute(self.work.plan, performers, recorder, brake, workers=parallel, born=self._born)
        undo = self._undo(outcomes)
        code = self._end(outcomes, recorder)
        return Result(outcomes, self.journal.path, code, self.problems, undo)

    @property
    def _run(self) -> Run:
        shard = str(self.work.shard) if self.work.shard else None
        return Run(self.work.plan_id, self.work.created_at, shard, self.journal.path)

    def _performer(self, writer: Writer, target: str, agreed: Agreed) -> Performer:
        look, nursery = second_look(self.workspace, self.world.now), Nursery(agreed.newborn[target], agreed.strangers)
        return Write(writer, self.journal, look, nursery, self.work.stop)

    def _recorder(self, brake: Brake) -> Recorder:
        return Recorder(
            state=self.state,
            who={**self.who, "plan_id": self.work.plan_id},
            actors=actors(self.work.targets),
            ids=self.ids,
            journal=self.journal,
            now=lambda: self.world.now().isoformat(timespec="seconds"),
            observer=self.work.observer,
            shard=str(self.work.shard) if self.work.shard else None,
            halt=brake.hold,
        )

    def _note(self, ruling: Ruling) -> None:
        """Note what was found out about a creation, and let the manifest know."""
        if ruling.id is None:
            self.journal.note("not-made", {"dataset": str(ruling.address)})
            return
        self.journal.note("adopted", {"dataset": str(ruling.address), "id": ruling.id})
        manifests = {dataset.address: dataset.id for dataset in self.workspace.datasets}
        if manifests.get(ruling.address) is None:
            self._born(ruling.address, ruling.id)

    def _born(self, address: Address, identifier: str) -> None:
        self.ids[address] = identifier
        problem = write_back(self.workspace, address, identifier, journaled=self.journal.failure is None)
        if problem is None:
            self.journal.note("written", {"dataset": str(address), "id": identifier})
        else:
            self.problems.append(problem)

    def _undo(self, outcomes: Sequence[Outcome]) -> Path | None:
        try:
            begun = killed_before(self._run, self.state, self.work.plan.steps)
            path, lost = write_undo(self.workspace, self.work.plan.changed, outcomes, begun, self.world)
        except (OSError, Stop) as error:
            summary = f"the undo plan could not be written: {error}"
            self.problems.append(Diagnostic("undo-failed", "warning", summary))
            return None
        self.problems.extend(lost)
        return path

    def _end(self, outcomes: Sequence[Outcome], recorder: Recorder) -> Exit:
        code = _exit(outcomes)
        audit: dict[str, Json] = {"lines": recorder.head.lines, "sha256": recorder.head.sha256}
        ended = {Exit.DONE: "complete", Exit.INTERRUPTED: "interrupted"}.get(code, "partial")
        self.journal.end(ended, {"audit": audit} if recorder.failure is None else {})
        if recorder.failure is not None:
            kept = "What was done is in the journal; the next apply adds it."
            hint = kept if self.journal.failure is None else "Not all that was done is in the journal, either."
            self.problems.append(Diagnostic("audit-failed", "error", recorder.failure, hint=hint))
        if self.journal.failure is not None and not any(map(_unjournaled, outcomes)):
            self.problems.append(Diagnostic("journal-failed", "error", self.journal.failure))
        if code is Exit.DONE and self.journal.path is not None and self.journal.failure is None:
            kept_plan(self.journal.path).unlink(missing_ok=True)
        return code


def _exit(outcomes: Sequence[Outcome]) -> Exit:
    undone = [outcome for outcome in outcomes if not isinstance(outcome, Applied)]
    if not undone:
        return Exit.DONE
    ended = {INTERRUPTED, *(each.step.id for each in undone if isinstance(each, Failed) and each.code == INTERRUPTED)}
    if all((each.code if isinstance(each, Failed) else each.because) in ended for each in undone):
        return Exit.INTERRUPTED
    nothing = not any(isinstance(outcome, Applied) and not outcome.already for outcome in outcomes)
    return Exit.ERROR if nothing and any(map(_unjournaled, undone)) else Exit.PARTIAL


def _unjournaled(outcome: Outcome) -> bool:
    return isinstance(outcome, Failed) and outcome.code == "journal-failed"
