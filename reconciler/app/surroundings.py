"""What the use cases take from outside: environment, clock, the embedded stand-in. Nothing below reads them itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct


class Surroundings(Struct, frozen=True):
    """The world around one run of a command."""

    environ: Mapping[str, str]
    now: Callable[[], datetime]
    """The present, with its zone."""
    embedded: Callable[[Path], str]
    """Starts the embedded stand-in on a database file, once, and tells its URL."""
    version: str


def state_folder(workspace: Path) -> Path:
    """`.reconciler/` beside the workspace: journals, lock, the sandbox's database. Losing it loses nothing governed."""
    return workspace.resolve().parent / ".reconciler"


def folder_name(workspace: Path) -> str:
    """What a workspace's folder is called beside its state folder, which others there share."""
    return workspace.resolve().name


def beside(workspace: Path, name: str | None) -> str | None:
    """The `name` of a workspace, where that is another one than this which is still there beside it.

    One whose folder is gone was renamed, and may be this one by now; so may one that nobody named.
    """
    if not name or name == folder_name(workspace):
        return None
    there = state_folder(workspace).parent / name
    return name if there.is_dir() and not there.samefile(workspace) else None
