"""What `validate` does where manifests have to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from reconciler.app.exits import Exit
from reconciler.app.workspaces import check, with_births
from reconciler.core.diagnostics import Diagnostic
from reconciler.manifests import Loaded

from .commands.validate import valid
from .console import complain, result
from .running import surroundings, use_case


@use_case
def validated(workspace: Path, caches: Path | None, shape: str) -> int:
    """Check every manifest of `workspace`, tell what was found in `shape`, and how to exit."""
    with surroundings() as world:
        today = world.now().astimezone(UTC).date()
        loaded = with_births(check(workspace, today, caches))
        if loaded.workspace and loaded.workspace.policies:
            from reconciler.app.policies import with_policies  # noqa: PLC0415 - starts another process

            loaded = with_policies(loaded, today)
    if shape in {"text", "github"}:
        # The log of a job tells everything; annotations are few.
        complain(loaded.diagnostics)
    result(_told(shape, loaded, workspace))
    if any(item.severity == "error" for item in loaded.diagnostics):
        return Exit.ERROR
    return Exit.BLOCKED if _blocked(loaded.diagnostics) else Exit.DONE


def _blocked(found: Sequence[Diagnostic]) -> int:
    return sum(item.severity == "blocked" for item in found)


def _told(shape: str, loaded: Loaded, workspace: Path) -> str:
    found, verdict = loaded.diagnostics, _verdict(loaded.diagnostics, loaded.manifests, workspace)
    match shape:
        case "text":
            return verdict
        case "json":
            from reconciler.report.jsonlist import diagnostics_json  # noqa: PLC0415 - a machine's format is rarely asked

            return diagnostics_json(found, {"valid": loaded.workspace is not None, "manifests": loaded.manifests})
        case _:
            from .machines import findings_in  # noqa: PLC0415 - as above, and it brings every room

            told = findings_in(shape, found, "reconciler validate")
            return told + verdict if shape == "github" else told


def _verdict(found: Sequence[Diagnostic], manifests: int, workspace: Path) -> str:
    errors = sum(item.severity == "error" for item in found)
    if errors:
        return f"{errors} {'error' if errors == 1 else 'errors'} in {workspace}."
    if broken := _blocked(found):
        return f"{broken} {'finding' if broken == 1 else 'findings'} of policies in {workspace} would hold a plan."
    return valid(manifests)
