"""What ended between the day a plan was made and the day it is applied: a plan of today would not say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from reconciler.core.changes import after
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets.grants import PermissionsSection
from reconciler.facets.permissions import Grant, Permissions
from reconciler.manifests import TargetConfig, Workspace
from reconciler.planning import DesiredDataset
from reconciler.planning.undo import UNDOES

from .exits import ANEW, Exit, Stop


def check_lapsed(plan: Plan, workspace: Workspace, made: date, today: date) -> None:
    """Refuse a plan some of which rests on a grant or an `allow` entry whose last day has passed since.

    Args:
        plan: what is to be applied.
        workspace: the manifests as they are now.
        made: the day that it was planned for, UTC.
        today: the day that it is applied, UTC.

    Raises:
        Stop: with exit 4.
    """
    if today <= made:
        return
    changed = {dataset.address for dataset in plan.changed}
    concerned = [dataset for dataset in workspace.datasets if dataset.address in changed]
    problems = [*_grants(plan, concerned, workspace.targets, made, today), *_allows(plan, concerned, made, today)]
    if problems:
        raise Stop(Exit.STALE, *problems)


def _grants(
    plan: Plan, datasets: Iterable[DesiredDataset], targets: Mapping[str, TargetConfig], made: date, today: date
) -> Iterator[Diagnostic]:
    """Grants that ended, of those that the plan gives: what it leaves as it is, the next plan takes back."""
    steps = (step for step in plan.steps if step.address.facet == Permissions.name)
    given = {(step.address, after(change)) for step in steps for change in step.changes}
    for dataset in datasets:
        address, section = dataset.address.of(Permissions.name), dataset.sections.get(Permissions.name)
        for grant in section.grants if isinstance(section, PermissionsSection) else ():
            if not _ended(grant.expires, made, today):
                continue
            principal = targets[dataset.address.target].directory.resolve(grant.principal)
            if principal is not None and (address, Grant(principal, grant.access)) in given:
                summary = f"the grant to {grant.principal} ended on {grant.expires}, after the plan was made"
                yield Diagnostic("plan-stale", "error", summary, address, ANEW, dataset.source)


def _allows(plan: Plan, datasets: Iterable[DesiredDataset], made: date, today: date) -> Iterator[Diagnostic]:
    lifted = {
        (item.code, item.address.whole)
        for item in plan.diagnostics
        if item.severity == "warning" and item.address and not item.summary.endswith(UNDOES)
    }
    for dataset in datasets:
        for allow in dataset.allows:
            if _ended(allow.until, made, today) and (allow.code, dataset.address) in lifted:
                summary = f"the allow entry for {allow.code} ended on {allow.until}, after the plan was made"
                yield Diagnostic("plan-stale", "error", summary, dataset.address, ANEW, dataset.source)


def _ended(last_day: date | None, made: date, today: date) -> bool:
    return last_day is not None and made <= last_day < today
