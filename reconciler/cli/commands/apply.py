"""`reconciler apply`: make live state as the manifests, or a reviewed plan, say."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app import holds
from reconciler.app.applying import Applying, Result, apply, rehearse
from reconciler.app.connections import targets
from reconciler.app.exits import Exit, Stop
from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.saving import check_saved, read_saved, signed
from reconciler.app.source import manifests_digest
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, interactive, result, say
from reconciler.cli.outcomes import Steps, closing, rehearsal
from reconciler.cli.rendering import plan_in
from reconciler.cli.running import chosen, lifted, settling, surroundings, use_case
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.manifests import Workspace


@click.command
@click.argument("planfile", type=click.Path(path_type=Path), required=False)
@options.workspace
@options.selection
@options.flag("--dry-run", is_flag=True, help="Show each request that would be sent; send none that writes.")
@options.flag("--auto-approve", is_flag=True, help="Do not ask.")
@options.allow
@options.guards_from
@use_case
def command(
    planfile: Path | None,
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    allows: tuple[str, ...],
    guards_from: str | None,
    *,
    dry_run: bool,
    auto_approve: bool,
) -> int:
    """Apply PLANFILE exactly as it was reviewed; without it, plan, show the plan and ask."""
    selection = chosen(target_names, dataset_globs, facet_names)
    asked = PlanOptions(selection, lifted(allows), None, guards_from, Progress("Read"))
    if planfile is not None and (asked.allows or guards_from or selection != PlanOptions().selection):
        raise click.UsageError("A saved plan is applied as it is: guards and selections belong to `plan`.")
    opened = open_workspace(workspace)
    with surroundings() as world, settling() as stop:
        work, current = _saved(planfile, opened, world) if planfile else (_planned(opened, asked, world), True)
        _refuse(work.plan)
        if not work.plan.changed:
            if not dry_run:
                holds.note(opened, work.plan, done=current)
            return Exit.DONE
        work = Applying(work.plan, work.plan_id, work.targets, Steps(), stop, work.fresh)
        if dry_run:
            done = rehearse(work)
            result(rehearsal(done.outcomes))
            return done.exit
        if planfile is None and not auto_approve:
            _ask()
        holds.note(opened, work.plan, done=False)
        code = _finish(apply(opened, work, world))
        holds.note(opened, work.plan, done=current and code == Exit.DONE)
        return code


def _planned(workspace: Workspace, asked: PlanOptions, world: Surroundings) -> Applying:
    planned = make_plan(workspace, asked, world)
    document = signed(planned.plan, workspace, asked, world)
    complain(planned.plan.diagnostics)
    result(plan_in("text", document))
    return Applying(planned.plan, document.plan_id, planned.targets, Steps())


def _saved(path: Path, workspace: Workspace, world: Surroundings) -> tuple[Applying, bool]:
    """The work a saved plan is, and whether it was made from the manifests as they are now."""
    saved = read_saved(path)
    check_saved(saved, workspace)
    holds.check(workspace.root, saved.plan)
    complain(saved.plan.diagnostics)
    used = targets(workspace, (dataset.address.target for dataset in saved.plan.changed), world)
    current = saved.document.source.digest == manifests_digest(workspace.root)
    return Applying(saved.plan, saved.document.plan_id, used, Steps(), fresh=False), current


def _refuse(plan: Plan) -> None:
    """Stop before anything is written when the plan may not be applied; its diagnostics are already printed."""
    if plan.errored or not plan.complete:
        raise Stop(Exit.ERROR)
    if plan.blocked:
        raise Stop(Exit.BLOCKED)


def _ask() -> None:
    if not interactive():
        summary = "nobody can be asked here, and nothing was approved"
        hint = "Apply a saved plan that was reviewed, or pass --auto-approve."
        raise Stop(Exit.BLOCKED, Diagnostic("approval-missing", "error", summary, hint=hint))
    answer = click.prompt("Apply this? Only yes will do it", default="no", err=True)
    if answer != "yes":
        say("Nothing was changed.")
        raise Stop(Exit.BLOCKED)


def _finish(done: Result) -> int:
    complain(done.diagnostics)
    result(closing(done.outcomes))
    if done.exit is not Exit.DONE and done.journal is not None:
        say(f"Journal: {done.journal}\nNext: reconciler plan shows what is left.")
    return Exit.PARTIAL if done.diagnostics else done.exit
