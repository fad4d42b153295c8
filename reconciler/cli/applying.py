"""From the flags of `reconciler apply` to the work it does, and back to what is printed."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC
from pathlib import Path

import click
from msgspec.structs import replace

from reconciler.app import holds
from reconciler.app.applying import Applying, Result
from reconciler.app.connections import targets
from reconciler.app.exits import Exit, Stop
from reconciler.app.lapsed import check_lapsed
from reconciler.app.planning import PlanOptions, make_plan
from reconciler.app.saved import check_saved, planned_for, read_saved
from reconciler.app.saving import signed
from reconciler.app.sharding import Shard
from reconciler.app.surroundings import Surroundings
from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.manifests import Workspace

from .console import complain, interactive, outcome, result, say
from .outcomes import Steps, closing
from .rendering import plan_in
from .running import command_line

OLDER = Diagnostic(
    "manifests-moved",
    "info",
    "the manifests are not the ones this plan was made from; it is applied as it was reviewed",
    hint="What they say now, a new plan shows.",
)


def planned(workspace: Workspace, asked: PlanOptions, world: Surroundings) -> Applying:
    """A plan made now, and printed."""
    made = make_plan(workspace, asked, world)
    document = signed(made.plan, workspace, asked, world)
    complain(made.plan.diagnostics)
    result(plan_in("text", made.plan, lambda: document))
    return Applying(
        plan=made.plan,
        plan_id=document.plan_id,
        targets=made.targets,
        observer=Steps(0),
        text=lambda: document.text,
        commit=document.meta.commit,
        dirty=document.meta.dirty,
        created_at=document.meta.created_at,
        command=typed(),
    )


def saved(
    path: Path, workspace: Workspace, world: Surroundings, shard: Shard | None, *, resumed: bool
) -> tuple[Applying, bool]:
    """The work a saved plan is, all of it, and whether it is what the manifests as they are now say of retention."""
    found = read_saved(path)
    check_saved(found, workspace, world.now(), shard)
    holds.check(workspace, found.plan)
    check_lapsed(found.plan, workspace, planned_for(found), world.now().astimezone(UTC).date())
    current = found.document.source.digest == workspace.digest
    complain([*found.plan.diagnostics, *([] if current or resumed else [OLDER])])
    if resumed:
        say(f"Resuming plan {found.document.plan_id[:16]}, made {found.document.created_at}.")
    work = Applying(
        plan=found.plan,
        plan_id=found.document.plan_id,
        targets=targets(workspace, (dataset.address.target for dataset in found.plan.changed), world),
        observer=Steps(0),
        text=lambda: path.read_text("utf-8"),
        commit=found.document.source.commit,
        dirty=found.document.source.dirty,
        created_at=found.document.created_at,
        fresh=False,
        command=typed(),
    )
    return work, current and holds.covered(found.document.source.facets)


def part_of(work: Applying, shard: Shard) -> Applying:
    """What one shard does of `work`, at its share of each target's rate."""
    plan = shard.of_plan(work.plan)
    say(f"Shard {shard}: {len(plan.changed)} of the {len(work.plan.changed)} datasets that change.")
    targets = {name: shard.share(target) for name, target in work.targets.items()}
    return replace(work, plan=plan, targets=targets, shard=shard)


def refuse(plan: Plan) -> None:
    """Stop before anything is written when the plan may not be applied; its diagnostics are already printed."""
    if any(item.code == "create-unsettled" for item in plan.diagnostics):
        raise Stop(Exit.PARTIAL)
    if plan.errored or not plan.complete:
        raise Stop(Exit.ERROR)
    if plan.blocked:
        raise Stop(Exit.BLOCKED)


def ask() -> None:
    """Ask whether to apply what was printed; anything but yes stops."""
    if not interactive():
        summary = "nobody can be asked here, and nothing was approved"
        hint = "Apply a saved plan that was reviewed, or pass --auto-approve."
        raise Stop(Exit.BLOCKED, Diagnostic("approval-missing", "error", summary, hint=hint))
    answer = click.prompt("Apply this? Only yes will do it", default="no", err=True)
    if answer != "yes":
        say("Nothing was changed.")
        raise Stop(Exit.BLOCKED)


def finish(done: Result, shard: Shard | None = None) -> Exit:
    """Print how it ended and what can be done next."""
    complain(done.diagnostics)
    outcome(closing(done.outcomes))
    if done.undo is not None:
        say(f"Undo: {command_line('apply', near(done.undo))}")
    if done.exit is not Exit.DONE and done.journal is not None:
        resume = command_line("apply", "--resume", *(["--shard", shard] if shard else []))
        say(
            f"Journal: {near(done.journal)}\n"
            f"Next: {resume} goes on with this plan; {command_line('plan')} shows what is left."
        )
    failed = any(item.severity == "error" for item in done.diagnostics)
    return Exit.PARTIAL if failed and done.exit is Exit.DONE else done.exit


def near(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def adopted(texts: tuple[str, ...]) -> dict[Address, str]:
    """`--adopt` flags as values.

    Raises:
        click.UsageError: one is not ADDRESS=ID.
    """
    found = {}
    for text in texts:
        place, _, identifier = text.rpartition("=")
        if not place or not identifier.strip():
            raise click.UsageError(f"--adopt {text}: write ADDRESS=ID, such as acme/orders=44c5d1b9.")
        found[address("--adopt", place)] = identifier.strip()
    return found


def address(flag: str, text: str) -> Address:
    """A dataset's address.

    Raises:
        click.UsageError: it is none.
    """
    try:
        # Only datasets are created: what looks like a facet is the end of a name.
        return Address.parse(text, ())
    except ValueError as error:
        raise click.UsageError(f"{flag} {text}: {error}") from None


def typed() -> str:
    """The command line of this process, for whoever finds the lock taken."""
    return shlex.join(["reconciler", *sys.argv[1:]])
