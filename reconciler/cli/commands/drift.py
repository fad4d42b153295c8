"""`reconciler drift`: what moved away from the manifests."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.saving import signed
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, width
from reconciler.cli.running import chosen, surroundings, use_case
from reconciler.report.drift import drift_markdown, drift_text


@click.command
@options.workspace
@options.selection
@options.output_format(("text", "markdown", "json"))
@options.detailed_exitcode
@use_case
def command(
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    shape: str,
    *,
    detailed_exitcode: bool,
) -> int:
    """Compare live state with the manifests, seen from the live side. Never writes to a vendor."""
    asked = PlanOptions(chosen(target_names, dataset_globs, facet_names), progress=Progress("Read"))
    opened = open_workspace(workspace)
    with surroundings() as world:
        plan = make_plan(opened, asked, world).plan
        document = signed(plan, opened, asked, world)
    complain([item for item in plan.diagnostics if item.severity != "blocked"])
    told = {"json": lambda: document.text, "markdown": lambda: drift_markdown(plan)}
    result(told.get(shape, lambda: drift_text(plan, width=width()))())
    if plan.errored or not plan.complete:
        return Exit.ERROR
    return Exit.CHANGES if detailed_exitcode and plan.changed else Exit.DONE
