"""Guards as another commit has them, so that what is under review cannot loosen what judges it (--guards-from REF).

Taken from REF: where tokens are sent, the Workspace's limits and what they are shares of, `allow` entries, policies
(one that REF lacks holds as well), the limits of each dataset's retention, legal holds, who the token acts as, and what
`people` says of them. A dataset is the one of the same id in the same account, whatever either commit calls it. Where
it only may be the same one (another account that may be this one, or its name while one side has no id yet), what holds
it counts, and what is allowed for it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.facets import Section
from reconciler.facets.retention import GuardsModel, RetentionSection
from reconciler.manifests import TargetConfig, TokenSource, Workspace
from reconciler.manifests.accounts import Alike
from reconciler.planning import Desired, DesiredDataset, Limits, Policy, TargetView, Yardstick

from .exits import Exit, Stop
from .people import people, witnesses
from .trees import at_commit, loaded
from .workspaces import governed


class Baseline(Struct, frozen=True):
    """The workspace whose guards count."""

    ref: str
    workspace: Workspace | None
    """None where the ref has none: the defaults hold."""

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        """What a reader of the plan should know about its guards."""
        if self.workspace is not None:
            return ()
        summary = f"{self.ref} has no workspace here: default limits hold, and no allow entry does"
        return (Diagnostic("guards-absent", "warning", summary),)


def baseline(workspace: Path, ref: str) -> Baseline:
    """The guards of `workspace` in the commit that `ref` names, read by git's plumbing.

    Raises:
        Stop: git does not have it, or its manifests have errors.
    """
    files = at_commit(workspace, ref)
    if not files:
        return Baseline(ref, None)
    found = loaded(workspace, files, ref)
    if found.workspace is None:
        summary = f"the guards at {ref} cannot be read: its manifests have errors"
        hint = "Correct them there, or plan without --guards-from."
        raise Stop(Exit.ERROR, *found.diagnostics, Diagnostic("guards-unreadable", "error", summary, hint=hint))
    return Baseline(ref, found.workspace)


def under(wanted: Desired, workspace: Workspace, base: Baseline) -> Desired:
    """`wanted`, a part of `workspace`, to be judged by the guards of `base`."""
    there = base.workspace
    former = _former(workspace, there)
    return replace(
        wanted,
        limits=there.limits if there else Limits(),
        policies=_policies(wanted.policies, there.policies if there else ()),
        datasets=tuple(_dataset(dataset, *former(dataset), base.ref) for dataset in wanted.datasets),
        targets={name: _target(view, workspace.targets[name], there) for name, view in wanted.targets.items()},
        yardstick=_yardstick(wanted, there, former) if there else None,
    )


def _yardstick(wanted: Desired, there: Workspace, former: Callable[[DesiredDataset], Former]) -> Yardstick:
    """What `there` is governed and exists: nothing that a head governs beside it, or that is to come, enlarges it."""
    facets = (
        dataset.address.of(name)
        for dataset in wanted.datasets
        for before in former(dataset)[1]
        if before.id
        for name in before.sections
    )
    return Yardstick(governed(there), frozenset(facets))


def check_ways(wanted: Desired, workspace: Workspace, base: Baseline) -> None:
    """Refuse to send a token where `base` does not send it: whoever is under review may not take it elsewhere.

    Raises:
        Stop: one would be.
    """
    there, ref = base.workspace, base.ref
    if there is None:
        return
    ways = {_way(target) for target in there.targets.values()}
    problems = []
    for name in sorted({dataset.address.target for dataset in wanted.datasets}):
        target = workspace.targets[name]
        if _way(target) not in ways:
            summary = (
                f"the token of target {name} is not sent to {target.url}: the manifests at {ref} do not send what is "
                f"in {target.token.place} there"
            )
            hint = (
                "Have a target that says the same merged first, with no dataset in it, or plan without --guards-from "
                f"where {ref} is not the judge."
            )
            problems.append(Diagnostic("target-unreviewed", "error", summary, hint=hint, source=target.place()))
    if problems:
        raise Stop(Exit.ERROR, *problems)


def _way(target: TargetConfig) -> tuple[str, str, TokenSource]:
    return target.provider, target.url, target.token


Former: TypeAlias = tuple[DesiredDataset | None, tuple[DesiredDataset, ...]]
"""A dataset as it was for certain, and everything that it may have been, this first."""


def _former(workspace: Workspace, there: Workspace | None) -> Callable[[DesiredDataset], Former]:
    """What tells of a dataset of `workspace` what it was `there`: by its id where both have one, else by its name."""
    if there is None:
        return lambda _dataset: (None, ())
    named = {dataset.address: dataset for dataset in there.datasets}
    known = Alike((there.identity(item.address, item.id), item) for item in there.datasets if item.id)

    def same(dataset: DesiredDataset) -> DesiredDataset | None:
        if dataset.id:
            return known.same(workspace.identity(dataset.address, dataset.id))
        found = named.get(dataset.address)
        alike = found and not found.id and there.account(dataset.address) == workspace.account(dataset.address)
        return found if alike else None

    def maybe(dataset: DesiredDataset) -> Iterator[DesiredDataset]:
        if dataset.id:
            yield from known.maybe(workspace.identity(dataset.address, dataset.id))
        found = named.get(dataset.address)
        if found and not (found.id and dataset.id):
            yield found

    return lambda dataset: (same(dataset), tuple(maybe(dataset)))


def _policies(ours: tuple[Policy, ...], theirs: tuple[Policy, ...]) -> tuple[Policy, ...]:
    united = {policy.name: policy for policy in (*ours, *theirs)}
    return tuple(united[name] for name in sorted(united))


def _dataset(
    wanted: DesiredDataset, same: DesiredDataset | None, maybe: tuple[DesiredDataset, ...], ref: str
) -> DesiredDataset:
    before = _retention(same)
    limits = reduce(GuardsModel.limited, map(_limits, maybe), before.guards if before else GuardsModel())
    sections: Mapping[str, Section] = {
        name: _limited(section, limits) if isinstance(section, RetentionSection) else section
        for name, section in wanted.sections.items()
    }
    allows = tuple(replace(allow, address=wanted.address) for allow in same.allows) if same else ()
    held = next((hold for each in maybe if (hold := _hold(each, wanted, same, ref))), wanted.held)
    return replace(wanted, allows=allows, sections=sections, held=held)


def _retention(dataset: DesiredDataset | None) -> RetentionSection | None:
    section = dataset.sections.get("retention") if dataset else None
    return section if isinstance(section, RetentionSection) else None


def _limits(dataset: DesiredDataset) -> GuardsModel | None:
    section = _retention(dataset)
    return section.guards if section else None


def _hold(there: DesiredDataset, wanted: DesiredDataset, same: DesiredDataset | None, ref: str) -> str | None:
    """The legal hold that stands on what a dataset was, or may have been, in words."""
    section = _retention(there)
    if section is None or section.legal_hold is None:
        return None
    sure = there is same or there.address == wanted.address
    where = ref if sure else f"{ref}, on {there.address}, which may be this dataset"
    return f'the legal hold "{section.legal_hold.reason}" (at {where})'


def _limited(section: RetentionSection, limits: GuardsModel) -> RetentionSection:
    """`section` with these `limits`. What its guards protect is desired state and stays as it says."""
    return section.model_copy(update={"guards": section.guards.under(limits)})


def _target(view: TargetView, ours: TargetConfig, there: Workspace | None) -> TargetView:
    """`view` with what is known `there`: of its token whom it acts as, of its account who is who."""
    if there is None:
        return view
    # Another token to the same account acts as somebody else.
    acting = (theirs.actor for theirs in there.targets.values() if theirs.actor and _way(theirs) == _way(ours))
    actor = next(acting, view.actor)
    return replace(view, actor=actor, directory=people(ours, there), witnesses=witnesses(ours, there))
