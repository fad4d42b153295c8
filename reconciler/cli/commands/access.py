"""`reconciler access`: who can reach what, by which path."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.access import AccessOptions, reach
from reconciler.app.exits import Exit
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result
from reconciler.cli.running import chosen, command_line, moment, surroundings, use_case

SHAPES = ("text", "markdown", "json")


@click.command
@options.workspace
@options.flag("--principal", metavar="P", help="What user:KEY or group:KEY can reach.")
@options.flag("--dataset", "dataset_globs", multiple=True, metavar="GLOB", help="Who can reach these; repeatable.")
@options.flag("--target", "target_names", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@options.flag("--live", is_flag=True, help="Ask the vendor instead of the manifests. Never writes.")
@options.as_of
@options.output_format(SHAPES)
@use_case
def command(
    workspace: Path,
    principal: str | None,
    dataset_globs: tuple[str, ...],
    target_names: tuple[str, ...],
    as_of: str | None,
    shape: str,
    *,
    live: bool,
) -> int:
    """Tell who can reach which dataset and how, groups expanded. From the manifests, offline, unless --live."""
    if (principal is None) == (not dataset_globs):
        raise click.UsageError("Say either --principal P or --dataset GLOB ('*' means all).")
    if live and as_of:
        raise click.UsageError("Live state is as it is now: --as-of belongs to the manifests.")
    asked = AccessOptions(chosen(target_names, dataset_globs, ()), principal, moment(as_of), live, Progress("Read"))
    opened = open_workspace(workspace)
    with surroundings() as world:
        found = reach(opened, asked, world)
    complain(found.problems)
    from reconciler.report import access  # noqa: PLC0415 - not every run gets this far

    complete = not any(item.severity == "error" for item in found.problems)
    if shape == "json":
        result(access.access_json(found.paths, found.ungoverned, live=live, complete=complete))
    elif shape == "markdown":
        # Other flags only leave some of it out.
        about = [f"--principal={principal}"] if principal else [f"--dataset={glob}" for glob in dataset_globs]
        when = ["--live"] if live else [f"--as-of={as_of}"] if as_of else []
        again = command_line("access", *about, *when)
        result(
            access.access_markdown(found.paths, found.ungoverned, again, live=live, complete=complete, who=principal)
        )
    else:
        result(access.access_text(found.paths, found.ungoverned, live=live, complete=complete, who=principal))
    return Exit.DONE if complete else Exit.ERROR
