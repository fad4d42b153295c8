"""`reconciler doctor`: whether each target can be worked with."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.app.doctoring import examine
from reconciler.app.exits import Exit
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import colored, result, width
from reconciler.cli.running import chosen, surroundings, use_case
from reconciler.report.checkup import checkup_json, checkup_text


@click.command
@options.workspace
@options.flag("--target", "target_names", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@options.flag("--dataset", "dataset_globs", multiple=True, metavar="GLOB", help="Read the first that matches.")
@options.output_format(("text", "json"))
@use_case
def command(workspace: Path, target_names: tuple[str, ...], dataset_globs: tuple[str, ...], shape: str) -> int:
    """Check that manifests, tokens, connections and rights are in order: read one dataset of each target.

    Never writes. Exit 1 when something has to be mended before anything can be planned.
    """
    opened = open_workspace(workspace)
    with surroundings() as world:
        checks = tuple(examine(opened, chosen(target_names, dataset_globs, ()), world))
    result(checkup_json(checks) if shape == "json" else checkup_text(checks, color=colored(sys.stdout), width=width()))
    return Exit.ERROR if any(check.standing == "failed" for check in checks) else Exit.DONE
