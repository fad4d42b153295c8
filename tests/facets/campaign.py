"""Retention on thousands of random histories, against a second reading of its rules: `python -m tests.facets.campaign`.

Each pair is a policy and a history: unordered, with equal moments, clocks a day off, moments around the changes of
summer time, versions that come between two looks, one that is the live data. Counted are deletions that the plain
reading below forbids, newest good versions that went, and second looks that deleted something else.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reconciler.facets.retention import Duration, RetentionSection, Version, doomed, judge

PAIRS = 5_000
BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LABELS = {"hourly": "%Y%m%d%H", "daily": "%Y%m%d", "weekly": "%G%V", "monthly": "%Y%m", "yearly": "%Y"}
SPANS = ("0d", "6h", "3d", "30d", "2m", "1y")


def main(words: list[str]) -> int:
    pairs, seed = int(words[0]) if words else PAIRS, int(words[1]) if len(words) > 1 else 0
    chance, seen, begun = random.Random(seed), Counter[str](), time.monotonic()  # noqa: S311 - repeatable
    for _ in range(pairs):
        seen.update(tried(chance))
    told = ", ".join(f"{seen[name]:,} {name}" for name in COUNTED)
    sys.stdout.write(f"{pairs:,} pairs (seed {seed}) in {time.monotonic() - begun:.1f} s: {told}\n")
    return 1 if any(seen[name] for name in COUNTED[3:]) else 0


COUNTED = ("versions", "deletions", "policies that deleted", "deletions outside policy", "newest gone", "unstable")


def tried(chance: random.Random) -> Mapping[str, int]:
    section, history = policy(chance), versions(chance)
    gone = ids(doomed(judge(chance.sample(history, len(history)), section, NOW)))
    may = {version.id for version in history if deletable(version, history, section)}
    good = sorted(counted(history), key=lambda version: version.age)
    newest = {version.id for version in good[-section.guards.min_versions :]}
    # One more upload comes between the plan and its apply: only what both looks delete may go, and that is in policy.
    late = [*history, Version("late", NOW - timedelta(minutes=1))]
    both = gone & ids(doomed(judge(late, section, NOW)))
    rest = [version for version in history if version.id not in gone]
    again = ids(doomed(judge(rest, section, NOW)))
    return {
        "versions": len(history),
        "deletions": len(gone),
        "policies that deleted": bool(gone),
        "deletions outside policy": len(gone - may) + len(both - may) + len(may - gone),
        "newest gone": len(gone & newest),
        "unstable": len(again),
    }


def deletable(version: Version, history: Sequence[Version], section: RetentionSection) -> bool:
    """Whether a version may go, read off the contract without a thought for speed."""
    good = sorted(counted(history), key=lambda each: each.age, reverse=True)
    guards, created = section.guards, version.created
    protected = (
        section.legal_hold is not None
        or section.empty
        or version.status == "unsettled"
        or created is None
        or created > NOW
        or any(pin.id == version.id and pin.holds(NOW) for pin in section.pins)
        or version.origin is not None
        or version.in_use is not None
        or (version.live and section.active_data == "keep")
        or created > Duration.parse(guards.min_age).before(NOW)
        or version in good[: guards.min_versions]
    )
    if protected or created is None:
        return False
    if version.status == "failed":
        within = section.keep_failed_within
        return bool(good) and within is not None and created <= Duration.parse(within).before(newest_of(good))
    return not any(
        version in kept(rule, section.counts.get(rule, 0), section.windows.get(rule), good) for rule in section.counts
    )


def kept(rule: str, count: int, window: Duration | None, good: Sequence[Version]) -> list[Version]:
    """What one rule keeps of good versions, newest first."""
    recent = [each for each in good if window and moment(each) > window.before(newest_of(good))]
    if rule == "last":
        return [*good[:count], *recent]
    oldest = good[-1:]
    found, within = firsts(rule, good), firsts(rule, recent)
    left = oldest if len(found) < count else []
    return [*found[:count], *left, *within, *(oldest if recent[-1:] == oldest else [])]


def firsts(rule: str, among: Sequence[Version]) -> list[Version]:
    """The newest of each period that has one, newest first."""
    periods: dict[str, Version] = {}
    for version in among:
        periods.setdefault(f"{moment(version):{LABELS[rule]}}", version)
    return list(periods.values())


def counted(history: Sequence[Version]) -> list[Version]:
    return [v for v in history if v.status == "ready" and v.origin is None and v.created and v.created <= NOW]


def moment(version: Version) -> datetime:
    assert version.created is not None
    return version.created.astimezone(UTC)


def newest_of(good: Sequence[Version]) -> datetime:
    return moment(good[0])


def ids(versions_: Sequence[Version]) -> set[str]:
    return {version.id for version in versions_}


def policy(chance: random.Random) -> RetentionSection:
    rules: dict[str, Any] = {}
    for rule in chance.sample(["Last", "Hourly", "Daily", "Weekly", "Monthly", "Yearly"], chance.randint(1, 3)):
        rules[f"keep{rule}"] = chance.randint(0, 7)
    if chance.random() < 0.4:
        window = chance.choice(["keepWithin", "keepWithinDaily", "keepWithinWeekly", "keepWithinMonthly"])
        rules[window] = chance.choice(SPANS)
    if chance.random() < 0.5:
        rules["keepFailedWithin"] = chance.choice(SPANS)
    if chance.random() < 0.05:
        rules["legalHold"] = {"reason": "case", "by": "legal"}
    rules["pins"] = [
        {"id": str(number), "reason": "audit", "until": chance.choice(["2026-06-14", "2026-06-15", "2027-01-01"])}
        for number in chance.sample(range(40), chance.randint(0, 2))
    ]
    rules["activeData"] = chance.choice(["keep", "delete"])
    rules["guards"] = {"minAge": chance.choice(SPANS), "minVersions": chance.randint(1, 3)}
    return RetentionSection.model_validate({"prune": True, **rules})


def versions(chance: random.Random) -> list[Version]:
    around = [NOW - timedelta(days=chance.uniform(-1, 500)) for _ in range(chance.randint(0, 25))]
    around += [SUMMER + timedelta(minutes=20 * chance.randint(0, 12)) for _ in range(chance.randint(0, 6))]
    around += [NOW + timedelta(hours=chance.uniform(-24, 24)) for _ in range(chance.randint(0, 4))]
    around += chance.sample(around, min(len(around), chance.randint(0, 3)))
    newest = max((each for each in around if each <= NOW), default=NOW)
    return [
        Version(
            str(number),
            None if chance.random() < 0.03 else each,
            chance.choices(["ready", "failed", "unsettled"], [8, 1, 1])[0],  # type: ignore[arg-type]
            live=each == newest,
            origin="training" if chance.random() < 0.08 else None,
            in_use="an export" if chance.random() < 0.04 else None,
        )
        for number, each in enumerate(around)
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
