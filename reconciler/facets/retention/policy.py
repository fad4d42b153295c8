"""The verdict on every version of a dataset: pure, of the versions, the policy and one moment.

Keeping always beats deleting. In order of precedence, which is the order of a verdict's reasons: legal hold, empty
policy, unsettled, undated, dated in the future, pin, declared, protected origin, in use, live data, the keep rules,
failed uploads, `minAge`, `minVersions`. The limits on how much may go at once are no part of it: they block a plan
(guards.py), for a limit that changed verdicts would let a new pin, by going below it, cause deletions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from .duration import Duration
from .rules import Dated, Reason, good, kept_by_rules
from .section import RetentionSection
from .version import Version


class Verdict(Struct, frozen=True):
    """Whether one version stays, with all the reasons."""

    version: Version
    keep: bool
    reasons: tuple[Reason, ...]
    """The strongest first; never empty."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its reasons."""
        return tuple(reason.word for reason in self.reasons)


class _Bench(Struct, frozen=True):
    """What every verdict of one dataset rests on."""

    section: RetentionSection
    as_of: datetime
    rules: Mapping[str, Sequence[Reason]]
    newest: frozenset[str]
    """The versions that `minVersions` keeps."""
    young_since: datetime
    failed_since: datetime | None
    """None: every failed upload stays."""
    declared: frozenset[str]


def judge(
    versions: Iterable[Version], section: RetentionSection, as_of: datetime, declared: frozenset[str] = frozenset()
) -> tuple[Verdict, ...]:
    """One verdict per version, oldest first, undated last; the order of `versions` does not matter.

    Args:
        versions: all that the dataset has.
        section: the policy.
        as_of: the moment it is applied.
        declared: ids of the versions that a manifest says must exist.
    """
    ordered = sorted(versions, key=lambda version: version.age)
    if not ordered:
        return ()
    history = good(ordered, as_of)
    # The newest ones as such, however many others survive: else an old version's pin would free a newer one.
    newest = frozenset(dated.version.key for dated in history[: section.guards.min_versions])
    young_since = Duration.parse(section.guards.min_age).before(as_of)
    rules = kept_by_rules(history, section)
    bench = _Bench(section, as_of, rules, newest, young_since, _failed_since(history, section), declared)
    return tuple(_verdict(version, bench) for version in ordered)


def doomed(verdicts: Iterable[Verdict]) -> tuple[Version, ...]:
    """The versions that do not stay, in the order of `verdicts`."""
    return tuple(verdict.version for verdict in verdicts if not verdict.keep)


def _verdict(version: Version, bench: _Bench) -> Verdict:
    kept = (
        *_held(version, bench),
        *_protected(version, bench),
        *bench.rules.get(version.key, ()),
        *_failed(version, bench),
        *_floor(version, bench),
    )
    if kept:
        return Verdict(version, keep=True, reasons=kept)
    if version.status == "failed":
        text = f"failed, past keepFailedWithin {bench.section.keep_failed_within}"
        return Verdict(version, keep=False, reasons=(Reason("failed-past", text),))
    if version.status == "emptied":
        text = "its data is deleted, and its tag is left"
        return Verdict(version, keep=False, reasons=(Reason("emptied", text),))
    return Verdict(version, keep=False, reasons=(Reason("unkept", "kept by no rule"),))


def _held(version: Version, bench: _Bench) -> Iterator[Reason]:
    hold = bench.section.legal_hold
    if hold is not None:
        yield Reason("legal-hold", f"legal hold by {hold.by}: {hold.reason}")
    if bench.section.empty:
        yield Reason("no-policy", "the policy has no rule")
    if version.status == "unsettled":
        yield Reason("unsettled", "still being made")
    if version.created is None:
        yield Reason("undated", "its date is missing or unreadable")
    elif version.created > bench.as_of:
        yield Reason("future", "dated after the moment of the plan")


def _protected(version: Version, bench: _Bench) -> Iterator[Reason]:
    for pin in bench.section.pins:
        if pin.id in version.ids and pin.holds(bench.as_of):
            until = f" until {pin.until}" if pin.until else ""
            yield Reason("pin", f"pinned{until}: {pin.reason}")
    if version.ids & bench.declared:
        yield Reason("declared", "declared under versions")
    if version.origin is not None:
        yield Reason("origin", f"made for {version.origin}")
    if version.in_use is not None:
        yield Reason("in-use", f"in use by {version.in_use}")
    if version.live and bench.section.active_data == "keep":
        yield Reason("live-data", "a piece of the live data")


def _failed_since(history: Sequence[Dated], section: RetentionSection) -> datetime | None:
    if section.keep_failed_within is None or not history:
        return None
    return Duration.parse(section.keep_failed_within).before(history[0].created)


def _failed(version: Version, bench: _Bench) -> Iterator[Reason]:
    if version.status != "failed":
        return
    if bench.failed_since is None:
        yield Reason("failed", "failed uploads stay")
    elif version.created is not None and version.created > bench.failed_since:
        window = bench.section.keep_failed_within
        yield Reason("failed", f"a failed upload within {window} of the newest good version")


def _floor(version: Version, bench: _Bench) -> Iterator[Reason]:
    guards = bench.section.guards
    if version.created is not None and version.created > bench.young_since:
        yield Reason("min-age", f"younger than {guards.min_age}")
    if version.key in bench.newest:
        number = guards.min_versions
        yield Reason("min-versions", "the newest good version" if number == 1 else f"among the newest {number} good")
