"""An apply that was killed leaves no undo plan: the one that goes on with its plan undoes both, as far as it knows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

from reconciler.app.deeds import KILLED
from tests.campaigns import stage

from .bench import Bench, Json
from .conftest import Set
from .test_undo import governed, newest

TAGS = f"/api/data/ui/v3/datasources/{stage.identifier(0)}/tags"


def killed(it: Bench, without: Callable[[Json], bool] = lambda _: False) -> None:
    """As if the process had died before it could note its end, and what else it is `without`."""
    kept = [event for event in it.events() if event["event"] != "end" and not without(event)]
    it.journals[-1].write_text("".join(json.dumps(event) + "\n" for event in kept))
    shutil.rmtree(it.state / "undo", ignore_errors=True)


def of(facet: str, *kinds: str) -> Callable[[Json], bool]:
    """The lines of one facet's step."""
    return lambda event: event.get("facet") == facet and event["event"] in (kinds or {"intent", "again", "outcome"})


def planned(it: Bench) -> None:
    assert it.run("plan", "--out", "plan.json")[0] == 0


def undone(err: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("not-undone")]


def test_what_it_did_is_undone_with_the_rest(bench: Set) -> None:
    """It had come as far as the hand-over; columns, tags, grants and schedule were already in place."""
    it = bench(existing=1)
    before = governed(it)
    planned(it)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    assert it.apply("plan.json")[0] == 5
    killed(it, of("owner"))
    code, out, _ = it.apply("plan.json")
    assert (code, out) == (0, "Apply: 2 done, 5 already in place.\n")
    code, _, err = it.apply(str(newest(it)))
    assert (code, governed(it)) == (0, before), err


def test_what_several_steps_did_to_one_facet_is_undone(bench: Set) -> None:
    """It had given access and taken access away, each by a step of its own."""
    it = bench(existing=1)
    path, manifest = it.folder / "manifests/d0.yaml", it.manifest("d0")
    who = {"user:bot", "user:dee"}
    manifest["spec"] = {"permissions": [each for each in manifest["spec"]["permissions"] if each["principal"] in who]}
    path.write_text(json.dumps(manifest))
    before = governed(it)
    planned(it)
    assert it.apply("plan.json")[0] == 0
    killed(it)
    assert it.apply("plan.json")[:2] == (0, "Apply: 0 done, 2 already in place.\n")
    code, _, err = it.apply(str(newest(it)))
    assert (code, governed(it)) == (0, before), err


def test_what_it_may_have_done_is_named_and_left(bench: Set) -> None:
    """It was killed while it wrote the tags, which are there: nobody knows by whom."""
    it = bench(existing=1)
    before = governed(it)["d0"][0]
    planned(it)
    assert it.apply("plan.json")[0] == 0
    killed(it, of("tags", "outcome"))
    code, out, err = it.apply("plan.json")
    assert (code, out) == (0, "Apply: 0 done, 7 already in place.\n")
    why = f"{KILLED}, so nothing of it is undone"
    assert undone(err)[-1] == f'not-undone acme/d0.tags: {why}: + tag "gold"; + tag "n0"; - tag "old"'
    assert it.apply(str(newest(it)))[0] == 0
    assert governed(it)["d0"][0] == {**before, "tags": ["gold", "n0"]}


def test_what_somebody_else_did_before_the_rest_stays(bench: Set) -> None:
    """It was killed before it came to the tags; somebody has made them as they were to be."""
    it = bench(existing=1)
    before = governed(it)["d0"][0]
    planned(it)
    it.sandbox.faults.script("POST", TAGS, "401", times=1)
    assert it.apply("plan.json")[0] == 5
    killed(it, of("tags"))
    it.vendor("POST", TAGS, ["gold", "n0"])
    code, out, err = it.apply("plan.json")
    assert (code, [line for line in undone(err) if ".tags" in line]) == (0, []), out
    assert it.apply(str(newest(it)))[0] == 0
    assert governed(it)["d0"][0] == {**before, "tags": ["gold", "n0"]}


def test_what_no_undo_plan_will_have_is_named(bench: Set) -> None:
    """Somebody's change makes its plan stale, and the new plan is another one: of what was done before, it says so."""
    it = bench(existing=1)
    planned(it)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    assert it.apply("plan.json")[0] == 5
    killed(it, of("owner"))
    name = it.journals[-1].name
    shared = {"permissions": [{"id": "103", "type": "USER", "accessLevel": "CAN_EDIT"}], "sendEmail": False}
    it.vendor("POST", f"/api/data/v3/datasources/{stage.identifier(0)}/share", shared)
    assert it.apply("plan.json")[0] == 4
    sent = "schema alter, tags tag, permissions grant, schedule reschedule, retention prune"
    expected = (
        f"not-undone acme/d0: the apply of {name} was killed, and no undo plan takes back what it may have done: {sent}"
    )
    code, _, err = it.apply()
    assert (code, undone(err)) == (0, [expected])
    assert undone(it.apply()[2]) == []


def test_what_every_killed_try_did_is_named(bench: Set) -> None:
    """The second try had added the first one's lines to the log before it was killed; all that it sent was refused."""
    it = bench(existing=1)
    planned(it)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=2)
    for _ in range(2):
        assert it.apply("plan.json")[0] == 5
        killed(it)
    first = it.journals[0].name
    code, _, err = it.apply()
    assert (code, [line.partition(" was killed")[0] for line in undone(err)]) == (
        0,
        [f"not-undone acme/d0: the apply of {first}"],
    )


def test_what_ended_by_itself_was_not_killed(bench: Set) -> None:
    """The log could not be written; the undo plan could."""
    it = bench(existing=1)
    (it.state / "audit.jsonl").mkdir(parents=True)
    assert it.apply("--facet", "tags")[0] == 5
    (it.state / "audit.jsonl").rmdir()
    assert newest(it).exists()
    code, _, err = it.apply()
    assert (code, [line for line in undone(err) if "killed" in line]) == (0, [])


def test_it_is_named_although_nothing_is_left_to_apply(bench: Set) -> None:
    """Killed behind its last write: there is no plan to go on with."""
    it = bench(existing=1)
    assert it.apply("--facet", "tags")[0] == 0
    killed(it)
    code, out, err = it.apply("--facet", "tags")
    assert (code, out) == (0, "No changes. Live state matches the manifests.\n")
    assert [line.rpartition(": ")[2] for line in undone(err)] == ["tags tag"]


def test_what_it_created_is_said_to_stay(bench: Set) -> None:
    """No command deletes a dataset, and nothing takes its columns away."""
    it = bench(existing=0, new=1)
    planned(it)
    assert it.apply("plan.json")[0] == 0
    killed(it)
    assert it.apply("plan.json")[0] == 0
    assert not (it.state / "undo").exists()


def test_what_has_an_undo_plan_is_not_undone_twice(bench: Set) -> None:
    """A try that ended by itself, in part, has left one."""
    it = bench(existing=1)
    before = governed(it)
    planned(it)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=2)
    assert it.apply("plan.json")[0] == 5
    killed(it, of("owner"))
    assert it.apply("plan.json")[0] == 5
    first = newest(it)
    assert it.apply("plan.json")[0] == 0
    for each in (newest(it), first):
        code, _, err = it.apply(str(each))
        assert code == 0, err
    assert governed(it) == before
