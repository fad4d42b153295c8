"""Guards over a whole plan: how much of a workspace one apply may change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.changes import before
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import DatasetPlan, Step
from reconciler.facets import BY_NAME

TOO_MANY_CHANGES = "too-many-changes"
TOO_MANY_REVOCATIONS = "too-many-revocations"
VERSIONS_DELETED = "versions-deleted"

SMALL = 4
"""Below this many a percentage of datasets or grants says nothing: a quarter of three is none."""

CODES = (
    Code(
        TOO_MANY_CHANGES,
        "The plan changes more datasets than the workspace allows at once.",
        "Mass changes are what a wrong file, a bad merge or a truncated answer look like. Check the plan; then raise "
        "guards.maxChangedDatasets in the Workspace manifest, or allow it for this run. A percentage is one of the "
        "datasets of which a manifest says something, and with --guards-from of those that the other commit governs, "
        "too. It says nothing of fewer than 4, unless it is 0%; a count always holds.",
        liftable=True,
        of_plan=True,
    ),
)


class Limit(Struct, frozen=True):
    """At most so many: a count, or a share of a total."""

    value: int
    percent: bool = False

    def of(self, total: int) -> int:
        """The count this limit means out of `total`; a percentage above zero never means less than one."""
        return max(min(1, self.value), total * self.value // 100) if self.percent else self.value

    def exceeded(self, number: int, total: int) -> bool:
        """Whether `number` of `total` are too many. Of few, a percentage above zero holds nothing; a count does."""
        speaks = total >= SMALL or not self.percent or self.value == 0
        return speaks and number > self.of(total)

    def __str__(self) -> str:
        return f"{self.value}%" if self.percent else str(self.value)


class Limits(Struct, frozen=True):
    """The limits of a workspace, with their defaults."""

    max_changed_datasets: Limit = Limit(30, percent=True)
    max_revocations: Limit = Limit(25, percent=True)
    max_version_deletions: Limit = Limit(100)


class Yardstick(Struct, frozen=True):
    """What the manifests govern whose guards count: a percentage is one of this, too, so that no others enlarge it."""

    datasets: int
    facets: frozenset[Address]
    """Of what is planned, the facets that are governed there, each as it is called here."""


def judge(
    datasets: Sequence[DatasetPlan], limits: Limits, governed: int, yardstick: Yardstick | None = None
) -> Iterable[Diagnostic]:
    """What in the plan as a whole goes beyond `limits`.

    Args:
        datasets: their plans.
        limits: what may be changed at once.
        governed: how many datasets the workspace governs.
        yardstick: what else percentages are of, where others' guards count.
    """
    yield from _changes(datasets, limits.max_changed_datasets, [governed, *([yardstick.datasets] if yardstick else [])])
    yield from _revocations(datasets, limits.max_revocations, yardstick)
    shares = _shares(datasets, {"prune"}, yardstick)
    excess = next((told for share in shares if (told := too_many_deletions(*share, limits))), None)
    if excess is not None:
        setting = f"guards.maxVersionDeletions is {limits.max_version_deletions}"
        yield Diagnostic(VERSIONS_DELETED, "blocked", excess, None, f"Check the plan; {setting}.")


def too_many_deletions(deletions: int, versions: int, limits: Limits) -> str | None:
    """What so many `deletions` of all `versions` in one apply break, in words; None when they break nothing."""
    most = limits.max_version_deletions.of(versions)
    if deletions <= most:
        return None
    number = "1 version" if deletions == 1 else f"{deletions} versions"
    return f"{number} would be deleted; the limit for one apply is {most}"


def _changes(datasets: Sequence[DatasetPlan], limit: Limit, totals: Sequence[int]) -> Iterable[Diagnostic]:
    changed = sum(dataset.action == "update" for dataset in datasets)
    total = next((total for total in totals if limit.exceeded(changed, total)), None)
    if total is not None:
        number = (
            f"{changed} of {total} datasets"
            if changed <= total
            else f"{changed} datasets, where {total} were governed,"
        )
        summary = f"{number} would change; the limit is {limit.of(total)}"
        setting = f"guards.maxChangedDatasets is {limit}"
        yield Diagnostic(TOO_MANY_CHANGES, "blocked", summary, None, f"Check the plan; {setting}.")


def _revocations(datasets: Sequence[DatasetPlan], limit: Limit, yardstick: Yardstick | None) -> Iterable[Diagnostic]:
    # Nobody has lost anything in a dataset that does not exist yet.
    existing = [dataset for dataset in datasets if dataset.action != "create"]
    for revoked, total in _shares(existing, {"revoke", "relinquish"}, yardstick):
        if limit.exceeded(revoked, total):
            most = limit.of(total)
            summary = f"{revoked} of {total} grants in the plan would be dropped or lowered; the limit is {most}"
            hint = f"Check who loses access; guards.maxRevocations is {limit}."
            yield Diagnostic(TOO_MANY_REVOCATIONS, "blocked", summary, None, hint)
            return


def _shares(datasets: Sequence[DatasetPlan], verbs: set[str], yardstick: Yardstick | None) -> Iterator[tuple[int, int]]:
    """How many live elements steps of these `verbs` take away, and of how many in the plan; both as limits count.

    Told of all that is planned, then of what is governed by `yardstick` alone.
    """
    yield _share(datasets, verbs, lambda _: True)
    if yardstick is not None:
        yield _share(datasets, verbs, yardstick.facets.__contains__)


def _share(datasets: Sequence[DatasetPlan], verbs: set[str], counts: Callable[[Address], bool]) -> tuple[int, int]:
    steps = [step for dataset in datasets for step in dataset.steps if step.verb in verbs and counts(step.address)]
    facets = {step.address.facet for step in steps}
    total = sum(
        dataset.sizes.get(facet, 0) for dataset in datasets for facet in facets if counts(dataset.address.of(facet))
    )
    return sum(map(_taken, steps)), total


def _taken(step: Step) -> int:
    facet = BY_NAME[step.address.facet]
    return facet.counted([found for change in step.changes if (found := before(change)) is not None])
