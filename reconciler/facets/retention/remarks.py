"""What a reader should know about a dataset's versions although nothing is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Severity
from reconciler.core.ports import Capabilities
from reconciler.facets.facet import Situation
from reconciler.facets.versions import declared_ids

from .guards import excesses, unmatched
from .policy import Verdict, doomed, judge
from .section import RetentionSection
from .version import Version
from .wording import listed, versions_of

PROTECTIONS: tuple[tuple[str, str, Severity, str | None], ...] = (
    ("legal-hold", "the legal hold keeps", "info", None),
    ("undated", "a missing or unreadable date keeps", "warning", "Ask the vendor, or pin them."),
    ("live-data", "activeData: keep keeps", "info", "activeData: delete lets them go, with their rows."),
)
"""Reasons that are worth a remark where they alone keep a version."""

NEAR_PERCENT = 90
"""From this share of a limit on, it is told of."""


def remarks(section: RetentionSection, live: Sequence[Version], situation: Situation) -> Iterator[Diagnostic]:
    """What prune would do while it is false; what only a protection keeps; pins that protect nothing."""
    verdicts = judge(live, section, situation.as_of, declared_ids(situation))
    if doomed(verdicts) and not section.prune:
        yield _report(verdicts, section, situation)
    for word, verb, severity, hint in PROTECTIONS:
        kept = [verdict.version for verdict in verdicts if verdict.words == (word,)]
        if kept:
            summary = f"only {verb} {versions_of(kept)}: {listed(kept)}"
            yield _remark(situation, "retention-kept", severity, summary, hint)
    yield from _pins(section, live, situation, pruned=section.prune and bool(doomed(verdicts)))
    coming = sorted(declared_ids(situation) - {version.id for version in live})
    if coming and section.prune:
        summary = f"{', '.join(coming)} is yet to be made, and counts once it is there"
        hint = "The next plan may delete what it takes the place of."
        yield _remark(situation, "version-uncounted", "info", summary, hint)
    yield from near_limit(live, situation.address, situation.capabilities)


def near_limit(live: Iterable[Version], address: Address, capabilities: Capabilities) -> Iterator[Diagnostic]:
    """Whether the partitions of a dataset come near to the most there may be, or beyond."""
    count, most = sum(version.partition for version in live), capabilities.most_partitions
    if most is not None and count * 100 >= most * NEAR_PERCENT:
        summary = f"{count} partitions; the limit is {most}"
        hint = "Let retention take old ones, or make larger ones, before tools stop reading this dataset."
        yield Diagnostic("partitions-near-limit", "warning", summary, address.of("retention"), hint)


def _report(verdicts: Sequence[Verdict], section: RetentionSection, situation: Situation) -> Diagnostic:
    versions = doomed(verdicts)
    summary = f"{versions_of(versions)} would be deleted: {', '.join(_by_reason(verdicts))}"
    broken = "".join(
        f" That would be held: {excess}." for excess in excesses(len(versions), len(verdicts), section.guards)
    )
    return _remark(situation, "retention-report", "info", summary, f"prune: true plans the deletion.{broken}")


def _by_reason(verdicts: Iterable[Verdict]) -> Iterator[str]:
    groups: dict[str, list[Version]] = {}
    for verdict in verdicts:
        if not verdict.keep:
            groups.setdefault(verdict.reasons[0].text, []).append(verdict.version)
    for text, versions in groups.items():
        yield f"{listed(versions)} ({text})"


def _pins(
    section: RetentionSection, live: Sequence[Version], situation: Situation, *, pruned: bool
) -> Iterator[Diagnostic]:
    # While versions would be deleted, the guard of the same name says so and holds the plan.
    for pin in () if pruned else unmatched(section.pins, live, situation):
        summary = f"the pin on version {pin.id} protects nothing: the dataset has no such version"
        hint = "Correct the id or remove the pin."
        yield _remark(situation, "pin-without-version", "warning", summary, hint)
    for pin in section.pins:
        if not pin.holds(situation.as_of):
            summary = f"the pin on version {pin.id} ended on {pin.until}"
            yield _remark(situation, "pin-expired", "info", summary, "Remove it from the manifest.")


def _remark(situation: Situation, code: str, severity: Severity, summary: str, hint: str | None) -> Diagnostic:
    return Diagnostic(code, severity, summary, situation.address.of("retention"), hint)
