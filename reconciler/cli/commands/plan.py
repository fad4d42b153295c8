"""`reconciler plan`: what an apply would do."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from reconciler.app.caching import cache_folder
from reconciler.app.exits import Exit
from reconciler.app.planning import PlanOptions, make_plan, merge_plan
from reconciler.app.saving import save, signed
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, say
from reconciler.cli.rendering import PLAN_SHAPES, plan_in
from reconciler.cli.running import chosen, command_line, lifted, moment, sharded, surroundings, use_case
from reconciler.core.plan import Plan
from reconciler.manifests import Workspace
from reconciler.report.upcoming import upcoming

if TYPE_CHECKING:
    from reconciler.app.sharding import Shard
    from reconciler.report.document import Signed

flags: Callable[[Any], Any] = options.together(
    options.workspace,
    options.selection,
    options.flag("--changed-since", metavar="REF", help="Only datasets whose manifests changed since this git ref."),
    options.flag("--out", type=options.path(dir_okay=False), help="Save the plan, for show and apply."),
    options.output_format(PLAN_SHAPES),
    options.detailed_exitcode,
    options.allow,
    options.guards_from,
    options.as_of,
)


@click.group(invoke_without_command=True)
@flags
@options.flag("-v", "--verbose", is_flag=True, help="Say how many requests each dataset took to read.")
@options.flag("--shard", metavar="I/N", help="Only the I-th of N parts, to be merged; job/N: by JOB_COMPLETION_INDEX.")
@options.flag("--executor", metavar="dask://HOST:PORT", help="Plan in parts on a Dask cluster that is there.")
@click.pass_context
def command(context: click.Context, /, workspace: Path, **given: Any) -> int:
    """Read live state, compare it with the manifests, and show what an apply would do. Never writes to a vendor."""
    return 0 if context.invoked_subcommand else _plan(workspace=workspace, **given)


@use_case
def _plan(
    workspace: Path,
    out: Path | None,
    shape: str,
    *,
    detailed_exitcode: bool,
    verbose: bool,
    shard: str | None,
    executor: str | None,
    **given: Any,
) -> int:
    asked = _asked(**given, shard=shard)
    if executor is not None:
        if shard is not None or verbose:
            raise click.UsageError("--executor makes the parts itself: leave out --shard and --verbose.")
        return _spread(executor, workspace, asked, out, shape, detailed=detailed_exitcode)
    if asked.shard and out is None:
        raise click.UsageError("--shard needs --out FILE: a part of a plan is for `plan merge`.")
    opened = _opened(workspace, asked)
    with surroundings() as world:
        planned = make_plan(opened, asked, world)
    plan, document = planned.plan, cache(partial(signed, planned.plan, opened, asked, world))
    if verbose:
        from reconciler.report.requests import requests_text  # noqa: PLC0415 - rarely asked for

        say(requests_text(plan))
    if asked.shard and out:
        return _part(plan, document, asked, asked.shard, out)
    return _told(plan, document, planned.as_of, out, shape, detailed=detailed_exitcode)


@command.command(short_help="Put the parts that `plan --shard` saved together.")
@click.argument("files", type=options.path(), nargs=-1, required=True)
@flags
@use_case
def merge(
    files: tuple[Path, ...], workspace: Path, out: Path | None, shape: str, *, detailed_exitcode: bool, **given: Any
) -> int:
    """Put the parts that `plan --shard` saved together; give the flags that they were made with."""
    asked = _asked(**given)
    return _merged(files, _opened(workspace, asked), asked, out, shape, detailed=detailed_exitcode)


def _merged(
    files: Sequence[Path], workspace: Workspace, asked: PlanOptions, out: Path | None, shape: str, *, detailed: bool
) -> Exit:
    from reconciler.app.sharding import read_parts  # noqa: PLC0415 - few plans are merged

    with surroundings() as world:
        plan = merge_plan(workspace, read_parts(files), asked, world)
    document = cache(partial(signed, plan, workspace, asked, world))
    return _told(plan, document, asked.as_of or world.now(), out, shape, detailed=detailed)


def _spread(
    executor: str, workspace: Path, asked: PlanOptions, out: Path | None, shape: str, *, detailed: bool
) -> Exit:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - as below

    from reconciler.app.cluster import parts_on  # noqa: PLC0415 - few plans are made on a cluster

    opened = _opened(workspace, asked)
    with TemporaryDirectory(prefix="reconciler-") as folder:
        return _merged(parts_on(executor, opened, asked, Path(folder)), opened, asked, out, shape, detailed=detailed)


def _opened(workspace: Path, asked: PlanOptions) -> Workspace:
    # What a branch changed is told of the very files that were read, which spares reading them once more.
    return open_workspace(workspace, cache_folder(os.environ, workspace), keep=asked.changed_since is not None)


def _asked(
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    changed_since: str | None,
    allows: tuple[str, ...],
    guards_from: str | None,
    as_of: str | None,
    shard: str | None = None,
) -> PlanOptions:
    selection = chosen(target_names, dataset_globs, facet_names)
    return PlanOptions(
        selection, lifted(allows), moment(as_of), guards_from, Progress("Read"), changed_since, sharded(shard)
    )


def _part(plan: Plan, document: Callable[[], Signed], asked: PlanOptions, shard: Shard, out: Path) -> Exit:
    from reconciler.app.sharding import part_text  # noqa: PLC0415 - few plans are made in parts

    complain(plan.diagnostics)
    save(part_text(plan, document().text, shard, asked.said), out)
    say(f"Shard {shard}: {len(plan.datasets)} datasets. Next: {command_line('plan', 'merge')} FILES")
    return Exit.ERROR if plan.errored or not plan.complete else Exit.DONE


def _told(
    plan: Plan, document: Callable[[], Signed], as_of: datetime, out: Path | None, shape: str, *, detailed: bool
) -> Exit:
    complain([*plan.diagnostics, *upcoming(plan, as_of)])
    if out is not None:
        # First: whoever reads the pipe may close it early.
        save(document().text, out)
    result(plan_in(shape, plan, document))
    if out is not None:
        refused = plan.errored or plan.blocked or not plan.complete or not document().meta.of_its_day
        following = f"reconciler show {quote(str(out))}" if refused else command_line("apply", out)
        say(f"Saved to {out}. Next: {following}")
    return plan_exit(plan, detailed=detailed)


def plan_exit(plan: Plan, *, detailed: bool) -> Exit:
    """The exit code of a command that shows a plan."""
    if plan.errored or not plan.complete:
        return Exit.ERROR
    if plan.blocked:
        return Exit.BLOCKED
    return Exit.CHANGES if detailed and plan.changed else Exit.DONE
