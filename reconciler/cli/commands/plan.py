"""`reconciler plan`: what an apply would do."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.saving import save, signed
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, say
from reconciler.cli.rendering import PLAN_SHAPES, plan_in
from reconciler.cli.running import chosen, lifted, moment, surroundings, use_case
from reconciler.core.plan import Plan


@click.command
@options.workspace
@options.selection
@options.flag("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan here, for show and apply.")
@options.output_format(PLAN_SHAPES)
@options.detailed_exitcode
@options.allow
@options.guards_from
@options.as_of
@use_case
def command(
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    out: Path | None,
    shape: str,
    allows: tuple[str, ...],
    guards_from: str | None,
    as_of: str | None,
    *,
    detailed_exitcode: bool,
) -> int:
    """Read live state, compare it with the manifests, and show what an apply would do. Never writes to a vendor."""
    selection = chosen(target_names, dataset_globs, facet_names)
    asked = PlanOptions(selection, lifted(allows), moment(as_of), guards_from, Progress("Read"))
    opened = open_workspace(workspace)
    with surroundings() as world:
        plan = make_plan(opened, asked, world).plan
        document = signed(plan, opened, asked, world)
    complain(plan.diagnostics)
    if out is not None:
        # First: whoever reads the pipe may close it early.
        save(document.text, out)
    result(plan_in(shape, document))
    if out is not None:
        say(f"Saved to {out}. Next: reconciler apply {out}")
    return plan_exit(plan, detailed=detailed_exitcode)


def plan_exit(plan: Plan, *, detailed: bool) -> Exit:
    """The exit code of a command that shows a plan."""
    if plan.errored or not plan.complete:
        return Exit.ERROR
    if plan.blocked:
        return Exit.BLOCKED
    return Exit.CHANGES if detailed and plan.changed else Exit.DONE
