"""From a workspace and what was read of it to one plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from reconciler.core.diagnostics import Code, Diagnostic, ordered
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import Snapshot
from reconciler.facets import CODES as FACET_CODES

from .asserted import CODES as ASSERTED_CODES
from .dataset import NAME_TAKEN, NOT_CREATED, left_alone, plan_dataset, unread, waiting
from .desired import Allow, Desired, DesiredDataset
from .limits import CODES as LIMIT_CODES
from .limits import judge
from .policies import CODES as POLICY_CODES
from .policies import Judge, Subject, nobody
from .subject import subject

CODES: tuple[Code, ...] = (
    Code(
        "cannot-create",
        "A manifest without an id names a dataset that cannot be created.",
        "Either the provider creates no datasets, or it needs a facet that the manifest leaves unmanaged. Write the id "
        "of an existing dataset under metadata.id, or add what is missing.",
    ),
    Code(
        NOT_CREATED,
        "A run narrowed by --facet leaves a dataset alone that is still to be created.",
        "A dataset is created with some of its facets, such as its schema, and the run is not about those. Plan and "
        "apply without --facet to create it; what is planned for other datasets does not wait for that.",
    ),
    Code(
        NAME_TAKEN,
        "A dataset that would be created has the name of one that is there.",
        "An earlier apply may have made it, on a machine whose journals are gone and before its id was committed; "
        "another one would be a double. If it is the one to govern, write its id under metadata.id. Names need not be "
        "unique: if it is somebody else's, lift this guard for the dataset. It speaks only where the server lists its "
        "datasets; elsewhere nobody but the journals in `.reconciler/` knows what was created.",
        liftable=True,
    ),
    Code(
        "actor-unknown",
        "Nobody knows who the token acts as.",
        "The account that creates a dataset becomes its owner: without knowing it, access to a new dataset cannot be "
        "planned. And nothing keeps an unknown account from losing its own right to administer a dataset. Write it as "
        "targets.NAME.actor in the Workspace manifest.",
    ),
    *ASSERTED_CODES,
    *LIMIT_CODES,
    *POLICY_CODES,
)

_GUARDS = tuple(code for code in (*FACET_CODES, *CODES) if code.liftable)

GUARD_CODES = frozenset(code.name for code in _GUARDS)
"""The codes that somebody may lift by name, for a run."""
DATASET_GUARDS = frozenset(code.name for code in _GUARDS if not code.of_plan)
"""Those that are said of a dataset: an `allow` entry in its manifest may name them."""


def plan(
    desired: Desired,
    observed: Iterable[tuple[DesiredDataset, Snapshot | Diagnostic | None]],
    as_of: datetime,
    allows: Sequence[Allow] = (),
    judge_policies: Judge = nobody,
) -> Plan:
    """A plan of all of `desired`: a part as `plan_part` makes it, which is the whole, judged as that."""
    return judged(plan_part(desired, observed, as_of, allows, judge_policies), desired, as_of, allows)


def plan_part(
    desired: Desired,
    observed: Iterable[tuple[DesiredDataset, Snapshot | Diagnostic | None]],
    as_of: datetime,
    allows: Sequence[Allow] = (),
    judge_policies: Judge = nobody,
) -> Plan:
    """A plan that nobody has judged as a whole: `judged` does, once for all parts of a workspace.

    Args:
        desired: what the manifests say.
        observed: each dataset with what was read of it, in any order; of none is more kept than its plan.
        as_of: the moment the plan is made for, with its zone.
        allows: guards lifted for this run, beside those that manifests lift.
        judge_policies: evaluates the rules of `desired.policies`.

    Raises:
        ValueError: a dataset that has an id was not read; it must never be taken for a new one.
    """
    datasets: list[DatasetPlan] = []
    subjects: list[Subject] = []
    found: list[Diagnostic] = []
    for wanted, seen in observed:
        target = desired.targets[wanted.address.target]
        if seen is None and wanted.id is not None:
            msg = f"{wanted.address} has an id and was not read"
            raise ValueError(msg)
        if isinstance(seen, Diagnostic):
            datasets.append(unread(wanted, target, seen))
        elif left_alone(wanted, target):
            found += waiting(wanted, target)
        else:
            planned = plan_dataset(wanted, target, seen, as_of)
            datasets.append(planned.plan)
            if desired.policies and planned.outlooks is not None:
                subjects.append(subject(wanted, target, planned.outlooks))
    datasets.sort(key=lambda dataset: dataset.address)
    subjects.sort(key=lambda each: each.address)
    found += [diagnostic for dataset in datasets for diagnostic in dataset.diagnostics]
    found += judge_policies(desired.policies, subjects)
    given = [*allows, *(allow for wanted in desired.datasets for allow in wanted.allows)]
    return Plan(_bare(datasets), _settled(found, given, as_of))


def judged(part: Plan, desired: Desired, as_of: datetime, allows: Sequence[Allow] = ()) -> Plan:
    """`part`, now all of `desired`, with what can be said only about a plan as a whole."""
    governed = len(desired.datasets) if desired.governed is None else desired.governed
    found = _settled(judge(part.datasets, desired.limits, governed, desired.yardstick), allows, as_of)
    return replace(part, diagnostics=ordered([*part.diagnostics, *found]))


def _settled(found: Iterable[Diagnostic], given: Iterable[Allow], as_of: datetime) -> tuple[Diagnostic, ...]:
    """Diagnostics in their order, each lifted by what is in force on the day."""
    in_force = [allow for allow in given if allow.until is None or allow.until >= as_of.astimezone(UTC).date()]
    return ordered([_lifted(diagnostic, in_force) for diagnostic in found])


def _bare(datasets: Iterable[DatasetPlan]) -> tuple[DatasetPlan, ...]:
    """Datasets without their diagnostics, which the plan holds once."""
    return tuple(replace(dataset, diagnostics=()) if dataset.diagnostics else dataset for dataset in datasets)


def _lifted(diagnostic: Diagnostic, allows: Iterable[Allow]) -> Diagnostic:
    """A blocked diagnostic that somebody lifted by name is a warning that says by what right."""
    if diagnostic.severity != "blocked" or diagnostic.code not in GUARD_CODES:
        return diagnostic
    place = diagnostic.address
    for allow in allows:
        covers = allow.address is None or (place is not None and allow.address in {place, place.whole})
        if allow.code == diagnostic.code and covers:
            return replace(diagnostic, severity="warning", summary=f"{diagnostic.summary} (allowed: {allow.reason})")
    return diagnostic
