"""What ended between the day a plan was made and the day it is applied: a plan of today would not say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.facets import BY_NAME
from reconciler.manifests import Workspace
from reconciler.planning import DesiredDataset

from .exits import Exit, Stop

HINT = "Nothing was written. Make a new plan and have it reviewed."


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
    problems = [*_grants(plan, concerned, made, today), *_allows(plan, concerned, made, today)]
    if problems:
        raise Stop(Exit.STALE, *problems)


def _grants(plan: Plan, datasets: Iterable[DesiredDataset], made: date, today: date) -> Iterator[Diagnostic]:
    stepped = {step.address for step in plan.steps}
    for dataset in datasets:
        for name, section in dataset.sections.items():
            address = dataset.address.of(name)
            if address not in stepped:
                continue
            before = {item.summary for item in BY_NAME[name].check_ends(section, made) if item.code == "grant-expired"}
            for item in BY_NAME[name].check_ends(section, today):
                if item.code == "grant-expired" and item.summary not in before:
                    summary = f"{item.summary}, after the plan was made"
                    yield Diagnostic("plan-stale", "error", summary, address, HINT, dataset.source)


def _allows(plan: Plan, datasets: Iterable[DesiredDataset], made: date, today: date) -> Iterator[Diagnostic]:
    lifted = {
        (item.code, item.address.whole) for item in plan.diagnostics if item.severity == "warning" and item.address
    }
    for dataset in datasets:
        for allow in dataset.allows:
            ended = allow.until is not None and made <= allow.until < today
            if ended and (allow.code, dataset.address) in lifted:
                summary = f"the allow entry for {allow.code} ended on {allow.until}, after the plan was made"
                yield Diagnostic("plan-stale", "error", summary, dataset.address, HINT, dataset.source)
