"""A saved plan is applied as it was reviewed, or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from .campaign import MUTATIONS, STALE, UNRELATED, Stage, mutated


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", "")
    found = Stage()
    yield found
    found.close()


def test_no_mutated_plan_writes_anything(stage: Stage) -> None:
    """Two of each mutation; `python -m tests.planning.campaign 500` is the whole campaign."""
    verdicts = mutated(stage, 2 * len(MUTATIONS))
    assert [verdict for verdict in verdicts if not verdict.good] == []


@pytest.mark.parametrize("motion", STALE)
def test_a_plan_whose_ground_moved_is_refused_by_name(stage: Stage, motion: str) -> None:
    """Exit 4, the object and how it moved; nothing is written, by the rest of the plan either."""
    *request, said = STALE[motion]
    stage.vendor(*request)
    before = stage.writes()
    verdict = stage.apply(motion, stage.plan)
    assert (verdict.code, stage.writes() - before) == (4, 0), verdict
    assert said in verdict.told


@pytest.mark.parametrize("motion", UNRELATED)
def test_a_plan_is_not_disturbed_by_unrelated_motion(stage: Stage, motion: str) -> None:
    """What no step touches may move, on the same facet, too."""
    stage.vendor(*UNRELATED[motion])
    assert stage.apply(motion, stage.plan).code == 0


def test_a_plan_is_applied_once(stage: Stage) -> None:
    """The second time it is refused before anything is read."""
    assert stage.apply("first", stage.plan).code == 0
    verdict = stage.apply("second", stage.plan)
    assert (verdict.code, verdict.wrote) == (4, 0)
    assert "plan-used: this plan was applied before" in verdict.told


def test_a_plan_file_is_for_its_owner_and_holds_no_token(stage: Stage) -> None:
    """Mode 0600, whatever the umask; the token is in no byte of it."""
    before = os.umask(0)
    try:
        assert stage.run("plan", "--out", "plan.json")[0] == 0
    finally:
        os.umask(before)
    path = Path("plan.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.environ["DOMO_TOKEN"] not in path.read_text("utf-8")


def test_each_step_carries_what_just_its_elements_must_be(stage: Stage) -> None:
    """The precondition names the elements that the step touches, and no other."""
    for step in stage.plan["steps"]:
        keys = {change["key"] for change in step["changes"]}
        keys |= {
            change["before"]["name"] for change in step["changes"] if step["facet"] == "schema" and change["before"]
        }
        assert set(step["precondition"]) == keys


@pytest.mark.parametrize("command", ["apply", "show"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "nothing"])
def test_what_is_no_file_is_told_in_one_sentence(stage: Stage, command: str, kind: str) -> None:
    """No traceback, and no waiting for a pipe that nobody writes to."""
    if kind == "folder":
        Path("odd").mkdir()
    elif kind == "pipe":
        os.mkfifo("odd")
    code, told = stage.run(command, "odd")
    assert code == 1
    assert told.startswith("Error:\nplan-unreadable: odd cannot be used as a plan: ")
