"""A plan that waited is not applied where what it rests on has ended meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.app.lapsed import check_lapsed
from reconciler.app.saved import read_saved
from reconciler.app.workspaces import open_workspace
from tests.campaigns import stage

from .bench import Bench
from .test_undo import newest

Change = Callable[[dict[str, Any]], object]


def day(ago: int = 0) -> date:
    """Today in UTC, or so many days ago; as late as can be, for a run of all tests may go on past midnight."""
    return datetime.now(UTC).date() - timedelta(days=ago)


def waited(it: Bench, change: Change) -> tuple[int, str]:
    """Apply a plan that was made yesterday, of a manifest that `change` has changed."""
    path, manifest = Path("manifests/d0.yaml"), it.manifest("d0")
    change(manifest)
    path.write_text(json.dumps(manifest))
    assert it.run("plan", "--as-of", str(day(1)), "--out", "plan.json")[0] == 0
    plan = json.loads(Path("plan.json").read_text())
    plan["created_at"] = f"{day(1)}T12:00:00+00:00"
    Path("plan.json").write_text(json.dumps(plan))
    code, _, err = it.run("apply", "plan.json")
    return code, err


def until(last_day: object) -> Change:
    """The grant to dee ends."""

    def change(manifest: dict[str, Any]) -> None:
        (dee,) = (grant for grant in manifest["spec"]["permissions"] if grant["principal"] == "user:dee")
        dee["expires"] = str(last_day)

    return change


def allowed(last_day: object) -> Change:
    """A column goes, and an entry allows it."""

    def change(manifest: dict[str, Any]) -> None:
        manifest["spec"]["schema"]["columns"] = [{"name": "b", "type": "STRING"}]
        manifest["metadata"]["allow"] = [{"guard": "column-dropped", "reason": "DATA-1", "until": str(last_day)}]

    return change


def test_a_grant_that_ended_meanwhile_is_not_given(bench: Callable[..., Bench]) -> None:
    """It was reviewed for days that have passed; the next plan would take it back."""
    it = bench(existing=1)
    code, err = waited(it, until(day(1)))
    assert (code, it.writes()) == (4, [])
    assert f"plan-stale the grant to user:dee ended on {day(1)}, after the plan was made" in err


def test_what_was_allowed_until_yesterday_is_not_done_today(bench: Callable[..., Bench]) -> None:
    """The guard that it lifted holds again."""
    it = bench(existing=1)
    code, err = waited(it, allowed(day(1)))
    assert (code, it.writes()) == (4, [])
    assert f"plan-stale the allow entry for column-dropped ended on {day(1)}, after the plan was made" in err


@pytest.mark.parametrize("change", [until, allowed], ids=["a grant", "an entry"])
def test_a_last_day_is_one_of_its_days(change: Callable[[date], Change], bench: Callable[..., Bench]) -> None:
    """What ends today is given today."""
    it = bench(existing=1)
    code, err = waited(it, change(day()))
    assert (code, it.writes() != []) == (0, True), err


def test_a_grant_that_ended_is_not_given_for_good(bench: Callable[..., Bench]) -> None:
    """An additive list would not take it back."""

    def additive(manifest: dict[str, Any]) -> None:
        until(day(1))(manifest)
        manifest["spec"]["permissions"] = {"mode": "additive", "grants": manifest["spec"]["permissions"]}

    code, err = waited(bench(existing=1), additive)
    assert (code, "plan-stale the grant to user:dee ended" in err) == (4, True), err


def test_what_is_not_given_may_have_ended(bench: Callable[..., Bench]) -> None:
    """Of another grant in the list the plan says nothing; the next plan takes it back."""
    it = bench(existing=1)
    shared = {"permissions": [{"id": "103", "type": "USER", "accessLevel": "CAN_VIEW"}], "sendEmail": False}
    it.vendor("POST", f"/api/data/v3/datasources/{stage.identifier(0)}/share", shared)
    code, err = waited(it, until(day(1)))
    assert (code, it.writes() != []) == (0, True), err


@pytest.mark.parametrize("change", [until, allowed], ids=["a grant", "an entry"])
def test_taking_back_rests_on_nothing_that_ended(change: Callable[[date], Change], bench: Callable[..., Bench]) -> None:
    """An undo plan cannot be made anew."""
    it = bench(existing=1)
    assert waited(it, change(day()))[0] == 0
    undo = read_saved(newest(it)).plan
    assert undo.changed
    check_lapsed(undo, open_workspace(it.folder), day(), day(-1))
