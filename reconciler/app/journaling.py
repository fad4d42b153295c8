"""The journals of a workspace: begun with every apply, found again by the next one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct, field

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.words import Json
from reconciler.execution import Journal, JournalError
from reconciler.execution.journal import write_whole

from .exits import Exit, Stop
from .pasts import journal_folder, next_stamp
from .saving import save
from .sharding import Shard
from .surroundings import Surroundings, folder_name, state_folder

PLAN = ".plan.json"
"""What a plan that may have to be resumed is called, beside its journal."""


class Beginning(Struct, frozen=True):
    """What a journal begins with."""

    plan_id: str
    targets: frozenset[str]
    """The targets it may write to; their locks are held."""
    who: Mapping[str, Json] = field(default_factory=dict)
    """Who applies it, and from which commit."""
    actors: Mapping[str, str | None] = field(default_factory=dict)
    """Who the token of each target acts as."""
    created_at: str | None = None
    """When the plan was made, as its document says."""
    text: Callable[[], str] | None = None
    """The plan's document, to be kept until the apply is complete; None keeps none."""
    shard: Shard | None = None
    """The part of the plan that is applied; None: all of it."""

    @property
    def name(self) -> str:
        """What the journal's name says beside the moment."""
        return (self.plan_id[:16] or "settled") + (f"-{self.shard.number}-of-{self.shard.of}" if self.shard else "")


@contextmanager
def journaled(workspace: Path, beginning: Beginning, surroundings: Surroundings) -> Iterator[Journal]:
    """A new journal of `workspace`, begun.

    Raises:
        Stop: it cannot be written, so nothing was sent (exit 1).
    """
    journal: Journal | None = None
    state = state_folder(workspace)
    path = journal_folder(state) / f"{next_stamp(state, surroundings.now())}-{beginning.name}.jsonl"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if beginning.text is not None:
            save(beginning.text(), kept_plan(path))
        journal = Journal(path, lambda: surroundings.now().timestamp())
        facts: dict[str, Json] = {"targets": sorted(beginning.targets), "who": beginning.who}
        facts |= {"actors": dict(beginning.actors), "workspace": folder_name(workspace)}
        facts |= {"shard": str(beginning.shard)} if beginning.shard else {}
        journal.begin(beginning.plan_id, {"created_at": beginning.created_at, **facts})
    except (OSError, JournalError, Stop) as error:
        with suppress(OSError):
            kept_plan(path).unlink()
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        hint = "Nothing was sent. Make room, or correct the rights on that folder."
        problem = Diagnostic("journal-failed", "error", f"no journal can be written in {path.parent}: {why}", hint=hint)
        raise Stop(Exit.ERROR, problem) from error
    try:
        yield journal
    finally:
        journal.close()


def mark_audited(path: Path) -> None:
    """Note in the journal of a killed apply that the audit log has its actions now.

    Raises:
        OSError: it cannot be noted.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    try:
        # The crash may have torn the last line.
        write_whole(descriptor, b'\n{"event": "audited"}\n')
    finally:
        os.close(descriptor)


def kept_plan(journal: Path) -> Path:
    """Where the plan of a journal is kept until it is complete."""
    return journal.with_name(journal.name.removesuffix(".jsonl") + PLAN)
