"""The dangers of a prune: too much at once, rows of the live data, a pin that protects nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.core.changes import Drop
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.facets.facet import Outlooks, Situation, blocked

from .section import GuardsModel, PinModel, RetentionSection
from .version import Version
from .wording import listed, versions_of

CODES = (
    Code(
        "versions-deleted",
        "More versions would be deleted than a dataset's retention, or the workspace, allows at once.",
        "More than guards.maxDeletes, or a larger share than guards.maxDeletePercent, of one dataset; or more in the "
        "whole plan than guards.maxVersionDeletions of the workspace. A wrong policy or a truncated list looks like "
        "this, and deleted versions do not come back. The whole prune is held, never a part of it: check the versions, "
        "then allow it or raise the limit.",
        liftable=True,
    ),
    Code(
        "live-data-deleted",
        "A version that is a piece of the live data would be deleted, with its rows.",
        "Datasets that append, upsert or have partitions are made of their versions, and a replace without rows may "
        "leave the one before it in place: deleting one deletes rows that cards and dataflows read. activeData: "
        "delete asks for exactly that; allow it when the rows may go.",
        liftable=True,
    ),
    Code(
        "release-of-hold",
        "A legal hold is lifted, and versions that it kept would be deleted in the same apply.",
        "Releasing evidence and destroying it are two decisions. Say prune: false and apply the release by itself; "
        "delete in a later apply. Which holds stood before is known from the last apply here (.reconciler/holds.json) "
        "and from the git ref that --guards-from names; where neither is at hand, nothing is known of a hold. A target "
        "that leaves it to its token which account it is may be any at its address, and holds on datasets of the same "
        "id in all of them count: name the account in the Workspace.",
        liftable=True,
    ),
    Code(
        "pin-without-version",
        "A pin names a version that the dataset does not have.",
        "A mistyped id protects nothing, and the version that was meant may be among the deleted ones. Correct the "
        "id or remove the pin. While versions would be deleted, this holds the plan.",
        liftable=True,
    ),
    Code(
        "retention-empty",
        "A retention policy without a single keep rule.",
        "Nothing is deleted by it. A dataset that sets every rule of its profiles to zero has such a policy; give it "
        "at least one rule above zero, or take retention out of the manifest.",
    ),
    Code(
        "pin-expired",
        "The last day of a pin has passed; it protects nothing any more.",
        "Remove the pin, or give it a later `until`.",
    ),
    Code(
        "retention-report",
        "Versions that the policy would delete if prune were true.",
        "With prune: false nothing is deleted. Read the list, then set prune: true.",
    ),
    Code(
        "partitions-near-limit",
        "A dataset has nearly as many partitions as the vendor's tools can work with, or more.",
        "Domo's Magic ETL takes at most 400 partitions of a dataset; a tag counts until it is removed, whether it has "
        "data or not. Let retention take old partitions (prune: true and activeData: delete), or make larger ones.",
    ),
    Code(
        "version-uncounted",
        "A version that the manifest declares is not there yet, so retention does not count it.",
        "keepLast and its like choose among the versions that there are. Once the version is made it is the newest, "
        "and the next plan may delete one that it takes the place of: read that plan, too.",
    ),
    Code(
        "retention-kept",
        "Versions that no keep rule wants and that something else protects.",
        "A legal hold, live data while activeData is keep, or a date that is missing or unreadable keeps them.",
    ),
)


def guard_versions(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Deletions above the dataset's limits, of live data, or beside a pin that names no version."""
    outlook, section = outlooks.get("retention"), situation.sections.get("retention")
    if outlook is None or not isinstance(section, RetentionSection):
        return
    dropped = [change.before for change in outlook.changes if isinstance(change, Drop)]
    if not dropped:
        return
    for excess in excesses(len(dropped), len(outlook.live), section.guards):
        hint = f"Check {listed(dropped)} below, then allow it for this dataset."
        yield blocked(situation, "retention", "versions-deleted", excess, hint)
    alive = [version for version in dropped if version.live]
    if alive:
        rows = sum(version.rows or 0 for version in alive)
        summary = f"{versions_of(alive)} of the live data would be deleted, with {rows:,} rows: {listed(alive)}"
        hint = "Say activeData: keep, or allow it for this dataset."
        yield blocked(situation, "retention", "live-data-deleted", summary, hint)
    for pin in unmatched(section.pins, [v for v in outlook.live if isinstance(v, Version)], situation):
        summary = f"the pin on version {pin.id} protects nothing: the dataset has no such version"
        yield blocked(situation, "retention", "pin-without-version", summary, "Correct the id or remove the pin.")


def guard_hold(outlooks: Outlooks, situation: Situation) -> Iterable[Diagnostic]:
    """Deletions that only the release of a legal hold makes possible."""
    outlook = outlooks.get("retention")
    dropped = [change.before for change in outlook.changes if isinstance(change, Drop)] if outlook else []
    if situation.held is not None and dropped:
        summary = f"{situation.held} is lifted, and {versions_of(dropped)} would be deleted with it: {listed(dropped)}"
        hint = "Say prune: false and apply the release by itself; delete in a later apply."
        yield blocked(situation, "retention", "release-of-hold", summary, hint)


def excesses(deletions: int, versions: int, guards: GuardsModel) -> Iterable[str]:
    """The limits that so many `deletions` of a dataset's `versions` break, in words."""
    share = guards.percent(versions)
    would = f"{deletions} of {versions} versions would be deleted"
    if deletions > guards.max_deletes:
        yield f"{would}; maxDeletes is {guards.max_deletes}"
    elif share is not None and deletions * 100 > share * versions:
        yield f"{would}; maxDeletePercent is {share}"


def unmatched(pins: Sequence[PinModel], live: Sequence[Version], situation: Situation) -> Iterable[PinModel]:
    """The pins in force that name no version of `live`."""
    if not pins:
        return ()
    known = frozenset[str]().union(*(version.ids for version in live))
    return [pin for pin in pins if pin.id not in known and pin.holds(situation.as_of)]
