"""What profiles come to: in which order they are listed decides nothing but the order of what is united."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, Section
from reconciler.manifests.merge import merge, united
from tests.manifests.manifest_strategies import some

NOBODY = Directory()


def each_once(item: st.SearchStrategy[Any], key: str | None = None) -> st.SearchStrategy[list[Any]]:
    """Lists without repetitions, which are refused before anything is merged."""
    return st.lists(item, max_size=2, unique_by=lambda each: each[key] if key else each)


MODE = st.sampled_from(["authoritative", "additive"])
GRANT = st.fixed_dictionaries({"principal": st.sampled_from(["user:#1", "user:#2"]), "access": st.sampled_from("AB")})
PIN = st.fixed_dictionaries({"id": st.integers(1, 2), "reason": st.sampled_from("ab")})
GUARDS = {"minVersions": st.integers(1, 2), "minAge": st.sampled_from(["1d", "2d"]), "maxDeletes": st.integers(0, 1)}
RETRY = some({"count": st.integers(1, 2)}, {"every": st.sampled_from(["5 minutes", "6 minutes"])})
SAID: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "retention": some(
        {},
        {
            "keepLast": st.integers(1, 2),
            "guards": some({}, GUARDS),
            "legalHold": st.fixed_dictionaries({"reason": st.sampled_from("ab"), "by": st.sampled_from("xy")}),
            "pins": each_once(PIN, "id"),
        },
    ),
    "schedule": some(
        {"type": st.sampled_from(["DAY", "HOUR"])},
        {"at": st.sampled_from(["06:00 AM", "07:00 AM"]), "timezone": st.sampled_from(["UTC"]), "retry": RETRY},
    ),
    "permissions": some({"grants": each_once(GRANT, "principal")}, {"mode": MODE}),
    "tags": some(
        {"values": each_once(st.sampled_from("abc"))}, {"ignore": each_once(st.sampled_from("xyz")), "mode": MODE}
    ),
}


def sections(name: str) -> st.SearchStrategy[Section]:
    return SAID[name].map(BY_NAME[name].section.model_validate)


def said(section: Section) -> Any:
    return section.model_dump(mode="json", exclude_unset=True)


def unordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: unordered(each) for name, each in value.items()}
    return sorted(value, key=repr) if isinstance(value, list) else value


def outcome(name: str, profiles: Sequence[Section], dataset: Mapping[str, Section]) -> object:
    merged, conflicts = merge([{name: section} for section in profiles], dataset, NOBODY)
    return "refused" if conflicts else unordered(said(merged[name]))


@pytest.mark.parametrize("name", SAID)
@given(data=st.data())
def test_the_order_of_profiles_decides_nothing(name: str, data: st.DataObject) -> None:
    """They are refused in every order, or come to the same in every order."""
    profiles = [data.draw(sections(name)) for _ in range(3)]
    dataset = data.draw(st.just({}) | sections(name).map(lambda section: {name: section}))
    first, *others = [outcome(name, order, dataset) for order in permutations(profiles)]
    assert others == [first] * len(others)


@pytest.mark.parametrize("name", SAID)
@given(data=st.data())
def test_uniting_is_associative_and_idempotent(name: str, data: st.DataObject) -> None:
    """Except that of a schedule of another type hardly anything is left."""
    one, two, three = [data.draw(sections(name)) for _ in range(3)]
    if name == "schedule":
        two, three = (each.model_copy(update={"type": getattr(one, "type")}) for each in (two, three))  # noqa: B009
    step = united(name, united(name, one, two, NOBODY), three, NOBODY)
    assert said(step) == said(united(name, one, united(name, two, three, NOBODY), NOBODY))
    assert said(united(name, one, one, NOBODY)) == said(one)
