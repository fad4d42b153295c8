"""Guards as another commit has them, so that what is under review cannot loosen what judges it (--guards-from REF).

Taken from REF: where tokens are sent, the Workspace's limits and what they are shares of, `allow` entries, policies
(one that REF lacks holds as well), the limits of each dataset's retention, legal holds, who the token acts as, and what
`_known` says of people. A dataset is the one of the same id in the same account, whatever either commit calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.principals import Directory, Group, Person
from reconciler.facets import Section
from reconciler.facets.retention import GuardsModel, RetentionSection
from reconciler.manifests import TargetConfig, TokenSource, Workspace
from reconciler.planning import Desired, DesiredDataset, Limits, Policy, TargetView, Yardstick
from reconciler.planning.review.known import united

from .exits import Exit, Stop
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
    """`wanted`, a part of `workspace`, to be judged by the guards of `base`.

    Raises:
        Stop: a token would be sent where `base` does not send it.
    """
    there = base.workspace
    if there is not None:
        _check_ways(wanted, workspace, there, base.ref)
    former = _former(workspace, there)
    return replace(
        wanted,
        limits=there.limits if there else Limits(),
        policies=_policies(wanted.policies, there.policies if there else ()),
        datasets=tuple(_dataset(dataset, former(dataset), base.ref) for dataset in wanted.datasets),
        targets={name: _target(view, workspace.targets[name], there) for name, view in wanted.targets.items()},
        yardstick=_yardstick(wanted, there, former) if there else None,
    )


def _yardstick(
    wanted: Desired, there: Workspace, former: Callable[[DesiredDataset], DesiredDataset | None]
) -> Yardstick:
    """What `there` is governed: what a head governs beside it makes no share of it larger."""
    pairs = ((dataset, before) for dataset in wanted.datasets if (before := former(dataset)))
    facets = (dataset.address.of(name) for dataset, before in pairs for name in before.sections)
    return Yardstick(governed(there), frozenset(facets))


def _check_ways(wanted: Desired, workspace: Workspace, there: Workspace, ref: str) -> None:
    """Refuse to send a token where `there` does not send it: whoever is under review may not take it elsewhere."""
    ways = {_way(target) for target in there.targets.values()}
    problems = []
    for name in sorted({dataset.address.target for dataset in wanted.datasets}):
        target = workspace.targets[name]
        if _way(target) not in ways:
            summary = (
                f"the token of target {name} is not sent to {target.url}: the manifests at {ref} do not send it there"
            )
            hint = (
                f"Have the target merged by itself first, or plan without --guards-from where {ref} is not the judge."
            )
            problems.append(Diagnostic("target-unreviewed", "error", summary, hint=hint, source=target.place()))
    if problems:
        raise Stop(Exit.ERROR, *problems)


def _way(target: TargetConfig) -> tuple[str, str, TokenSource]:
    return target.provider, target.url, target.token


def _former(workspace: Workspace, there: Workspace | None) -> Callable[[DesiredDataset], DesiredDataset | None]:
    """What tells of a dataset of `workspace` what it was `there`: by its id where both have one, else by its name."""
    if there is None:
        return lambda _dataset: None
    named = {dataset.address: dataset for dataset in there.datasets}
    known = {there.identity(dataset.address, dataset.id): dataset for dataset in there.datasets if dataset.id}

    def former(dataset: DesiredDataset) -> DesiredDataset | None:
        if dataset.id and (found := known.get(workspace.identity(dataset.address, dataset.id))):
            return found
        found = named.get(dataset.address)
        return found if found and not (found.id and dataset.id) else None

    return former


def _policies(ours: tuple[Policy, ...], theirs: tuple[Policy, ...]) -> tuple[Policy, ...]:
    united = {policy.name: policy for policy in (*ours, *theirs)}
    return tuple(united[name] for name in sorted(united))


def _dataset(wanted: DesiredDataset, there: DesiredDataset | None, ref: str) -> DesiredDataset:
    then = there.sections.get("retention") if there else None
    before = then if isinstance(then, RetentionSection) else None
    sections: Mapping[str, Section] = {
        name: _limited(section, before) if isinstance(section, RetentionSection) else section
        for name, section in wanted.sections.items()
    }
    held = wanted.held
    if before is not None and before.legal_hold is not None:
        held = f'the legal hold "{before.legal_hold.reason}" (at {ref})'
    allows = tuple(replace(allow, address=wanted.address) for allow in there.allows) if there else ()
    return replace(wanted, allows=allows, sections=sections, held=held)


def _limited(section: RetentionSection, before: RetentionSection | None) -> RetentionSection:
    """`section` with the limits of `before`. What its guards protect is desired state and stays as it says."""
    limits = before.guards if before else GuardsModel()
    fields = {"max_deletes": limits.max_deletes, "max_delete_percent": limits.max_delete_percent}
    return section.model_copy(update={"guards": section.guards.model_copy(update=fields)})


def _target(view: TargetView, ours: TargetConfig, there: Workspace | None) -> TargetView:
    """`view` with what is known of the account `there`, by all targets that lead to it."""
    same = _same(ours, there) if there else ()
    for theirs in same:
        view = replace(view, actor=theirs.actor or view.actor, directory=_known(view.directory, theirs.directory))
    return replace(view, witnesses=(reduce(united, (theirs.directory for theirs in same)),)) if same else view


def people(ours: TargetConfig, there: Workspace) -> Directory:
    """The people of a target, whom `there` knows as it does."""
    return reduce(_known, (theirs.directory for theirs in _same(ours, there)), ours.directory)


def _same(ours: TargetConfig, there: Workspace) -> tuple[TargetConfig, ...]:
    """The targets that lead to the same account `there`."""
    return tuple(theirs for theirs in there.targets.values() if theirs.account == ours.account)


def _known(ours: Directory, theirs: Directory) -> Directory:
    """Who is who as we say, but whom they know stays that: a machine, everybody, somebody of that name and address."""
    people = {user.id: user for user in theirs.users.values()}
    crowds = {group.id: group for group in theirs.groups.values()}
    users = {key: _as_known(user, people.pop(user.id, user)) for key, user in ours.users.items()}
    groups = {key: _as_called(group, crowds.pop(group.id, group)) for key, group in ours.groups.items()}
    users |= {f"#{number}": person for number, person in sorted(people.items())}
    groups |= {f"#{number}": replace(group, members=()) for number, group in sorted(crowds.items())}
    return Directory(users, groups)


def _as_known(ours: Person, theirs: Person) -> Person:
    facts = {"display": theirs.display or ours.display, "email": theirs.email or ours.email}
    return replace(ours, **facts, service=ours.service or theirs.service)


def _as_called(ours: Group, theirs: Group) -> Group:
    return replace(ours, display=theirs.display or ours.display, everyone=ours.everyone or theirs.everyone)
