"""`reconciler apply`: make live state as the manifests, or a reviewed plan, say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.app import holds
from reconciler.app.adopting import settle_by_word, unwritten
from reconciler.app.applying import Applying, apply, owner_of, rehearse
from reconciler.app.catching import catch_up
from reconciler.app.exits import Exit
from reconciler.app.locking import Owner
from reconciler.app.planning import PlanOptions
from reconciler.app.resuming import to_resume
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.applying import address, adopted, ask, finish, part_of, planned, refuse, saved, typed
from reconciler.cli.console import Progress, complain, result, say
from reconciler.cli.events import events_to
from reconciler.cli.outcomes import Steps, rehearsal
from reconciler.cli.running import chosen, lifted, settling, sharded, surroundings, use_case
from reconciler.core.address import Address
from reconciler.manifests import Workspace


@click.command
@click.argument("planfile", type=options.path(), required=False)
@options.workspace
@options.selection
@options.flag("--dry-run", is_flag=True, help="Show each request that would be sent; send none that writes.")
@options.flag("--auto-approve", is_flag=True, help="Do not ask.")
@options.flag("--resume", is_flag=True, help="Go on with the newest apply that was not completed.")
@options.flag(
    "--shard", metavar="I/N", help="Only the I-th of N parts of PLANFILE, beside the others; job/N as with plan."
)
@options.flag("--keep-going", is_flag=True, help="Begin further datasets although their target failed as a whole.")
@options.flag("--events", type=options.path(dir_okay=False), help="Write each step here, as JSON lines.")
@options.flag(
    "--adopt", "adopts", multiple=True, metavar="ADDRESS=ID", help="An unanswered creation took place: its id."
)
@options.flag(
    "--not-made", "absent", multiple=True, metavar="ADDRESS", help="An unanswered creation did not take place."
)
@options.allow
@options.guards_from
@use_case
def command(
    planfile: Path | None,
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    events: Path | None,
    shard: str | None,
    adopts: tuple[str, ...],
    absent: tuple[str, ...],
    allows: tuple[str, ...],
    guards_from: str | None,
    *,
    dry_run: bool,
    auto_approve: bool,
    resume: bool,
    keep_going: bool,
) -> int:
    """Apply PLANFILE exactly as it was reviewed; without it, plan, show the plan and ask."""
    selection = chosen(target_names, dataset_globs, facet_names)
    asked = PlanOptions(selection, lifted(allows), None, guards_from, Progress("Read"))
    told = adopted(adopts), tuple(address("--not-made", text) for text in absent)
    _refuse_contradictions(asked, shard, events, planfile=planfile, resume=resume, told=any(told), dry_run=dry_run)
    part = sharded(shard)
    opened = open_workspace(workspace)
    with surroundings() as world:
        if any(told):
            opened = _settled(opened, *told, world)
        path = to_resume(opened, part) if resume else planfile
        if resume and path is None:
            say("Nothing to resume: no apply is unfinished.")
            return Exit.DONE
        work, retains = (
            saved(path, opened, world, part, resumed=resume)
            if path
            else (planned(opened, asked, world), holds.covered(selection.facets))
        )
        refuse(work.plan)
        work = part_of(work, part) if part else work
        if dry_run:
            return _rehearse(opened, work, world)
        if path is None and work.plan.changed and not auto_approve:
            ask()
        opened = _ids_written(opened, work, world)
        if not work.plan.changed:
            complain(catch_up(opened, world, owner_of(work, world)))
            holds.note(opened, work.plan, done=retains)
            return Exit.DONE
        with settling() as stop:
            holds.note(opened, work.plan, done=False)
            code = _apply(opened, replace(work, stop=stop, keep_going=keep_going), world, events)
            holds.note(opened, work.plan, done=retains and code == Exit.DONE)
            if code == Exit.DONE:
                complain(catch_up(opened, world, owner_of(work, world)))
            return code


def _refuse_contradictions(
    asked: PlanOptions,
    shard: str | None,
    events: Path | None,
    *,
    planfile: Path | None,
    resume: bool,
    told: bool,
    dry_run: bool,
) -> None:
    is_saved = planfile is not None or resume
    if is_saved and (asked.allows or asked.guards_from or asked.selection != PlanOptions().selection):
        raise click.UsageError("A saved plan is applied as it is: guards and selections belong to `plan`.")
    if shard is not None and not is_saved:
        raise click.UsageError("--shard needs PLANFILE, one plan for all shards: what `plan merge` saved.")
    if (planfile is not None and resume) or (told and (is_saved or dry_run)):
        raise click.UsageError("PLANFILE, --resume and what --adopt and --not-made tell go one at a time.")
    if dry_run and events is not None:
        raise click.UsageError("--events tells what an apply does; --dry-run does nothing.")


def _settled(
    workspace: Workspace, adopts: Mapping[Address, str], absent: Sequence[Address], world: Surroundings
) -> Workspace:
    """The workspace once what somebody said of creations is noted and written into it."""
    me = Owner.me(world.now().isoformat(timespec="seconds"), typed())
    complain(settle_by_word(workspace, adopts, absent, world, me))
    return open_workspace(workspace.root)


def _rehearse(workspace: Workspace, work: Applying, world: Surroundings) -> Exit:
    if not work.plan.changed:
        return Exit.DONE
    done = rehearse(workspace, work, world)
    result(rehearsal(done.outcomes))
    return done.exit


def _ids_written(workspace: Workspace, work: Applying, world: Surroundings) -> Workspace:
    """The workspace once it has the ids that an earlier apply could not write into it."""
    missing = unwritten(workspace, work.plan)
    if not missing:
        return workspace
    settle_by_word(workspace, missing, (), world, owner_of(work, world))
    return open_workspace(workspace.root)


def _apply(workspace: Workspace, work: Applying, world: Surroundings, events: Path | None) -> Exit:
    total = sum(1 for _ in work.plan.steps)
    with events_to(events, world.now) as told:
        steps = Steps(total, told)
        if told:
            told.started(work.plan_id, total)
        done = apply(workspace, replace(work, observer=steps), world)
        steps.ended(done.outcomes)
        code = finish(done, work.shard)
        if told:
            told.ended(code, done.outcomes)
    return code
