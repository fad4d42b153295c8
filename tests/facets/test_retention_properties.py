"""What holds for every history under every policy."""

from __future__ import annotations

import json
import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import apply
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.facet import Situation
from reconciler.facets.retention import Duration, Retention, RetentionSection, Version, Word, doomed, judge

EXAMPLES = int(os.environ.get("RECONCILER_EXAMPLES", "250"))
START = datetime(2024, 2, 20, tzinfo=UTC)
NOW = START + timedelta(days=400)
RETENTION = Retention()
COUNTS = ("keepLast", "keepHourly", "keepDaily", "keepWeekly", "keepMonthly", "keepYearly")
WINDOWS = ("keepWithin", "keepWithinHourly", "keepWithinDaily", "keepWithinWeekly", "keepWithinMonthly")
SPANS = ("0d", "1h", "3d", "12d12h", "1m", "2m3d", "1y")
LABELS = {"keepDaily": "%Y-%m-%d", "keepWeekly": "%G-W%V", "keepMonthly": "%Y-%m", "keepYearly": "%Y"}

# Few distinct moments close together and many far apart: equal dates, shared periods, and dates after NOW.
moments = st.one_of(
    st.integers(0, 60).map(lambda hours: START + timedelta(days=380, hours=hours * 7)),
    st.integers(0, 420 * 24).map(lambda hours: START + timedelta(hours=hours)),
)


@st.composite
def histories(draw: st.DrawFn, *, plain: bool = False) -> list[Version]:
    size = draw(st.integers(0, 14))
    rarely = st.sampled_from([False] * 5 + [True])
    return [
        Version(
            str(number),
            draw(moments) if plain or not draw(rarely) else None,
            "ready" if plain else draw(st.sampled_from(["ready", "ready", "ready", "unsettled", "failed", "emptied"])),
            partition=not plain and draw(rarely),
            live=not plain and draw(rarely),
            origin="training" if not plain and draw(rarely) else None,
            in_use="an export" if not plain and draw(rarely) else None,
        )
        for number in range(size)
    ]


rules = st.one_of(
    st.tuples(st.sampled_from(COUNTS), st.integers(1, 6)),
    st.tuples(st.sampled_from(WINDOWS), st.sampled_from(SPANS[1:])),
)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    section: dict[str, Any] = dict(draw(st.lists(rules, min_size=1, max_size=3)))
    section["prune"] = True
    section["activeData"] = draw(st.sampled_from(["keep", "delete"]))
    section["guards"] = {"minAge": draw(st.sampled_from(SPANS)), "minVersions": draw(st.integers(1, 4))}
    section["pins"] = [pin(number) for number in draw(st.sets(st.integers(0, 15), max_size=2))]
    if draw(st.booleans()):
        section["keepFailedWithin"] = draw(st.sampled_from(SPANS))
    return section


def pin(number: int) -> dict[str, Any]:
    return {"id": number, "reason": "audit"}


def policy(section: dict[str, Any]) -> RetentionSection:
    return RetentionSection.model_validate(section)


def deletions(history: list[Version], section: dict[str, Any], as_of: datetime = NOW) -> set[str]:
    return {version.id for version in doomed(judge(history, policy(section), as_of))}


def settled(history: tuple[Version, ...], section: RetentionSection) -> tuple[Version, ...]:
    capabilities = Capabilities(frozenset({"retention"}))
    situation = Situation(Address("t", "d"), {"retention": section}, {}, Directory(), capabilities, NOW)
    return RETENTION.settle(section, history, situation)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies(), rules)
def test_more_rules_never_delete_more(history: list[Version], section: dict[str, Any], rule: tuple[str, Any]) -> None:
    """Adding a rule, or raising one, never enlarges the deletion set."""
    name, value = rule
    if isinstance(value, int):
        value += section.get(name, 0)
    elif name in section:
        return
    assert deletions(history, {**section, name: value}) <= deletions(history, section)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies(), st.integers(0, 15))
def test_more_protection_never_deletes_more(history: list[Version], section: dict[str, Any], number: int) -> None:
    """A pin takes away its version and nothing else; a legal hold takes everything; a higher floor only keeps."""
    before = deletions(history, section)
    assert deletions(history, {**section, "pins": [*section["pins"], pin(number)]}) == before - {str(number)}
    assert deletions(history, {**section, "legalHold": {"reason": "case", "by": "legal"}}) == set()
    higher = {**section["guards"], "minVersions": section["guards"]["minVersions"] + 1}
    assert deletions(history, {**section, "guards": higher}) <= before


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies(), st.integers(0, 13))
def test_a_version_made_by_training_never_deletes_more(
    history: list[Version], section: dict[str, Any], number: int
) -> None:
    """Whichever version turns out to be of a protected origin, no other one goes because of it."""
    trained = [replace(each, origin="training") if each.id == str(number) else each for each in history]
    assert deletions(trained, section) <= deletions(history, section) - {str(number)}


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies(), st.randoms(use_true_random=False))
def test_order_does_not_matter(history: list[Version], section: dict[str, Any], chance: random.Random) -> None:
    """The same versions in any order get the same verdicts in the same order."""
    shuffled = chance.sample(history, len(history))
    assert judge(shuffled, policy(section), NOW) == judge(history, policy(section), NOW)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies())
def test_a_second_run_deletes_nothing(history: list[Version], section: dict[str, Any]) -> None:
    """Settling its own result changes nothing, and the changes lead exactly there."""
    rules_, live = policy(section), tuple(history)
    desired = settled(live, rules_)
    changes = RETENTION.diff(live, desired, rules_)
    assert set(apply(live, changes)) == set(desired)
    assert settled(desired, rules_) == desired


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies())
def test_survivors_exist(history: list[Version], section: dict[str, Any]) -> None:
    """The newest good versions stay, as many as minVersions says."""
    made = [each for each in history if each.status == "ready" and each.origin is None]
    good = [each for each in made if each.created is not None and each.created <= NOW]
    newest = sorted(good, key=lambda version: version.age)[-section["guards"]["minVersions"] :]
    assert not {version.id for version in newest} & deletions(history, section)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies())
def test_only_the_deletable_is_deleted(history: list[Version], section: dict[str, Any]) -> None:
    """Unsettled, undated, future, young, pinned, protected, used and live versions and fresh failures all stay."""
    gone = deletions(history, section)
    pinned = {str(item["id"]) for item in section["pins"]}
    young = Duration.parse(section["guards"]["minAge"]).before(NOW)
    for version in (each for each in history if each.id in gone):
        assert version.status != "unsettled"
        assert version.created is not None
        assert version.created <= min(NOW, young)
        assert version.id not in pinned
        assert (version.origin, version.in_use) == (None, None)
        assert not (version.live and section["activeData"] == "keep")
        assert version.status in {"ready", "emptied"} or "keepFailedWithin" in section


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), policies())
def test_every_version_has_one_verdict(history: list[Version], section: dict[str, Any]) -> None:
    """One verdict each, with reasons in order of precedence that agree with it; without prune all stay."""
    verdicts = judge(history, policy(section), NOW)
    assert sorted(verdict.version.id for verdict in verdicts) == sorted(version.id for version in history)
    order = get_args(Word)
    for verdict in verdicts:
        places = [order.index(word) for word in verdict.words]
        assert places == sorted(places)
        assert verdict.keep == (verdict.words not in {("unkept",), ("failed-past",), ("emptied",)})
        assert RETENTION.element(json.loads(json.dumps(RETENTION.words(verdict.version)))) == verdict.version
    assert set(settled(tuple(history), policy({**section, "prune": False}))) == set(history)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(plain=True), st.sampled_from(sorted(LABELS)), st.integers(1, 6))
def test_counting_rules_by_definition(history: list[Version], rule: str, count: int) -> None:
    """Kept: the newest of each of the last `count` periods that have one, and the oldest while there are fewer."""
    counted = sorted((each for each in history if each.created and each.created <= NOW), key=lambda each: each.age)
    periods: dict[str, Version] = {}
    for version in counted:
        periods[f"{version.created:{LABELS[rule]}}"] = version
    expected = {version.id for version in list(periods.values())[-count:]}
    if counted and len(periods) < count:
        expected.add(counted[0].id)
    section = {rule: count, "guards": {"minAge": "0d"}}
    assert deletions(history, section) == {version.id for version in counted} - expected
