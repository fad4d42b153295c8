"""What a manifest may say of retention, and how it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets.retention import Retention, RetentionSection

KEEPS_NOTHING = (
    "this retention policy keeps nothing; give at least one rule above zero: keepLast, keepWithin, "
    "keepHourly, keepDaily, keepWeekly, keepMonthly or keepYearly"
)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        pytest.param(
            {"keepWithin": "6mo"},
            "Value error, '6mo' is not a duration; write years, months, days or hours, such as 1y6m, 30d or 12h",
            id="months",
        ),
        pytest.param(
            {"keepWithin": "1d2d"},
            "Value error, '1d2d' is not a duration; write years, months, days or hours, such as 1y6m, 30d or 12h",
            id="unit-twice",
        ),
        pytest.param(
            {"keepWithin": 30},
            "Value error, 30 is not a duration; write years, months, days or hours, such as 1y6m, 30d or 12h",
            id="no-unit",
        ),
        pytest.param({"keepLast": -1}, "Input should be greater than or equal to 0", id="negative"),
        pytest.param(
            {"keepLast": 1, "guards": {"minVersions": 0}}, "Input should be greater than or equal to 1", id="no-floor"
        ),
        pytest.param(
            {"keepLast": 1, "pins": [{"id": True, "reason": "x"}]},
            "Value error, True is not the id of a version",
            id="pin-of-true",
        ),
    ],
)
def test_refused(section: dict[str, Any], message: str) -> None:
    """What cannot be a policy is refused in one clear sentence."""
    with pytest.raises(ValidationError) as refusal:
        RetentionSection.model_validate(section)
    assert [error["msg"] for error in refusal.value.errors()] == [message]


@pytest.mark.parametrize(
    ("section", "refused"),
    [
        pytest.param({}, True, id="empty"),
        pytest.param({"keepLast": 0, "keepDaily": 0, "keepWithin": "0d"}, True, id="all-zero"),
        pytest.param({"pins": [{"id": 1, "reason": "x"}], "prune": True}, True, id="only-pins"),
        pytest.param({"keepFailedWithin": "30d"}, True, id="only-failed"),
        pytest.param({"legalHold": {"reason": "case 4711", "by": "legal"}}, False, id="legal-hold"),
        pytest.param({"keepLast": 1}, False, id="one-rule"),
    ],
)
def test_a_policy_needs_a_rule(section: dict[str, Any], *, refused: bool) -> None:
    """A policy that keeps nothing is refused, once the dataset's profiles are merged in."""
    found = [complaint.summary for complaint in Retention().check_whole(RetentionSection.model_validate(section))]
    assert found == ([KEEPS_NOTHING] if refused else [])


def test_the_contract_s_example() -> None:
    """The example of the contract is read as it stands; what is silent has its default."""
    section = RetentionSection.model_validate(
        {
            "keepLast": 5,
            "keepWithin": "30d",
            "keepDaily": 7,
            "keepWeekly": 4,
            "keepMonthly": 12,
            "keepYearly": 7,
            "pins": [{"id": 3, "reason": "SOX baseline", "until": "2031-01-01"}],
            "legalHold": {"reason": "case 4711", "by": "legal@acme.example"},
            "prune": False,
            "activeData": "keep",
            "guards": {"minVersions": 1, "minAge": "7d", "maxDeletes": 25, "maxDeletePercent": 30},
        }
    )
    plain = RetentionSection.model_validate({"keepLast": 5})
    assert (plain.prune, plain.active_data, plain.guards.percent(9)) == (False, "keep", None)
    assert plain.guards.model_copy(update={"max_delete_percent": 30}) == section.guards
    assert [pin.id for pin in section.pins] == ["3"]


def test_a_version_pinned_twice() -> None:
    """Two pins on one version are a mistake in the manifest."""
    pins = [{"id": 3, "reason": "a"}, {"id": "3", "reason": "b"}]
    section = RetentionSection.model_validate({"keepLast": 1, "pins": pins})
    complaints = list(Retention().check(section, Capabilities(frozenset()), Directory()))
    assert [(item.path, item.code, item.summary) for item in complaints] == [
        (("pins", 0, "id"), "duplicate-item", "version 3 is pinned 2 times"),
        (("pins", 1, "id"), "duplicate-item", "version 3 is pinned 2 times"),
    ]
