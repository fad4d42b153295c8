"""Audit lines of a killed apply that are added although nothing is left to apply."""

from __future__ import annotations

from contextlib import ExitStack

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.execution import Journal, Outcome, Past
from reconciler.manifests import Workspace

from .auditing import Recorder, actors, left_out
from .deeds import forgotten
from .exits import Exit, Stop
from .locking import Owner, locked
from .surroundings import Surroundings, state_folder


def catch_up(workspace: Workspace, world: Surroundings, owner: Owner) -> list[Diagnostic]:
    """Add what killed applies left out; a shard does not, and while another apply of a target runs, that one will.

    Returns:
        What they did that no undo plan takes back.

    Raises:
        Stop: a journal cannot be read, or the log cannot be read or written (exit 1).
    """
    state = state_folder(workspace.root)
    if owner.shard is not None:
        return []
    told: list[Diagnostic] = []
    try:
        together = {past.targets for past, _ in left_out(state, frozenset(workspace.targets), None)}
    except OSError as error:
        raise _failed(f"the audit log cannot be read: {error.strerror or error}") from error
    for held in sorted(together, key=sorted):
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(state, held, owner))
            except Stop as stop:
                if stop.exit is Exit.LOCKED:
                    continue
                raise
            told += forgotten(_recover(workspace, world, held), workspace.root)
    return told


def _recover(workspace: Workspace, world: Surroundings, held: frozenset[str]) -> list[Past]:
    recorder = Recorder(
        state=state_folder(workspace.root),
        who={},
        actors=actors(workspace.targets),
        ids={},
        journal=Journal(None, lambda: world.now().timestamp()),
        now=lambda: world.now().isoformat(timespec="seconds"),
        observer=_Nobody(),
        halt=lambda _why: None,
        shard=None,
    )
    recorder.recover(held)
    if recorder.failure is not None:
        raise _failed(recorder.failure)
    return recorder.recovered


def _failed(why: str) -> Stop:
    return Stop(Exit.ERROR, Diagnostic("audit-failed", "error", why))


class _Nobody:
    """Is told nothing: no step is performed."""

    def began(self, step: Step) -> None:
        """Nothing begins."""

    def settled(self, outcome: Outcome) -> None:
        """Nothing ends."""
