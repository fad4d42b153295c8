"""Who asks an apply to end gets what was sent settled, and nothing further sent."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.execution import creating
from reconciler.sandbox.exchange import Request
from tests.campaigns import stage
from tests.support.sent import writes

from .bench import Bench
from .conftest import Set

CREATE = "/api/data/v2/datasources"
PRUNE = {"keepLast": 2, "prune": True, "guards": {"minAge": "1d", "maxDeletes": 100, "maxDeletePercent": 100}}


def interrupting(it: Bench, count: int = 1) -> None:
    """At the first write somebody presses Ctrl-C, so many times."""
    left = [count]

    def press(request: Request) -> None:
        if writes(request) and left[0]:
            for _ in range(left[0]):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.1)
            left[0] = 0

    it.meanwhile.append(press)


def ending(it: Bench, strikes: Callable[[Request], bool]) -> None:
    """The first request of an apply that `strikes` is turned away for an hour; a moment later somebody asks to end."""

    def strike(request: Request) -> None:
        if (it.state / "lock.acme").exists() and strikes(request):
            it.meanwhile.clear()
            it.sandbox.faults.script(request.method, request.path, "429-huge")
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    it.meanwhile.append(strike)


def wanting(name: str, spec: dict[str, object]) -> None:
    path = Path(f"manifests/{name}.yaml")
    path.write_text(json.dumps({**json.loads(path.read_text()), "spec": spec}))


def versions(it: Bench) -> int:
    (found,) = stage.end_state(it.sandbox)["d0"]
    return len(found["versions"])


def test_no_further_part_of_a_prune_is_begun(bench: Set) -> None:
    """Forty versions are to go, ten at a time; the first ten went, and the next apply goes on with the others."""
    it = bench()
    seed = stage.seed(stage.Extent(1, 0))
    (dataset,) = seed["domo"]["datasets"]
    day = {"schemaId": 1, "uploadStatus": "success"}
    dataset["versions"] = [{**day, "dataId": n, "recordedDate": f"2026-01-01T00:{n:02}:00Z"} for n in range(1, 43)]
    it.sandbox.seed(seed)
    wanting("d0", {"retention": PRUNE})
    interrupting(it)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], versions(it)) == (130, "Apply: 0 done, 1 failed.", 32), err
    assert "acme/d0.retention prune: interrupted: it was ended; 10 of 40 were done before" in err
    assert it.events()[-1]["state"] == "interrupted"
    assert " acme/d0 retention prune partly  " in it.run("audit", "show")[1]
    assert it.run("apply", "--resume")[0] == 0
    assert versions(it) == 2
    it.assert_settled()


def seeded(it: Bench, **members: object) -> None:
    """The one dataset, with `members` as they are."""
    seed = stage.seed(stage.Extent(1, 0))
    seed["domo"]["datasets"][0] |= members
    it.sandbox.seed(seed)


D0 = stage.identifier(0)
BO = stage.USERS["bo"]
ENTRY = f"DELETE /api/data/v3/datasources/{D0}/permissions/USER"
TAGS = f"/api/data/ui/v3/datasources/{D0}/tags"
ALLOWED = [f"--allow={guard}@acme/d0" for guard in ("too-many-revocations", "live-data-deleted")]
INDEXES = f"/api/data/v3/datasources/{D0}/indexes"
BOT = {"type": "USER", "id": stage.BOT, "accessLevel": "CO_OWNER"}
CROWD = [{"type": "USER", "id": str(number), "accessLevel": "CAN_VIEW"} for number in range(200, 230)]
DAYS = [f"2020-01-{day:02}" for day in range(1, 9)]
RECORDED = {"schemaId": 1, "uploadStatus": "success", "recordedDate": "2026-01-01T00:00:00Z"}
PARTITIONED: dict[str, object] = {
    "versions": [{**RECORDED, "dataId": n, "partition": day} for n, day in enumerate(DAYS, start=1)],
    "partitions": [
        {"partitionId": day, "dataId": n, "dateCompleted": "2026-01-01T00:00:00Z", "rowCount": 1}
        for n, day in enumerate(DAYS, start=1)
    ],
}
SPECS: dict[str, tuple[str, dict[str, object], dict[str, object], list[str], str]] = {
    "revocations": (
        "observed",
        {"permissions": [BOT, *CROWD]},
        {"permissions": [{"principal": "user:bot", "access": "CO_OWNER"}]},
        [f"{ENTRY}/200"],
        "permissions revoke: interrupted: it was ended; 1 of 30 were done before",
    ),
    "tags that are taken away by an endpoint of their own": (
        "documented",
        {"tags": ["a", "b"]},
        {"tags": ["c"]},
        [f"DELETE {TAGS}"],
        "tags tag: interrupted: it was ended; 2 of 3 were done before",
    ),
    "tags that are taken away in bulk": (
        "observed,tags_post=adds",
        {"tags": ["a", "b"]},
        {"tags": ["c"]},
        [f"POST {TAGS}"],
        "tags tag: interrupted: it was ended; 1 of 3 were done before",
    ),
    "properties": (
        "observed",
        {},
        {"properties": {"description": "All of them", "providerType": "csv"}},
        [f"PUT /api/data/v3/datasources/{D0}/properties"],
        "properties describe: interrupted: it was ended; 1 of 2 were done before",
    ),
    "partitions": (
        "observed",
        PARTITIONED,
        {"retention": {**PRUNE, "activeData": "delete"}},
        # What is left of its rows is in the live data until the next index.
        [
            f"DELETE /api/query/v1/datasources/{D0}/tag/{DAYS[0]}/data",
            f"POST /api/data/v3/datasources/{D0}/indexes",
        ],
        "retention prune: interrupted: it was ended",
    ),
}
"""World, what the dataset is, what it should be; what is sent, and what is told."""


@pytest.mark.parametrize("case", SPECS)
def test_a_write_of_many_requests_ends_before_the_next_one(case: str, bench: Set) -> None:
    """The one in flight is settled; the next apply does the others."""
    world, live, spec, sent, told = SPECS[case]
    it = bench(world=world)
    seeded(it, **live)
    wanting("d0", spec)
    interrupting(it)
    code, out, err = it.apply(*ALLOWED)
    assert (code, out.splitlines()[-1], it.writes()) == (130, "Apply: 0 done, 1 failed.", sent), err
    assert f"acme/d0.{told}\n" in err
    assert [event["state"] for event in it.events() if "state" in event] == ["partly", "interrupted"]
    assert " partly  " in it.run("audit", "show")[1]
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


@pytest.mark.parametrize(("fault", "code"), [("429", 130), ("503", 5), ("lost", 5)])
def test_what_went_before_a_request_that_failed_is_indexed_too(fault: str, code: int, bench: Set) -> None:
    """The first partition is gone with its tag, and of the second one's data nothing or nobody knows what went."""
    it = bench()
    seeded(it, **PARTITIONED)
    wanting("d0", {"retention": {**PRUNE, "activeData": "delete"}})
    second = f"/api/query/v1/datasources/{D0}/tag/{DAYS[1]}/data"
    it.sandbox.faults.script("DELETE", second, fault)

    def press(request: Request) -> None:
        if request.path == second:
            os.kill(os.getpid(), signal.SIGINT)

    it.meanwhile.append(press)
    assert it.apply(*ALLOWED)[0] == code
    assert it.writes()[-2:] == [f"DELETE {second}", f"POST /api/data/v3/datasources/{D0}/indexes"]
    it.meanwhile.clear()
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


@pytest.mark.parametrize("index", ["", "401"])
def test_what_went_before_a_request_that_is_given_up_is_indexed_too(index: str, bench: Set) -> None:
    """A sign-in page is borne three times behind what was done; queries would see the rows of the first partition."""
    it = bench()
    seeded(it, **PARTITIONED)
    wanting("d0", {"retention": {**PRUNE, "activeData": "delete"}})
    second = f"/api/query/v1/datasources/{D0}/tag/{DAYS[1]}/data"
    it.sandbox.faults.script("DELETE", second, "html", times=4)
    if index:
        it.sandbox.faults.script("POST", INDEXES, index)
    code, _, err = it.apply(*ALLOWED)
    assert (code, it.writes()[-5:]) == (5, [*[f"DELETE {second}"] * 4, f"POST {INDEXES}"])
    told = f"outcome-unknown: target acme answered DELETE {second} with a web page"
    more = f"; then the token of target acme was refused (401 at POST {INDEXES})" if index else ""
    assert f"{told}{more}; 1 of 6 were done before\n" in err
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


@pytest.mark.parametrize(("fault", "expected"), [("429", (130, "1 failed")), ("503", (5, "1 uncertain"))])
@pytest.mark.parametrize("presses", [1, 2])
def test_a_write_that_failed_is_not_made_anew(fault: str, expected: tuple[int, str], presses: int, bench: Set) -> None:
    """It is read whether it took effect. 130 says that all is settled: what may still be on its way is not."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    interrupting(it, presses)
    it.sandbox.faults.script("POST", "*/tags", fault, times=20)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (expected[0], f"Apply: 0 done, {expected[1]}."), err
    assert len(it.writes()) == 1
    assert time.monotonic() - begun < 3
    it.sandbox.faults = type(it.sandbox.faults)()
    assert it.run("apply", "--resume")[0] == 0


def test_a_write_that_took_effect_is_done(bench: Set) -> None:
    """Its answer was lost; reading tells."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    interrupting(it)
    it.sandbox.faults.script("POST", "*/tags", "lost")
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], len(it.writes())) == (0, "Apply: 1 done.", 1), err


def test_columns_that_were_accepted_are_indexed(bench: Set) -> None:
    """Before, nobody sees them: the index finishes what was sent, and changes nothing more."""
    it = bench(world="documented,schema_visible=after_index")
    wanting("d0", {"schema": {"columns": [{"name": "a", "type": "LONG"}, {"name": "b", "type": "STRING"}]}})
    interrupting(it)
    code, out, err = it.apply()
    sent = [f"POST /api/data/v2/datasources/{D0}/schemas", f"POST /api/data/v3/datasources/{D0}/indexes"]
    assert (code, out.splitlines()[-1], it.writes()) == (0, "Apply: 1 done.", sent), err


@pytest.mark.parametrize("rival", [False, True])
def test_of_what_was_not_begun_no_log_says_that_we_did_it_or_were_refused(bench: Set, *, rival: bool) -> None:
    """Nor when the process is killed: its journal has what was about to be sent, and the next apply reads it."""
    it = bench()
    wanting("d0", {"owner": "user:bo"})

    def press(_: Request) -> None:
        """Somebody does so behind the intent, when a `rival` has just handed the dataset over."""
        if it.journals and it.events()[-1]["event"] == "intent":
            it.meanwhile.clear()
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
            if rival:
                it.vendor("PUT", f"/api/data/v2/datasources/{D0}/responsibleUsers", {"responsibleUserId": BO})
                it.sandbox.clear_requests()

    it.meanwhile.append(press)
    code, out, _ = it.apply()
    assert (code, out.splitlines()[-1]) == (130, "Apply: 0 done, 1 failed.")
    assert (it.writes(), it.run("audit", "show")[1]) == ([], "Nothing.\n")
    (journal,) = it.journals
    journal.write_text("".join(f"{json.dumps(event)}\n" for event in it.events() if event["event"] != "end"))
    code, _, err = it.apply("--facet", "tags")
    assert (code, it.run("audit", "show")[1], "not-undone" in err) == (0, "Nothing.\n", False)


def test_a_creation_that_was_turned_away_is_not_sent_again(bench: Set) -> None:
    """It would be sent as it was, for it is known not to have been made."""
    it = bench(existing=0, new=1)
    interrupting(it)
    it.sandbox.faults.script("POST", CREATE, "429")
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (130, "Apply: 0 done, 1 failed, 4 skipped."), err
    assert "acme/new0.schema create: interrupted: it was ended\n" in err
    assert (it.writes(), it.named("new0")) == ([f"POST {CREATE}"], [])
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


def test_a_creation_that_was_not_made_is_not_sent_anew(bench: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list tells that it is not there; the next apply makes it."""
    monkeypatch.setattr(creating, "TOO_EARLY", 0.0)
    it = bench(existing=0, new=1)
    interrupting(it)
    it.sandbox.faults.script("POST", CREATE, "html")
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (130, "Apply: 0 done, 1 failed, 4 skipped."), err
    assert it.writes() == [f"POST {CREATE}"]
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


WAITING: dict[str, tuple[Callable[[Request], bool], str]] = {
    "a write that was turned away": (writes, "Apply: 0 done, 1 failed."),
    "a look before a write": (lambda request: not writes(request), "Apply: 0 done, 1 failed."),
}


@pytest.mark.parametrize("case", WAITING)
def test_nobody_waits_for_what_will_not_be_sent(case: str, bench: Set) -> None:
    """The target asks for an hour's patience; who stops processes has seconds."""
    strikes, said = WAITING[case]
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    ending(it, strikes)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], time.monotonic() - begun < 5) == (130, said, True), err
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


@pytest.mark.parametrize("strikes", [writes, lambda request: not writes(request)], ids=["sent", "before"])
def test_nobody_waits_for_a_creation_that_will_not_be_sent(strikes: Callable[[Request], bool], bench: Set) -> None:
    """Nor for the list that it would be told from."""
    it = bench(existing=0, new=1)
    ending(it, strikes)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (130, "Apply: 0 done, 1 failed, 4 skipped."), err
    assert time.monotonic() - begun < 5
    assert (it.run("apply", "--resume")[0], len(it.named("new0"))) == (0, 1)
    it.assert_settled()


def test_a_write_that_waits_for_its_turn_ends_with_the_others(bench: Set) -> None:
    """One dataset is turned away, and the whole target waits."""
    it = bench(existing=4)
    for number in range(4):
        wanting(f"d{number}", {"tags": ["gold"]})
    ending(it, writes)
    begun = time.monotonic()
    assert it.apply()[0] == 130
    assert time.monotonic() - begun < 5
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


def test_a_saved_plan_that_is_still_compared_ends_before_anything_is_begun(bench: Set) -> None:
    """So it is as good as before."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    assert it.run("plan", "--out", "plan.json")[0] == 0
    ending(it, lambda request: not writes(request))
    begun = time.monotonic()
    code, _, err = it.run("apply", "plan.json")
    assert (code, time.monotonic() - begun < 5, it.writes()) == (130, True, [])
    assert err.splitlines()[-2:] == [
        "interrupted: it was ended before anything was begun",
        "  Nothing was written. Apply again.",
    ]
    assert it.run("apply", "plan.json")[0] == 0
    it.assert_settled()


def test_a_lost_write_is_waited_for_although_it_is_to_end(bench: Set) -> None:
    """Only reading tells what became of it."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    interrupting(it)
    it.sandbox.faults.script("POST", TAGS, "lost")
    it.sandbox.faults.script("GET", f"/api/data/v3/datasources/{D0}", "429-after", after=2)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], len(it.writes())) == (0, "Apply: 1 done.", 1), err
    assert time.monotonic() - begun > 1


def test_what_is_indexed_for_long_is_waited_for_a_moment_only(bench: Set) -> None:
    """It was accepted, and nobody claims that it is done; the next apply has it indexed again, and waits for it."""
    it = bench(world="documented,schema_visible=after_index,work_seconds=8")
    wanting("d0", {"schema": {"columns": [{"name": "a", "type": "LONG"}, {"name": "b", "type": "STRING"}]}})
    interrupting(it)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 uncertain."), err
    assert time.monotonic() - begun < 6
    told = "what was written was accepted and is still being indexed; it was ended before that was done"
    assert f"  uncertain  acme/d0.schema alter: outcome-unknown: {told}\n" in err
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


def test_a_copy_that_takes_long_is_waited_for_a_moment_only(bench: Set) -> None:
    """There is a dataset, and its id is not lost."""
    it = bench(existing=0, new=1, world="documented,work_seconds=8")
    interrupting(it)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 uncertain, 4 skipped."), err
    assert time.monotonic() - begun < 6
    told = "Domo created the dataset and its copy is still being made; it was ended before that was done"
    assert f"outcome-unknown: it was written, and could not be read back: {told}\n" in err
    assert it.manifest("new0")["metadata"]["id"] in it.named("new0")
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()


def test_of_a_write_that_was_lost_it_is_told_how_although_the_next_one_was_ended(bench: Set) -> None:
    """That it was ended says nothing about the one before, of which nobody knows."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    it.sandbox.faults.script("POST", TAGS, "503")
    left = [2]

    def press(request: Request) -> None:
        """As the look behind the lost write has been answered."""
        left[0] -= writes(request) or (left[0] == 1)
        if not left[0]:
            it.meanwhile.clear()
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)

    it.meanwhile.append(press)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], len(it.writes())) == (5, "Apply: 0 done, 1 uncertain.", 1), err
    assert f"outcome-unknown: target acme failed at POST {TAGS} (503)\n" in err
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()
