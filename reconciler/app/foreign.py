"""Whether the state folder is this machine's own: nothing is believed that came with a checkout."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic

from .exits import Exit, Stop
from .surroundings import state_folder

FOR_GIT = {".gitattributes", ".gitignore", ".gitkeep", ".keep"}
"""What keeps a folder in git, or out of it: nothing is read from these."""


def check_state(workspace: Path) -> None:
    """Refuse journals, holds and the like of `workspace` that whoever wrote what was checked out could have made.

    Where git cannot be asked, as without git, nobody can tell.

    Raises:
        Stop: the folder is a link, or git tracks a file in it (exit 1).
    """
    state = state_folder(workspace)
    if not os.path.lexists(state):
        return
    if state.is_symlink():
        raise _foreign(
            f"{state} is a link, and links are not followed",
            "Let it be a folder; one that is elsewhere can be mounted there.",
        )
    if tracked := _tracked(state):
        raise _foreign(
            f"{tracked[0]} is in git, so it came with a checkout and tells nothing of this machine",
            f"If it is your own, take it out of git: git rm -r --cached {state.name} -- If it is not, remove it: "
            f"git rm -r {state.name}",
        )


def _tracked(state: Path) -> list[Path]:
    """What git tracks of the folder, but for what is there for git itself.

    How its own name is written does not count, as on some disks.
    """
    folder = state.parent
    if not any(os.path.lexists(above / ".git") for above in (folder, *folder.parents)):
        return []
    from . import git, plumbing  # noqa: PLC0415 - imports subprocess, for who has a state in a repository

    try:
        where = git.checkout(folder)
    except git.GitError:
        return []
    name = f":(icase,literal){(where.prefix / state.name).as_posix()}"
    found = plumbing.output(where.top, "--no-literal-pathspecs", "ls-files", "-z", "--", name) or b""
    paths = [where.top / path for path in os.fsdecode(found).split("\0") if path]
    return [path for path in paths if path.name not in FOR_GIT]


def _foreign(summary: str, hint: str) -> Stop:
    return Stop(Exit.ERROR, Diagnostic("state-foreign", "error", summary, hint=hint))
