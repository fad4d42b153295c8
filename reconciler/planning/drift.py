"""Why live state differs from the manifests: three states compared, what is live, what is wanted, what was applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Element, after, before
from reconciler.core.diagnostics import Code, Diagnostic, Source
from reconciler.core.patterns import fits
from reconciler.core.plan import DatasetPlan, Plan, Step
from reconciler.core.words import Json
from reconciler.diffing import moved
from reconciler.facets import BY_NAME, did_you_mean

Cause: TypeAlias = Literal["moved", "pending", "both"]
"""moved: somebody changed live state since it was applied · pending: the manifest is new or changed, or time has come,
and nobody has applied it · both: the manifest changed, and live state did too."""

State: TypeAlias = Literal["missing", "extra", "differs"]
"""How live state stands to the manifest."""

REMEDIES: Mapping[State, str] = {"missing": "add it", "extra": "remove it", "differs": "change it"}
"""What an apply would do about it."""

CODES: tuple[Code, ...] = (
    Code(
        "drifted",
        "Live state differs from the manifests.",
        "Somebody changed it by another way. Put it back with `reconciler apply` or `drift --heal FACET`, or take it "
        "into the manifest.",
    ),
    Code(
        "not-applied",
        "The manifests say something that was never applied.",
        "It was merged and not applied, or the apply failed, or a version has come due since. `reconciler apply` does "
        "it.",
    ),
    Code(
        "drift-ignored",
        "A difference is left alone on purpose.",
        "The workspace's driftIgnore names it, with a reason and a last day; an apply would still change it.",
    ),
    Code(
        "drift-rule-ended",
        "A rule that had drift ignored has ended.",
        "What it was about counts again. Remove the rule, or give it a later `until`.",
    ),
    Code(
        "drift-rule-idle",
        "A rule that has drift ignored names no dataset.",
        "No manifest of the workspace has a name or an address that its `dataset` matches, so that it does nothing: it "
        "is mistyped, or its dataset was renamed. Correct it, or remove the rule.",
    ),
    Code(
        "heal-unsure",
        "A difference is not healed.",
        "Only what somebody changed since it was applied is put back by --heal. What the manifests changed meanwhile, "
        "or what nobody knows the last applied state of, `reconciler apply` does, after a look at its plan.",
    ),
)


class Ignore(Struct, frozen=True):
    """A rule that has some drift ignored until a day."""

    dataset: str
    """Pattern of names or addresses."""
    facet: str
    key: str
    """Pattern of what is in the facet: a tag, a column, a grant's principal."""
    reason: str
    until: date
    """Its last day, UTC."""

    def covers(self, address: Address, words: str, key: str) -> bool:
        """Whether the rule is about a difference."""
        facet = self.facet == address.facet
        return facet and self.names(address) and any(fits(text, self.key) for text in (key, words))

    def names(self, address: Address) -> bool:
        """Whether the rule is about the dataset at `address`."""
        return fits(address.dataset, self.dataset) or fits(str(address.whole), self.dataset)


class Applied(Struct, frozen=True):
    """One facet of one dataset as it was once applied."""

    elements: Mapping[str, Json]
    """Each element in manifest words, by key."""
    at: str | None = None
    """When that was, in UTC, where it is known."""


class Difference(Struct, frozen=True):
    """One thing that is live otherwise than the manifests say."""

    address: Address
    change: AnyChange
    """What an apply would do about it."""
    cause: Cause | None
    """None: nobody knows what was last applied."""
    since: str | None = None
    """It was still as applied then, in UTC; the change came later."""
    ignored: Ignore | None = None
    source: Source | None = None
    """Where the dataset's manifest is."""


def differences(
    plan: Plan, applied: Mapping[Address, Applied], rules: Sequence[Ignore], today: date
) -> tuple[Difference, ...]:
    """Every difference of `plan`, in its order, with its cause and the rule that has it ignored."""
    in_force = [rule for rule in rules if rule.until >= today]
    return tuple(
        _of_dataset(item, dataset)
        for dataset in plan.datasets
        for step in dataset.steps
        for item in _of_step(step, of_live(dataset, step), applied.get(step.address), in_force)
    )


def _of_dataset(item: Difference, dataset: DatasetPlan) -> Difference:
    found = replace(item, source=dataset.source)
    # Nobody can have changed what does not exist yet.
    return replace(found, cause="pending", since=None) if dataset.action == "create" else found


def of_live(dataset: DatasetPlan, step: Step) -> Iterator[AnyChange]:
    """The changes of `step` that are about live state: of a dataset to come, all that is wanted is missing.

    What is planned for it also changes what the vendor will make of it, such as an owner; none of that is live.
    """
    for change in step.changes:
        if dataset.action != "create":
            yield change
        elif (wanted := after(change)) is not None:
            yield Add(wanted)


def state(change: AnyChange) -> State:
    """How live state stands to the manifest, in one word."""
    return "missing" if isinstance(change, Add) else "extra" if isinstance(change, Drop) else "differs"


def as_read(change: AnyChange, cause: Cause | None) -> AnyChange:
    """`change` as a difference reads: from the manifest to what is live; what is to come reads as in its plan."""
    if isinstance(change, Add | Drop) or cause == "pending":
        return change
    return replace(change, before=change.after, after=change.before)


def _of_step(
    step: Step, changes: Iterable[AnyChange], last: Applied | None, rules: Sequence[Ignore]
) -> Iterator[Difference]:
    address, shifted = step.address, cache(lambda: _shifted(step, last))
    for change in changes:
        words = _described(address, change)
        ignored = next((rule for rule in rules if any(rule.covers(address, word, change.key) for word in words)), None)
        cause = _cause(address, change, last, shifted)
        since = last.at if last and cause in {"moved", "both"} else None
        yield Difference(address, change, cause, since, ignored)


def _shifted(step: Step, last: Applied | None) -> frozenset[str]:
    """The keys that have another place in what is wanted now than they had in what was last applied."""
    return frozenset(moved([*last.elements], [element.key for element in step.desired]) if last else ())


def _described(address: Address, change: AnyChange) -> Iterator[str]:
    """The words a rule may name a difference by: an element's name, or whom it is about."""
    for element in (before(change), after(change)):
        words = BY_NAME[address.facet].words(element) if element is not None else None
        if isinstance(words, Mapping):
            yield from (str(words[name]) for name in ("name", "principal") if name in words)
        elif words is not None:
            yield str(words)


def _cause(
    address: Address, change: AnyChange, last: Applied | None, shifted: Callable[[], frozenset[str]]
) -> Cause | None:
    if BY_NAME[address.facet].comes_due:
        return "pending"
    if last is None:
        return None
    wanted, live = (_as_applied(address, element, change, last) for element in (after(change), before(change)))
    if before(change) == after(change) and live:  # only its place differs
        return "pending" if change.key in shifted() else "moved"
    if wanted and not live:
        return "moved"
    return "pending" if live else "both"


def _as_applied(address: Address, element: Element | None, change: AnyChange, last: Applied) -> bool:
    """Whether `element`, or its absence, is what was last applied."""
    if element is None:
        return change.key not in last.elements
    return last.elements.get(element.key) == BY_NAME[address.facet].words(element)


def findings(found: Iterable[Difference]) -> Iterator[Diagnostic]:
    """Differences with stable codes, for scanners, annotations and test reports."""
    for item in found:
        name, how = item.address.facet, state(item.change)
        told = f"{name} {how}: {BY_NAME[name].describe(as_read(item.change, item.cause))}"
        if item.ignored is not None:
            rule = item.ignored
            words = f"{told} (ignored until {rule.until}: {rule.reason})"
            yield Diagnostic("drift-ignored", "info", words, item.address, source=item.source)
        elif item.cause == "pending":
            words = f"{told}; not applied yet, an apply would {REMEDIES[how]}"
            yield Diagnostic("not-applied", "info", words, item.address, source=item.source)
        else:
            words = f"{told}; an apply would {REMEDIES[how]}"
            yield Diagnostic("drifted", "blocked", words, item.address, source=item.source)


def ended(rules: Iterable[Ignore], today: date) -> Iterator[Diagnostic]:
    """The rules whose last day has passed."""
    for rule in rules:
        if rule.until < today:
            told = f"the rule for {rule.facet} of {rule.dataset} ended on {rule.until} ({rule.reason})"
            yield Diagnostic("drift-rule-ended", "warning", told)


def idle(rules: Iterable[Ignore], datasets: Sequence[Address], today: date) -> Iterator[Diagnostic]:
    """The rules in force that are about none of `datasets`, which are all of the workspace's."""
    for rule in rules:
        if rule.until >= today and not any(map(rule.names, datasets)):
            told = f"the rule for {rule.facet} of {rule.dataset} is about no dataset of this workspace ({rule.reason})"
            known = [str(address) if "/" in rule.dataset else address.dataset for address in datasets]
            hint = did_you_mean(rule.dataset, known) or "Correct its dataset, or remove the rule."
            yield Diagnostic("drift-rule-idle", "warning", told, hint=hint)
