"""`reconciler init`: a workspace to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.ci import REQUIREMENTS, SYSTEMS
from reconciler.app.exits import Exit
from reconciler.app.following import command_line
from reconciler.app.starting import start
from reconciler.cli import options
from reconciler.cli.console import result, say
from reconciler.cli.running import use_case


@click.command
@click.argument("folder", type=options.path(file_okay=False), default=Path())
@options.flag("--ci", type=click.Choice(list(SYSTEMS)), help="Write pipelines that review, plan, apply and watch.")
@use_case
def command(folder: Path, ci: str | None) -> int:
    """Write an example workspace and its schemas into FOLDER (here, by default). What is there already stays.

    Where there are manifests, no example joins them.
    """
    try:
        done = start(folder, ci)
    except OSError as error:
        say(f"Error: {error.filename or folder} cannot be written: {error.strerror}.")
        return Exit.ERROR
    for path in done.written:
        result(f"wrote {path}")
    if kept := len(done.kept):
        result(f"kept  {kept} {'file that was' if kept == 1 else 'files that were'} there already")
    if not done.ignored:
        say("Add .reconciler/ to .gitignore: journals and the audit log are no part of the sources.")
    if ci is not None:
        say(f"Next: see what {folder / REQUIREMENTS[ci]} installs, and give the pipelines the targets' tokens.")
        return Exit.DONE
    workspace = folder / "manifests"
    following = command_line(workspace, "plan", named=True)
    if done.example:
        say(f"Next:\n  export DOMO_TOKEN=sandbox-token\n  {following}")
    else:
        say(f"{workspace} has manifests already, so no example was added.\nNext:\n  {following}")
    return Exit.DONE
