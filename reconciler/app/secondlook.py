"""The manifests as they are now, asked once more just before something is done that cannot be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from reconciler.core.changes import Elements
from reconciler.core.plan import Step
from reconciler.execution import SecondLook
from reconciler.facets import BY_NAME, Situation
from reconciler.manifests import Workspace

from .workspaces import views


def second_look(workspace: Workspace, now: Callable[[], datetime]) -> SecondLook:
    """What of a step, planned at another moment and perhaps from other manifests, is no longer wanted."""
    datasets = {dataset.address: dataset for dataset in workspace.datasets}
    targets = views(workspace)

    def look(step: Step, found: Elements) -> Mapping[str, str]:
        target, wanted = targets[step.address.target], datasets.get(step.address.whole)
        sections = wanted.sections if wanted else {}
        situation = Situation(
            address=step.address.whole,
            sections=sections,
            live={step.address.facet: found},
            directory=target.directory,
            capabilities=target.capabilities,
            as_of=now(),
            actor=target.actor,
        )
        facet = BY_NAME[step.address.facet]
        return facet.outdated(step.changes, sections.get(facet.name), found, situation)

    return look
