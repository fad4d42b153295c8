"""Saved plans, as they are written: once, with mode 0600."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.manifests import Workspace
from reconciler.report.document import Meta, Signed

from .exits import Exit, Stop
from .planning import PlanOptions
from .source import plan_source
from .surroundings import Surroundings


def signed(plan: Plan, workspace: Workspace, options: PlanOptions, surroundings: Surroundings) -> Signed:
    """A plan that was just made, with where it comes from."""
    source = plan_source(workspace)
    meta = Meta(
        reconciler_version=surroundings.version,
        source_digest=source.digest,
        workspace=source.workspace,
        # Only a moment somebody asked for is part of the plan: equal plans made at different times have equal ids.
        as_of=options.as_of.isoformat() if options.as_of else None,
        commit=source.commit,
        dirty=source.dirty,
        created_at=surroundings.now().isoformat(timespec="seconds"),
    )
    return Signed(plan, meta)


def save(text: str, path: Path) -> None:
    """Write the text of a plan's document, all or nothing; nobody else may read it.

    Raises:
        Stop: it cannot be written.
    """
    try:
        if path.is_symlink():
            raise Stop(Exit.ERROR, _unsaved(path, "it is a link"))
        if path.exists() and not path.is_file():
            # A pipe or a device takes the text; a file in its place would break it for everybody.
            path.write_text(text, "utf-8")
        else:
            _replace(text, path)
    except OSError as error:
        raise Stop(Exit.ERROR, _unsaved(path, error.strerror or str(error))) from error


def _unsaved(path: Path, why: str) -> Diagnostic:
    return Diagnostic("plan-not-saved", "error", f"the plan was not saved to {path}: {why}", hint="Name another file.")


def _replace(text: str, path: Path) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
