"""`reconciler fmt`: manifest files in the canonical layout."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.formatting import chosen_files, format_files
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result
from reconciler.cli.running import use_case
from reconciler.report.safe import terminal


@click.command
@click.argument("paths", nargs=-1, type=options.path())
@options.workspace
@options.flag("--check", is_flag=True, help="Write nothing; exit 1 when a file would change.")
@use_case
def command(paths: tuple[Path, ...], workspace: Path, *, check: bool) -> int:
    """Lay out PATHS (the whole workspace, by default) as `import` writes them; comments, quotes and values stay."""
    done = format_files(chosen_files(workspace, paths), write=not check, progress=Progress("Formatted"))
    complain(done.problems)
    for path in done.changed:
        result(terminal(f"{'would change' if check else 'formatted'} {path}"))
    if not done.changed:
        result(f"{done.same} {'file is' if done.same == 1 else 'files are'} in the canonical layout.")
    return Exit.ERROR if done.problems or (check and done.changed) else Exit.DONE
