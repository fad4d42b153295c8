"""`reconciler validate`: check manifests, offline."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.workspaces import check
from reconciler.cli import options
from reconciler.cli.console import complain, result
from reconciler.cli.running import use_case


@click.command
@options.workspace
@use_case
def command(workspace: Path) -> int:
    """Check every manifest of the workspace; nothing is sent anywhere."""
    loaded = check(workspace)
    complain(loaded.diagnostics)
    errors = sum(item.severity == "error" for item in loaded.diagnostics)
    if errors:
        result(f"{errors} {'error' if errors == 1 else 'errors'} in {workspace}.")
        return Exit.ERROR
    result(f"{loaded.manifests} manifests are valid.")
    return Exit.DONE
