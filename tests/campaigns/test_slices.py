"""A slice of each campaign, so that the whole ones do not rot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import faults, kill, rivals, stage
from tests.campaigns.guillotine import Fall


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOMO_TOKEN", stage.TOKEN)


SMALL = stage.Extent(existing=1, new=1)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> kill.Right:
    return kill.right_end(tmp_path_factory.mktemp("right"), SMALL)


@pytest.mark.parametrize(("n", "point"), [(2, "in flight"), (8, "in flight"), (11, "noted")])
def test_a_killed_apply_is_gone_on_with(n: int, point: str, right: kill.Right, tmp_path: Path) -> None:
    """A write, a creation, the last step: one more apply, nothing twice, at most one write sent again."""
    assert right.writes == 11
    verdict = kill.one([Fall(n, point)], right, tmp_path)
    assert (verdict.killed, verdict.wrong, verdict.duplicates, verdict.applies) == (1, "", 0, 1)
    assert verdict.repeated <= 1


def test_applies_that_go_on_may_be_killed_as_well(right: kill.Right, tmp_path: Path) -> None:
    """Three kills in a row, and the fourth apply ends it: at most one write sent again for each."""
    verdict = kill.one([Fall(3, "in flight"), Fall(2, "unsent"), Fall(3, "noted")], right, tmp_path)
    assert (verdict.killed, verdict.applies, verdict.bad) == (3, 1, False), verdict


def test_three_in_ten_requests_may_fail(tmp_path: Path) -> None:
    """Right in the end, nothing twice, few requests more than the faults cost."""
    (verdict,) = faults.campaign(1, 0.3, 5, tmp_path, faults.QUICK, SMALL)
    assert (verdict.wrong, verdict.duplicates) == ("", 0)
    assert verdict.requests <= 1.6 * verdict.faultless


@pytest.mark.parametrize("kill_one", [False, True], ids=["left alone", "killed"])
def test_of_four_applies_at_once_one_works(kill_one: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """The others learn who does; once that one is killed, the next gets the lock at once."""
    verdict = rivals.one(tmp_path, kill=kill_one)
    assert not rivals.bad(verdict), verdict
