"""The journals of a workspace, read back; none is ever taken for absent because it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.execution import Birth, Past, births, read_past
from reconciler.execution.history import CREATIONS, ENDS, Kinds

from .exits import Exit, Stop
from .surroundings import beside, state_folder

FORM = "%Y%m%dT%H%M%S%fZ"


def journal_folder(state: Path) -> Path:
    """Where journals are, in the order of their names."""
    return state / "journal"


def journal_files(state: Path) -> list[Path]:
    """The journals, in the order of their making.

    Raises:
        Stop: the folder cannot be read (exit 1).
    """
    folder = journal_folder(state)
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".jsonl")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def past_of(path: Path, kinds: Kinds | None = None) -> Past:
    """One journal; only what is of `kinds`, when those are given.

    Raises:
        Stop: it cannot be read (exit 1).
    """
    try:
        return read_past(path, kinds)
    except OSError as error:
        raise _unreadable(path, error) from error


def known_births(workspace: Path) -> dict[str, Birth]:
    """What the journals know of creations, by address; of another workspace's, where this one had none there.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    pasts: dict[str | None, list[Past]] = {None: []}
    for path in journal_files(state_folder(workspace)):
        past = past_of(path, CREATIONS)
        pasts.setdefault(beside(workspace, past.workspace), []).append(past)
    known = births(pasts.pop(None))
    for name, theirs in pasts.items():
        for address, birth in births(theirs).items():
            if birth.state != "none":
                known.setdefault(address, replace(birth, workspace=name))
    return known


def endings(state: Path) -> Iterator[Past]:
    """How each apply began and ended, in the order of their making.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    return (past_of(path, ENDS) for path in journal_files(state))


def applied_last(workspace: Path) -> dict[str | None, Past]:
    """The newest journal of each shard `I/N` of the plan that `workspace` applied last; None stands for all of it.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    found = (past for past in endings(state_folder(workspace)) if past.plan_id)
    pasts = [past for past in found if beside(workspace, past.workspace) is None]
    return {past.shard: past for past in pasts if _plan_of(past) == _plan_of(pasts[-1])}


def unfinished_beside(workspace: Path) -> str | None:
    """The workspace beside this one whose apply came last of all and was not completed.

    Raises:
        Stop: a journal cannot be read (exit 1).
    """
    pasts = [past for past in endings(state_folder(workspace)) if past.plan_id]
    return beside(workspace, pasts[-1].workspace) if pasts and pasts[-1].ended != "complete" else None


def stamp(now: datetime) -> str:
    """A moment as part of a file's name; later ones sort later."""
    return now.strftime(FORM)


def next_stamp(state: Path, now: datetime) -> str:
    """The moment to name a new journal by: `now`, unless a clock that was put back would sort it before an older one.

    Raises:
        Stop: the folder cannot be read (exit 1).
    """
    newest = max((path.name.partition("-")[0] for path in journal_files(state)), default="")
    try:
        after = datetime.strptime(newest, FORM).replace(tzinfo=UTC) + timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return stamp(now)
    return stamp(max(now, after))


def _plan_of(past: Past) -> tuple[str, str | None]:
    """Which plan it is: the same changes that are planned again have the same id, and are another plan."""
    return past.plan_id, past.created_at


def _unreadable(path: Path, error: OSError) -> Stop:
    summary = f"{path} cannot be read: {error.strerror or error}"
    hint = (
        "It may know of a dataset whose creation was never answered, so nothing goes on without it. Correct its "
        "rights; or move it away, if no creation is open."
    )
    return Stop(Exit.ERROR, Diagnostic("journal-unreadable", "error", summary, hint=hint))
