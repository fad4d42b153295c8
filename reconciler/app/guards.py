"""Guards as another commit has them, so that what is under review cannot loosen what judges it (--guards-from REF).

Taken from REF: the Workspace's limits, `allow` entries, policies (one that REF lacks holds as well), the limits of each
dataset's retention, legal holds, who the token acts as, who is a machine account, and which groups are everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.principals import Directory, Group, Person
from reconciler.facets import Section
from reconciler.facets.retention import GuardsModel, RetentionSection
from reconciler.manifests import Workspace
from reconciler.planning import Desired, DesiredDataset, Limits, Policy, TargetView

from .exits import Exit, Stop
from .trees import at_commit, loaded


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


def under(wanted: Desired, base: Baseline) -> Desired:
    """`wanted`, to be judged by the guards of `base`."""
    there = base.workspace
    known = {dataset.address: dataset for dataset in there.datasets} if there else {}
    return replace(
        wanted,
        limits=there.limits if there else Limits(),
        policies=_policies(wanted.policies, there.policies if there else ()),
        datasets=tuple(_dataset(dataset, known.get(dataset.address), base.ref) for dataset in wanted.datasets),
        targets={name: _target(view, there, name) for name, view in wanted.targets.items()},
    )


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
    return replace(wanted, allows=there.allows if there else (), sections=sections, held=held)


def _limited(section: RetentionSection, before: RetentionSection | None) -> RetentionSection:
    """`section` with the limits of `before`. What its guards protect is desired state and stays as it says."""
    limits = before.guards if before else GuardsModel()
    fields = {"max_deletes": limits.max_deletes, "max_delete_percent": limits.max_delete_percent}
    return section.model_copy(update={"guards": section.guards.model_copy(update=fields)})


def _target(view: TargetView, there: Workspace | None, name: str) -> TargetView:
    target = there.targets.get(name) if there else None
    if target is None:
        return view
    return replace(view, actor=target.actor or view.actor, directory=_known(view.directory, target.directory))


def _known(ours: Directory, theirs: Directory) -> Directory:
    """Who is who as we say, but whom they know for a machine or for everybody stays that."""
    machines = {user.id for user in theirs.users.values() if user.service}
    crowds = {group.id for group in theirs.groups.values() if group.everyone}
    users = {key: replace(user, service=user.service or user.id in machines) for key, user in ours.users.items()}
    groups = {key: replace(one, everyone=one.everyone or one.id in crowds) for key, one in ours.groups.items()}
    missing_users = machines - {user.id for user in users.values()}
    missing_groups = crowds - {group.id for group in groups.values()}
    users |= {f"#{number}": Person(number, service=True) for number in sorted(missing_users)}
    groups |= {f"#{number}": Group(number, everyone=True) for number in sorted(missing_groups)}
    return Directory(users, groups)
