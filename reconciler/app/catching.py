"""Audit lines of a killed apply that are added although nothing is left to apply."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Step
from reconciler.core.ports import Target
from reconciler.execution import Journal, Outcome
from reconciler.manifests import Workspace

from .auditing import Recorder, actors, left_out
from .exits import Exit, Stop
from .locking import Owner, locked
from .surroundings import Surroundings, state_folder


def catch_up(workspace: Workspace, targets: Mapping[str, Target], world: Surroundings, owner: Owner) -> None:
    """Add what killed applies of `targets` left out; a shard does not, and while another apply runs, that one will.

    Raises:
        Stop: a journal cannot be read, or the log cannot be written (exit 1).
    """
    state, held = state_folder(workspace.root), frozenset(targets)
    if owner.shard is not None or next(left_out(state, held, None), None) is None:
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(state, held, owner))
        except Stop as stop:
            if stop.exit is Exit.LOCKED:
                return
            raise
        recorder = Recorder(
            state=state,
            who={},
            actors=actors(targets),
            ids={},
            journal=Journal(None, lambda: world.now().timestamp()),
            now=lambda: world.now().isoformat(timespec="seconds"),
            observer=_Nobody(),
            halt=lambda _why: None,
            shard=None,
        )
        recorder.recover(held)
    if recorder.failure is not None:
        raise Stop(Exit.ERROR, Diagnostic("audit-failed", "error", recorder.failure))


class _Nobody:
    """Is told nothing: no step is performed."""

    def began(self, step: Step) -> None:
        """Nothing begins."""

    def settled(self, outcome: Outcome) -> None:
        """Nothing ends."""
