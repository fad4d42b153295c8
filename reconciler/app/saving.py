"""Saved plans, as they are written: once, with mode 0600."""

from __future__ import annotations

from pathlib import Path

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.manifests import Workspace
from reconciler.report.document import Meta, Signed

from .exits import Exit, Stop
from .planning import PlanOptions
from .source import plan_source
from .surroundings import Surroundings
from .writing import PRIVATE, place_text


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
        facets=tuple(sorted(set(options.selection.facets))),
    )
    return Signed(plan, meta)


def save(text: str, path: Path, what: str = "plan") -> None:
    """Write the text of a plan's document, or `what` else is for its owner only, all or nothing.

    Raises:
        Stop: it cannot be written.
    """
    try:
        place_text(text, path, PRIVATE)
    except OSError as error:
        summary = f"the {what} was not saved to {path}: {error.strerror or error}"
        raise Stop(Exit.ERROR, Diagnostic(f"{what}-not-saved", "error", summary, hint="Name another file.")) from error
