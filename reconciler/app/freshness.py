"""Whether what a saved plan is about is still as it was when the plan was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import DatasetRef, Ended, ProviderError, Writer
from reconciler.execution import Unreckoned
from reconciler.execution.standing import moved
from reconciler.facets import BY_NAME

from .births import namesakes
from .crew import crew
from .exits import ANEW, Exit, Stop


def check_fresh(plan: Plan, writers: Mapping[str, Writer], workers: int, strangers: Unreckoned) -> None:
    """Read again just what the plan touches, and refuse it when that has moved; other motion does not matter.

    Args:
        plan: what is to be applied.
        writers: a session with each target.
        workers: how many datasets are read at the same time.
        strangers: which datasets of a name nobody knew of when the plan was made.

    Raises:
        Ended: it was to end before all was read.
        Stop: something cannot be read (exit 1), or has moved (exit 4): each object is named, and how it moved.
    """
    with crew(workers, "read") as pool:
        found = pool.map(partial(_moved, writers=writers), plan.changed)
        new = [each.address for each in plan.changed if each.id is None]
        taken = pool.map(partial(_taken, writers=writers, strangers=strangers), new)
        problems = [problem for each in (*found, *taken) for problem in each]
    if problems:
        raise Stop(Exit.STALE, *problems)


def _taken(address: Address, writers: Mapping[str, Writer], strangers: Unreckoned) -> list[Diagnostic]:
    found = namesakes(address, writers, strangers)
    if isinstance(found, Diagnostic):
        raise Stop(Exit.ERROR, found)
    summary = f"it is to be created, and there is a dataset of its name by now, with id {', '.join(found)}"
    return [Diagnostic("plan-stale", "error", summary, address, ANEW)] if found else []


def _moved(dataset: DatasetPlan, writers: Mapping[str, Writer]) -> list[Diagnostic]:
    if dataset.id is None:
        return []
    facets = frozenset(step.address.facet for step in dataset.steps)
    try:
        snapshot = writers[dataset.address.target].read(DatasetRef(dataset.address, dataset.id), facets)
    except Ended:
        raise
    except ProviderError as error:
        raise Stop(
            Exit.ERROR, Diagnostic("read-failed", "error", error.summary, dataset.address, error.hint)
        ) from error
    problems = []
    for step in dataset.steps:
        state = snapshot.facets.get(step.address.facet)
        for item in moved(step, state.elements) if state else ():
            change = BY_NAME[step.address.facet].describe(item.change)
            summary = f"{change} was planned, and now there is {item.found}"
            problems.append(Diagnostic("plan-stale", "error", summary, step.address, ANEW))
    return problems
