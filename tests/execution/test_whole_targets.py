"""A failure that concerns the whole target: nothing further of it is begun, and that is said once."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Set


def test_a_refused_token_keeps_further_datasets_from_being_begun(bench: Set) -> None:
    """One failure, one line on what was not begun; the dataset in hand goes on as far as it gets."""
    it = bench(existing=4)
    it.sandbox.faults.script("POST", "*/schemas", "401", times=1)
    code, out, err = it.apply()
    assert code == 5
    assert out.splitlines()[-1] == "Apply: 4 done, 1 failed, 23 skipped."
    assert err.count("  failed  ") == 1
    assert "  skipped    21 steps of 3 datasets, not begun: acme/d0.schema alter failed\n" in err
    assert it.apply()[0] == 0
    it.assert_settled()


def test_keep_going_begins_them_all_the_same(bench: Set) -> None:
    """It is asked for by name."""
    it = bench(existing=4)
    it.sandbox.faults.script("POST", "*/schemas", "401", times=1)
    code, out, _ = it.apply("--keep-going")
    assert code == 5
    assert out.splitlines()[-1] == "Apply: 25 done, 1 failed, 2 skipped."


def test_a_failure_says_what_it_blocked_once(bench: Set) -> None:
    """The steps that need the failed one stand in its line, and nowhere else."""
    it = bench(existing=1)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    code, out, err = it.apply()
    assert code == 5
    assert out.splitlines()[-1] == "Apply: 5 done, 1 failed, 1 skipped."
    assert err.count("acme/d0.permissions revoke") == 1
    assert "Not begun because of it: acme/d0.permissions revoke." in err


def test_events_tell_machines_the_same(bench: Set) -> None:
    """One JSON line for each begin and end, also of what was not begun."""
    it = bench(existing=2)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    code, _, _ = it.apply("--events", "events.jsonl")
    told = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert (told[0]["event"], told[0]["steps"]) == ("apply-started", 14)
    assert told[-1] == {
        "event": "apply-ended",
        "at": told[-1]["at"],
        "exit": code,
        "states": {"done": 5, "refused": 1, "skipped": 8},
    }
    (failed,) = [event for event in told if event.get("state") == "refused"]
    assert (failed["step"], failed["code"], failed["blocks"]) == (
        "acme/d0.owner#transfer",
        "refused",
        ["acme/d0.permissions#revoke"],
    )
    begun = [event["step"] for event in told if event["event"] == "step-started"]
    ended = [event["step"] for event in told if event["event"] == "step-settled" and event["state"] != "skipped"]
    assert begun == ended
    assert {event["because"] for event in told if event.get("state") == "skipped"} == {"acme/d0.owner#transfer"}
