"""Deleted versions do not come back: five thousand histories under as many policies (T9)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from reconciler.facets.retention import RetentionSection, Version, doomed, judge

START = datetime(2024, 2, 20, tzinfo=UTC)
NOW = START + timedelta(days=400)
COUNTS = ("keepLast", "keepHourly", "keepDaily", "keepWeekly", "keepMonthly", "keepYearly")
SPANS = ("0d", "1h", "3d", "12d12h", "1m", "2m3d", "1y")


def test_five_thousand_pairs() -> None:
    """Skewed clocks, equal dates, a new version in mid-run: what was planned and still holds never harms (T9)."""
    chance = random.Random(9)  # noqa: S311 - reproducible, not secret
    planned_total = 0
    for _ in range(5000):
        history = [
            Version(str(number), START + timedelta(days=chance.choice([0, 5, 5, 370, chance.uniform(0, 399)])))
            for number in range(chance.randrange(12))
        ]
        section = RetentionSection.model_validate(
            {chance.choice(COUNTS): chance.randint(1, 4), "keepWithin": chance.choice(SPANS)}
        )
        planned = doomed(judge(history, section, NOW))
        skewed = NOW + timedelta(hours=chance.uniform(-24, 24))
        fresh = [*history, Version("new", skewed - timedelta(minutes=1))]
        chance.shuffle(fresh)
        gone = set(planned) & set(doomed(judge(fresh, section, skewed)))
        newest = max(history, key=lambda version: version.age, default=None)
        assert newest not in gone
        assert all(version.created and skewed - version.created >= timedelta(days=7) for version in gone)
        planned_total += len(gone)
    assert planned_total > 5000
