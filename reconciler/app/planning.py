"""The use case plan: load, read, plan. Writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, ordered
from reconciler.core.plan import Plan
from reconciler.core.ports import Reader, Target
from reconciler.core.words import Json
from reconciler.facets import BY_NAME, did_you_mean
from reconciler.manifests import Workspace
from reconciler.planning import Allow, Desired, Judge, judged, left_alone, nobody, plan, plan_part

from .connections import sessions, targets
from .exits import Exit, Stop
from .foreign import check_state
from .holds import remembered
from .insight import with_impact, with_news
from .reading import arriving
from .surroundings import Surroundings
from .workspaces import Selection, desired

if TYPE_CHECKING:
    from .guards import Baseline
    from .sharding import Part, Shard


class PlanOptions(Struct, frozen=True):
    """What a plan is asked for."""

    selection: Selection = field(default_factory=Selection)
    allows: Sequence[Allow] = ()
    as_of: datetime | None = None
    """The moment to plan for; None: now."""
    guards_from: str | None = None
    """The git ref whose guards count; None: those of the manifests at hand."""
    progress: Callable[[int, int], None] = lambda _done, _total: None
    changed_since: str | None = None
    """The git ref of which only what changed since is planned; None: everything."""
    shard: Shard | None = None
    """The part of the workspace to plan, which no limit judges yet; None: all of it."""
    news: bool = False
    """Whether to ask who changed what differs, and which schedules fail."""

    @property
    def said(self) -> Json:
        """What parts of one plan must have been asked for alike."""
        chosen = self.selection
        names = [list(chosen.targets), list(chosen.datasets), list(chosen.facets)]
        allows = [[allow.code, str(allow.address or "")] for allow in self.allows]
        as_of = self.as_of.isoformat() if self.as_of else None
        return [names, allows, self.guards_from, self.changed_since, as_of]


class Planned(Struct, frozen=True):
    """A plan and what an apply of it needs."""

    plan: Plan
    targets: dict[str, Target]
    as_of: datetime


def make_plan(workspace: Workspace, options: PlanOptions, surroundings: Surroundings) -> Planned:
    """Plan the selected part of `workspace` against live state.

    Raises:
        Stop: the selection or a lifted guard names nothing that is there, a token is missing, the guards of another
            ref cannot be read, or the state is not this machine's.
    """
    check_state(workspace.root)
    options = replace(options, allows=meant(workspace, options.allows))
    base = _baseline(workspace, options)
    wanted = _wanted(workspace, options, base)
    used = targets(workspace, (dataset.address.target for dataset in wanted.datasets), surroundings)
    if options.shard:
        used = {name: options.shard.share(target) for name, target in used.items()}
    as_of = options.as_of or surroundings.now()
    with sessions(used, "read") as readers:
        wanted, rulings = _born(wanted, workspace, readers, workers(used), surroundings)
        wanted = _guarded(wanted, workspace, base)
        existing = [dataset for dataset in wanted.datasets if dataset.id is not None]
        new = ((dataset, None) for dataset in wanted.datasets if dataset.id is None)
        read = arriving(existing, readers, workers(used), options.progress)
        make = plan_part if options.shard else plan
        made = make(wanted, chain(read, new), as_of, options.allows, _judge(wanted, as_of))
        made = with_impact(made, readers, workers(used))
        if options.news:
            made = with_news(made, wanted, readers, workers(used), surroundings.now())
    remarks = [*(base.remarks if base else ()), *rulings]
    made = replace(made, diagnostics=ordered([*made.diagnostics, *remarks])) if remarks else made
    return Planned(made, used, as_of)


def merge_plan(workspace: Workspace, parts: Sequence[Part], options: PlanOptions, surroundings: Surroundings) -> Plan:
    """One plan out of all its parts, judged as a whole by the limits that stand in `workspace`.

    Raises:
        Stop: the parts were not made from these manifests with these flags, or the state is not this machine's.
    """
    check_state(workspace.root)
    from .sharding import together  # noqa: PLC0415 - few plans are merged

    head = parts[0].saved.document
    if head.source.digest != workspace.digest or parts[0].asked != options.said:
        summary = f"the parts were made from other manifests than {workspace.root} holds, or with other flags"
        hint = "Merge them where they were made, with the flags they were made with."
        raise Stop(Exit.ERROR, Diagnostic("shard-foreign", "error", summary, hint=hint))
    options = replace(options, allows=meant(workspace, options.allows))
    base = _baseline(workspace, options)
    wanted = _guarded(_wanted(workspace, options, base), workspace, base)
    made = together(parts)
    planned = {dataset.address for dataset in made.datasets}
    due = [each for each in wanted.datasets if not left_alone(each, wanted.targets[each.address.target])]
    missing = sorted({dataset.address for dataset in due} - planned)
    if missing:
        raise Stop(Exit.ERROR, Diagnostic("shard-missing", "error", f"no part has {missing[0]}", missing[0]))
    return judged(made, wanted, options.as_of or surroundings.now(), options.allows)


def _baseline(workspace: Workspace, options: PlanOptions) -> Baseline | None:
    if options.guards_from is None:
        return None
    from .guards import baseline  # noqa: PLC0415 - reads git, which most plans have no need of

    return baseline(workspace.root, options.guards_from)


def _judge(wanted: Desired, as_of: datetime) -> Judge:
    if not wanted.policies:
        return nobody
    from .policies import judged_on  # noqa: PLC0415 - starts another process

    return judged_on(as_of.astimezone(UTC).date())


def _born(
    wanted: Desired, workspace: Workspace, readers: Mapping[str, Reader], at_once: int, surroundings: Surroundings
) -> tuple[Desired, Sequence[Diagnostic]]:
    """`wanted` with what is known of datasets that have no id; and what was found out."""
    if all(dataset.id is not None for dataset in wanted.datasets):
        return wanted, ()
    from .births import finding, settled  # noqa: PLC0415 - reads journals and lists, which no dataset with an id needs

    wanted, rulings = settled(wanted, workspace.root, readers, at_once, surroundings.now)
    return wanted, [*map(finding, rulings)]


def _wanted(workspace: Workspace, options: PlanOptions, base: Baseline | None) -> Desired:
    """What is to be planned; limits are shares of the whole workspace all the same."""
    wanted = desired(workspace, options.selection)
    datasets = wanted.datasets
    if options.changed_since:
        from .changing import changed_since  # noqa: PLC0415 - imports all that a review needs

        changed = changed_since(workspace, options.changed_since)
        datasets = tuple(dataset for dataset in datasets if dataset.address in changed)
    if options.shard:
        datasets = tuple(dataset for dataset in datasets if options.shard.takes(dataset.address))
    wanted = replace(wanted, datasets=datasets)
    if base is not None:
        from .guards import check_ways  # noqa: PLC0415 - as above

        check_ways(wanted, workspace, base)
    return wanted


def _guarded(wanted: Desired, workspace: Workspace, base: Baseline | None) -> Desired:
    """`wanted` with what holds its datasets beside their manifests; only now, when all ids that are known are there."""
    wanted = remembered(wanted, workspace)
    if base is None:
        return wanted
    from .guards import under  # noqa: PLC0415 - as above

    return under(wanted, workspace, base)


def meant(workspace: Workspace, allows: Sequence[Allow]) -> tuple[Allow, ...]:
    """`allows`, each for what its address names: a dataset, or else a facet of one.

    A dataset may be called as a facet of another is, `orders.schema`; a plan prints its address to lift what holds it.

    Raises:
        Stop: one names nothing; it would not lift its guard where it was meant to.
    """
    known = {dataset.address for dataset in workspace.datasets} if any(allow.address for allow in allows) else set()
    return tuple(_meant(allow, known) for allow in allows)


def _meant(allow: Allow, known: Collection[Address]) -> Allow:
    if allow.address is None or allow.address in known:
        return allow
    address = Address.parse(str(allow.address), tuple(BY_NAME))
    if address.whole not in known:
        summary = f"--allow {allow.code}@{address}: no manifest is about {address.whole}"
        hint = did_you_mean(str(address), [str(each) for each in known])
        raise Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", summary, hint=hint))
    return replace(allow, address=address)


def workers(used: dict[str, Target]) -> int:
    """How many datasets are worked on at the same time, over all targets."""
    return max(1, sum(target.concurrency for target in used.values()))


__all__ = ["Desired", "PlanOptions", "Planned", "make_plan", "workers"]
