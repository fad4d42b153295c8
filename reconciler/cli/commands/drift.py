"""`reconciler drift`: what moved away from the manifests, why, and putting it back."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.app.applying import apply
from reconciler.app.drifting import Drift, DriftOptions, find_drift, healable, write_metrics
from reconciler.app.exits import Exit
from reconciler.app.planning import PlanOptions
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.applying import ask, finish, planned, refuse
from reconciler.cli.console import Progress, complain, result, width
from reconciler.cli.machines import findings_in
from reconciler.cli.running import chosen, command_line, settling, surroundings, use_case
from reconciler.core.diagnostics import Source
from reconciler.facets import BY_NAME, did_you_mean
from reconciler.manifests import Workspace
from reconciler.planning.drift import findings

SHAPES = ("text", "markdown", "json", "html", "sarif", "junit", "github")


@click.command
@options.workspace
@options.selection
@options.flag("--applied", metavar="REF", help="The commit that was last applied; else the audit log tells.")
@options.flag("--heal", "heals", multiple=True, metavar="FACET", help="Put back what others changed; repeatable.")
@options.flag("--auto-approve", is_flag=True, help="With --heal: do not ask.")
@options.flag("--metrics", type=options.path(dir_okay=False), help="Write numbers for Prometheus here.")
@options.output_format(SHAPES)
@options.flag("--detailed-exitcode", is_flag=True, help="Exit 2 when anything differs, also what is not applied yet.")
@use_case
def command(
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    applied: str | None,
    heals: tuple[str, ...],
    metrics: Path | None,
    shape: str,
    *,
    auto_approve: bool,
    detailed_exitcode: bool,
) -> int:
    """Compare live state with the manifests, seen from the live side. Writes to a vendor only with --heal.

    What somebody changed is told apart from what was merged and not applied yet.
    """
    for facet in heals:
        if facet not in BY_NAME:
            hint = did_you_mean(facet, BY_NAME) or f"Known: {', '.join(BY_NAME)}."
            raise click.UsageError(f'--heal {facet}: there is no facet "{facet}". {hint}')
        if facet == "retention":
            raise click.UsageError("--heal retention: what deletes versions is applied by a plan that was looked at.")
    if auto_approve and not heals:
        raise click.UsageError("--auto-approve approves what --heal would put back: name a facet with --heal.")
    asked = PlanOptions(chosen(target_names, dataset_globs, facet_names), progress=Progress("Read"))
    opened = open_workspace(workspace)
    with surroundings() as world:
        found = find_drift(opened, DriftOptions(asked, applied), world)
        # The log of a job tells everything; annotations are few.
        told = findings(found.differences) if shape == "github" else ()
        complain([*found.findings, *told])
        result(_told(shape, found, Source(opened.place.file, 1)))
        if metrics is not None:
            from reconciler.report.drift import drift_metrics  # noqa: PLC0415 - rarely asked for

            write_metrics(drift_metrics(found.plan, found.differences, found.at.timestamp()), metrics)
        if found.plan.errored or not found.plan.complete:
            return Exit.ERROR
        if heals:
            return _heal(opened, found, heals, world, auto_approve=auto_approve)
    return Exit.CHANGES if detailed_exitcode and found.counting else Exit.DONE


def _heal(
    workspace: Workspace, found: Drift, facets: tuple[str, ...], world: Surroundings, *, auto_approve: bool
) -> int:
    """Plan anew just what others have changed, show it, and apply it."""
    selection, left = healable(found, facets)
    complain(left)
    if not selection.only:
        result("Nothing to heal.")
        return Exit.DONE
    with settling() as stop:
        work = planned(workspace, PlanOptions(selection), world)
        refuse(work.plan)
        if not work.plan.changed:
            return Exit.DONE
        if not auto_approve:
            ask()
        return finish(apply(workspace, replace(work, stop=stop, command="reconciler drift --heal"), world))


def _told(shape: str, found: Drift, place: Source) -> str:
    from reconciler.report import drift  # noqa: PLC0415 - the renderings are many, one is asked for
    from reconciler.report.drift.html import by_day  # noqa: PLC0415

    plan, differences = found.plan, found.differences
    match shape:
        case "text":
            return drift.drift_text(plan, differences, width=width())
        case "markdown":
            return drift.drift_markdown(plan, differences, found.findings, command_line("drift"))
        case "json":
            return drift.drift_json(plan, differences, found.findings)
        case "html":
            days = by_day(str(line.get("at")) for line in found.history)
            return drift.drift_html(plan, differences, days, found.at.astimezone(UTC).date(), found.findings)
        case _:
            # Notes tell about a difference, or ask for nothing; what was not read is no test that passes.
            more = [item for item in found.findings if item.severity != "info"]
            return findings_in(shape, [*findings(differences), *more], "reconciler drift", place)
