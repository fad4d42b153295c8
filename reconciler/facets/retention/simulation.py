"""What a policy will do to a dataset's versions, day by day: pure, of the versions, the policy and one moment.

One prune a day is assumed, at the hour of the first moment, with nothing else happening but what `rhythm` says:
without it the versions there are only grow older; with it a new one comes each time so much time has passed. What is
unsettled or in use stays so. A prune that a guard would hold is shown as if somebody allowed it, and says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Drop
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.facet import Outlook, Situation

from .duration import Duration
from .guards import guard_versions
from .policy import Verdict, judge
from .rules import Reason, good
from .section import RetentionSection
from .version import Version, remaining

DAY = timedelta(days=1)


class Fate(Struct, frozen=True):
    """What becomes of one version."""

    version: Version
    gone: datetime | None
    """When it is deleted; None when it is still there at the end."""
    reasons: tuple[Reason, ...]
    """Why it goes, or why it is still there at the end; the strongest first."""
    assumed: bool = False
    """Nobody has uploaded it yet."""


class Prune(Struct, frozen=True):
    """The deletions of one day."""

    at: datetime
    deleted: tuple[Version, ...]
    """Oldest first."""
    held: tuple[str, ...]
    """What would hold this prune until somebody allows it: codes and sentences."""

    @property
    def rows(self) -> int:
        """Rows that the deleted versions hold, as far as the vendor says."""
        return sum(version.rows or 0 for version in self.deleted)

    @property
    def bytes(self) -> int:
        """Bytes that the deleted versions hold, as far as the vendor says."""
        return sum(version.bytes or 0 for version in self.deleted)


class Simulation(Struct, frozen=True):
    """A dataset's versions under one policy, from `begin` to `end`."""

    begin: datetime
    end: datetime
    fates: tuple[Fate, ...]
    """Oldest first, undated last."""
    prunes: tuple[Prune, ...]
    """The days on which something goes, in order."""

    @property
    def kept(self) -> tuple[Fate, ...]:
        """What is still there at the end."""
        return tuple(fate for fate in self.fates if fate.gone is None)


class Prospect(Struct, frozen=True):
    """What becomes of one dataset under its policy, and under a proposed one."""

    address: Address
    present: Simulation
    governed: bool
    """Whether the dataset has a retention policy; without one everything stays."""
    pruned: bool
    """Whether it says prune: true; without it nothing is deleted until it does."""
    proposed: Simulation | None = None
    rhythm: timedelta | None = None
    """How often a new version was assumed to come; None: never."""


def rhythm_of(versions: Iterable[Version], as_of: datetime) -> timedelta | None:
    """The median time between two good versions; None when there is no telling."""
    moments = [dated.created for dated in reversed(good(versions, as_of))]
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    return (gaps[len(gaps) // 2] or None) if gaps else None


def simulate(
    versions: Iterable[Version],
    section: RetentionSection,
    as_of: datetime,
    days: int,
    *,
    rhythm: timedelta | None = None,
    declared: frozenset[str] = frozenset(),
) -> Simulation:
    """The fates of `versions` under `section` from `as_of` on, for so many days."""
    run = _Run(section, declared, {version.key: version for version in versions})
    coming = _arrivals(run.present.values(), as_of, as_of + days * DAY, rhythm)
    uploads = _Uploads(run.present.values(), as_of)
    following = next(coming, None)
    for day in range(days + 1):
        now = as_of + day * DAY
        while following is not None and following <= now:
            uploads.take(run, following)
            following = next(coming, None)
        run.prune(now)
    return run.told(as_of, as_of + days * DAY, uploads.taken)


def _arrivals(
    versions: Iterable[Version], begin: datetime, end: datetime, rhythm: timedelta | None
) -> Iterator[datetime]:
    if rhythm is None:
        return
    history = good(versions, begin)
    moment = history[0].created if history else begin
    if rhythm <= begin - moment:
        # What should have come by now has not; nobody knows of it, so it is not made up.
        moment = begin
    # Compared as stretches of time, for a moment beyond the year 9999 cannot be computed.
    while rhythm <= end - moment:
        moment += rhythm
        yield moment


class _Uploads:
    """What a new version will be like: as the ones before it."""

    def __init__(self, versions: Iterable[Version], as_of: datetime) -> None:
        history = [dated.version for dated in good(versions, as_of)]
        alive = [version for version in history if version.live]
        self.live = bool(alive)
        self.replaces = self.live and len(history) > len(alive) and tuple(alive) == remaining(history)
        """Whether only the newest is in the live data, so that a new one puts it out."""
        self.rows, self.bytes = _usual([each.rows for each in history]), _usual([each.bytes for each in history])
        self.taken: frozenset[str] = frozenset()

    def take(self, run: _Run, moment: datetime) -> None:
        """A new version has come."""
        if self.replaces:
            run.present = {key: replace(version, live=False) for key, version in run.present.items()}
        key = f"+{len(self.taken) + 1}"
        while key in run.present:
            key = f"+{key}"
        run.present[key] = Version(key, moment, rows=self.rows, bytes=self.bytes, live=self.live)
        run.changed = True
        self.taken |= {key}


def _usual(amounts: Sequence[int | None]) -> int | None:
    known = sorted(amount for amount in amounts if amount is not None)
    return known[len(known) // 2] if known else None


class _Run:
    """The versions as they are on one day, and what has gone."""

    def __init__(self, section: RetentionSection, declared: frozenset[str], present: dict[str, Version]) -> None:
        self.section, self.declared, self.present = section, declared, present
        self.changed = True
        """Whether a version came since verdicts were last given."""
        self.verdicts: tuple[Verdict, ...] = ()
        self.gone: list[Fate] = []
        self.prunes: list[Prune] = []
        self._clock: tuple[object, ...] = ()

    def prune(self, now: datetime) -> None:
        """Delete what nothing keeps at `now`."""
        clock = self._passed(now)
        if not self.changed and clock == self._clock:
            return
        self.changed, self._clock = False, clock
        verdicts = judge(self.present.values(), self.section, now, self.declared)
        self.verdicts = tuple(verdict for verdict in verdicts if verdict.keep)
        doomed = [verdict for verdict in verdicts if not verdict.keep]
        if doomed:
            deleted = tuple(verdict.version for verdict in doomed)
            self.prunes.append(Prune(now, deleted, self._held(deleted, now)))
            self.gone += [Fate(verdict.version, now, verdict.reasons) for verdict in doomed]
            self.present = {verdict.version.key: verdict.version for verdict in self.verdicts}

    def _passed(self, now: datetime) -> tuple[object, ...]:
        """All that verdicts may see of the clock; while it stays the same, so do they."""
        moments = sorted(version.created for version in self.present.values() if version.created is not None)
        young_since = Duration.parse(self.section.guards.min_age).before(now)
        pins = tuple(pin.id for pin in self.section.pins if pin.holds(now))
        return bisect_right(moments, now), bisect_right(moments, young_since), len(moments), pins

    def _held(self, deleted: Sequence[Version], now: datetime) -> tuple[str, ...]:
        live = tuple(self.present.values())
        kept = tuple(verdict.version for verdict in self.verdicts)
        outlook = Outlook(tuple(Drop(version) for version in deleted), live, kept)
        nowhere = Address("", "")
        sections: Mapping[str, RetentionSection] = {"retention": self.section}
        situation = Situation(nowhere, sections, {}, Directory(), Capabilities(frozenset()), now)
        found = guard_versions({"retention": outlook}, situation)
        return tuple(f"{diagnostic.code}: {diagnostic.summary}" for diagnostic in found)

    def told(self, begin: datetime, end: datetime, assumed: frozenset[str]) -> Simulation:
        """What has become of everything."""
        # Reasons may mention the clock, which has gone on since verdicts were last given.
        last = judge(self.present.values(), self.section, end, self.declared)
        fates = [*self.gone, *(Fate(verdict.version, None, verdict.reasons) for verdict in last)]
        told = [replace(fate, assumed=fate.version.key in assumed) for fate in fates]
        ordered = sorted(told, key=lambda fate: fate.version.age)
        return Simulation(begin.astimezone(UTC), end.astimezone(UTC), tuple(ordered), tuple(self.prunes))
