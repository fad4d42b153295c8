"""Saved plans, read back; refused when they must not be applied any more."""

from __future__ import annotations

import re
import stat
from datetime import UTC, date, datetime
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic
from reconciler.execution.history import ENDS
from reconciler.manifests import Workspace
from reconciler.report.document import LARGEST, DocumentError, Saved, decode

from .collecting import uncollected
from .exits import Exit, Stop
from .foreign import check_state
from .pasts import journal_files, past_of
from .sharding import Shard
from .source import targets_digest
from .surroundings import state_folder


def read_saved(path: Path) -> Saved:
    """The plan in `path`.

    Raises:
        Stop: it is not a plan that can be used (exit 1), or it was altered (exit 4).
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            hint = "Name a file that `plan --out FILE` wrote; the workspace's folder is named with -w."
            raise Stop(Exit.ERROR, _unreadable(path, "it is a folder", hint))
        if not stat.S_ISREG(mode):
            raise Stop(Exit.ERROR, _unreadable(path, "it is no regular file"))
        # Looking for garbage takes as long as reading.
        with path.open("rb") as file, uncollected():
            # A byte more than the largest is enough to tell. No name holds the bytes: they go as soon as they are read.
            return decode(file.read(LARGEST + 1))
    except OSError as error:
        raise Stop(Exit.ERROR, _unreadable(path, error.strerror or str(error))) from error
    except DocumentError as error:
        code = Exit.STALE if error.flaw == "altered" else Exit.ERROR
        raise Stop(code, _unreadable(path, str(error))) from error


def _unreadable(path: Path, why: str, hint: str = "Make a new one with `plan --out FILE`.") -> Diagnostic:
    return Diagnostic("plan-unreadable", "error", f"{path} cannot be used as a plan: {why}", hint=hint)


def check_saved(saved: Saved, workspace: Workspace, now: datetime, shard: Shard | None = None) -> None:
    """Refuse a plan of another workspace, of a day that is not now, and one that was applied before.

    That is as a whole, as `shard`, or cut otherwise.

    The same changes may be planned again after somebody took them back: that plan has the same id, and is another one.

    Raises:
        Stop: with exit 4; with exit 1 where the state is not this machine's.
    """
    check_state(workspace.root)
    if saved.document.workspace != targets_digest(workspace):
        summary = f"the plan was made for another workspace than {workspace.root}"
        hint = "Its targets differ. Apply it where it was made, or make a new one here."
        raise Stop(Exit.STALE, Diagnostic("plan-foreign", "error", summary, hint=hint))
    _check_day(saved, now)
    name = re.compile(rf".*-{saved.document.plan_id[:16]}(-\d+-of-\d+)?")
    for path in journal_files(state_folder(workspace.root)):
        if name.fullmatch(path.stem) is None:
            continue
        past = past_of(path, ENDS)
        done = past.ended == "complete" and past.created_at in {None, saved.document.created_at}
        if done and not _beside(past.shard, shard):
            as_what = f" as shard {past.shard}" if past.shard else ""
            summary = f"this plan was applied before{as_what}; its journal is {path}"
            hint = "A plan is applied once. Make a new one."
            raise Stop(Exit.STALE, Diagnostic("plan-used", "error", summary, hint=hint))


def _check_day(saved: Saved, now: datetime) -> None:
    """Refuse what was planned for a day that is to come, or had passed: other guards are lifted then."""
    if saved.document.as_of is None:
        return
    day = _day(saved.document.as_of)
    made = _day(saved.document.created_at) if saved.document.created_at else day
    if made <= day <= now.astimezone(UTC).date():
        return
    summary = f"the plan shows {day}, a day that {'had passed when it was made' if day < made else 'is to come'}"
    hint = "Show it with `reconciler show`; to apply, make a new plan without --as-of."
    raise Stop(Exit.STALE, Diagnostic("plan-stale", "error", summary, hint=hint))


def planned_for(saved: Saved) -> date:
    """The day that a saved plan shows, UTC: the one it was made on, unless it was asked for another."""
    return _day(saved.document.as_of or saved.document.created_at or f"{date.max}")


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(UTC).date()


def _beside(done: str | None, shard: Shard | None) -> bool:
    """Whether what was done is another part of a plan that is cut like this one."""
    return done is not None and shard is not None and done != str(shard) and done.endswith(f"/{shard.of}")
