"""`reconciler init`: a workspace to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.starting import start
from reconciler.cli.console import result, say
from reconciler.cli.running import use_case


@click.command
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@use_case
def command(folder: Path) -> int:
    """Write an example workspace and its schemas into FOLDER (here, by default). What is there already stays."""
    try:
        written, kept = start(folder)
    except OSError as error:
        say(f"Error: {error.filename or folder} cannot be written: {error.strerror}.")
        return Exit.ERROR
    for path in written:
        result(f"wrote {path}")
    if kept:
        result(f"kept  {len(kept)} {'file that was' if len(kept) == 1 else 'files that were'} there already")
    workspace = folder / "manifests"
    say(f"Next:\n  export DOMO_TOKEN=sandbox-token\n  reconciler plan -w {workspace}")
    return Exit.DONE
