"""The embedded stand-in for the vendors' APIs, on its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.app.exits import Exit, Stop
from reconciler.core.diagnostics import Diagnostic

from .console import complain

if TYPE_CHECKING:
    from reconciler.sandbox import Faults, Sandbox, World


def opened(database: Path, world: World | None = None, faults: Faults | None = None) -> Sandbox:
    """The sandbox on `database`; an empty one gets the vendors' own examples.

    Raises:
        Stop: its state cannot be used (exit 1).
    """
    # Imported here: only a target with `url: "sandbox:"` needs it.
    from reconciler.sandbox import DOCUMENTED, Sandbox, StateError, documents_seed  # noqa: PLC0415

    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sandbox = Sandbox(database, world=world or DOCUMENTED, faults=faults)
        # Not by whether the file was there: whoever made it may have been killed before it held anything.
        if sandbox.empty:
            sandbox.seed(documents_seed())
    except (OSError, StateError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise Stop(Exit.ERROR, unusable(database, why)) from error
    return sandbox


def unusable(database: Path, why: str) -> Diagnostic:
    """That the sandbox's state cannot be used."""
    summary = f"the sandbox's state {database} cannot be used: {why}"
    hint = "Make room, correct its rights, or remove it: `reconciler sandbox reset` makes a new one."
    return Diagnostic("sandbox-unusable", "error", summary, hint=hint)


@contextmanager
def serving(database: Path) -> Iterator[str]:
    """The address of the sandbox on `database`, served on loopback; that its state fails meanwhile is told."""
    sandbox = opened(database)
    try:
        with sandbox.serve() as server:
            yield server.url
    finally:
        if sandbox.trouble:
            complain([unusable(database, sandbox.trouble)])
        sandbox.close()
