"""A write that fails for a while is made anew from what is found then, never sent again as it was (T10)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import jsontext
from reconciler.sandbox.exchange import Request
from tests.campaigns import stage

from .bench import Bench
from .conftest import Set

Json = dict[str, Any]
ADMIN = {"x-domo-developer-token": "admin-token", "content-type": "application/json"}
D0 = stage.identifier(0)
STREAM, TAGS = "/api/data/v1/streams/500", f"/api/data/ui/v3/datasources/{D0}/tags"
SCHEMAS, SHARE = f"/api/data/v2/datasources/{D0}/schemas", f"/api/data/v3/datasources/{D0}/share"
WRITES = {
    "schema": ("POST", SCHEMAS),
    "tags": ("POST", TAGS),
    "share": ("POST", SHARE),
    "revoke": ("DELETE", f"/api/data/v3/datasources/{D0}/permissions/USER/100"),
    "owner": ("PUT", f"/api/data/v2/datasources/{D0}/responsibleUsers"),
    "schedule": ("PUT", STREAM),
    "retention": ("DELETE", f"/api/data/v2/datasources/{D0}/dataversions"),
}
"""Every kind of write of an apply."""
DONE = {
    "owner": "101",
    "tags": ["gold", "n0"],
    "columns": [("a", "LONG"), ("b", "STRING")],
    "access": [
        ("USER", "100", "CO_OWNER"), ("USER", "101", "OWNER"), ("USER", "102", "CAN_VIEW"),
        ("USER", "103", "CAN_VIEW"), ("USER", "900", "CO_OWNER"),
    ],
    "versions": ["2", "3"],
    "schedule": ({"type": "DAY", "at": "06:00 AM", "timezone": "UTC"}, "ACTIVE"),
}  # fmt: skip
"""What a dataset is in the end, when nobody else is there."""


def meanwhile(it: Bench, facet: str, body: object, fault: str = "429-after") -> None:
    """The first write of a facet fails; when it arrives, somebody else has just sent `body` there."""
    method, path = WRITES[facet]
    left = [Request(method, path, headers=ADMIN, body=jsontext.write(body).encode())]

    def send(request: Request) -> None:
        if left and (request.method, request.path) == (method, path):
            answer = it.sandbox.respond(left.pop())
            assert answer.status == 200, answer
            it.sandbox.faults.script(method, path, fault)

    it.meanwhile.append(send)


def state(it: Bench) -> Json:
    (found,) = stage.end_state(it.sandbox)["d0"]
    return dict(found)


def stream(it: Bench) -> Json:
    return dict(it.sandbox.snapshot()["domo"]["stream"]["500"])


@pytest.mark.parametrize("world", ["observed", "documented"])
@pytest.mark.parametrize("fault", ["429-after", "500", "lost"])
def test_every_kind_of_write_is_done_in_the_end(fault: str, world: str, bench: Set) -> None:
    """Each fails once."""
    it = bench(world=world)
    for method, path in WRITES.values():
        it.sandbox.faults.script(method, path, fault)
    code, out, _ = it.apply()
    assert (code, out.splitlines()[-1]) == (0, "Apply: 7 done.")
    assert {**state(it), "access": DONE["access"]} == DONE
    it.assert_settled()


@pytest.mark.parametrize("fault", ["429-after", "500"])
def test_what_somebody_changed_in_a_stream_stays(fault: str, bench: Set) -> None:
    """A stream is written back whole: as it is after the wait."""
    it = bench()
    theirs = {**stream(it), "configuration": [{"streamId": 500, "name": "q", "value": "2"}], "updateMethod": "APPEND"}
    meanwhile(it, "schedule", theirs, fault)
    assert it.apply()[0] == 0
    now = stream(it)
    assert [now[name] for name in ("configuration", "updateMethod")] == [theirs["configuration"], "APPEND"]
    # Where runs append, all versions are the live data; the second look spares them.
    assert state(it) == {**DONE, "versions": ["1", "2", "3"]}


@pytest.mark.parametrize("fault", ["429-after", "lost"])
@pytest.mark.parametrize("world", ["observed", "documented"])
def test_a_column_that_somebody_added_stays(world: str, fault: str, bench: Set) -> None:
    """Columns are written as a whole list. Of an answer that was lost, reading tells whether it was taken."""
    it = bench(world=world)
    columns = [{"name": name, "id": name, "type": "LONG", "visible": True, "order": 0} for name in ("a", "theirs")]
    meanwhile(it, "schema", {"columns": columns}, fault)
    assert it.apply()[0] == 0
    expected = {
        "429-after": [("a", "LONG"), ("b", "STRING"), ("theirs", "LONG")],
        # It was taken, in the moment after somebody's.
        "lost": [("a", "LONG"), ("b", "STRING")],
    }
    assert state(it)["columns"] == expected[fault]
    assert it.writes().count(f"POST {SCHEMAS}") == {"429-after": 3, "lost": 2}[fault]


def test_a_tag_that_somebody_added_is_looked_at_anew(bench: Set) -> None:
    """An authoritative list has no place for it, and the plan did not say so: it stays, and a new plan shows it."""
    it = bench()
    meanwhile(it, "tags", ["old", "theirs"])
    assert it.apply()[0] == 0
    assert state(it)["tags"] == ["gold", "n0", "theirs"]
    assert '- tag "theirs"' in it.run("plan")[1]


def test_what_somebody_changed_is_not_changed_back(bench: Set) -> None:
    """The plan was made on another level, and says nothing about this one."""
    it = bench()
    entry = {"id": "102", "type": "USER", "accessLevel": "CAN_SHARE"}
    meanwhile(it, "share", {"permissions": [entry], "sendEmail": False})
    code, _, err = it.apply()
    assert code == 5
    assert ("USER", "102", "CAN_SHARE") in state(it)["access"]
    (failed,) = [line for line in err.splitlines() if "  failed  " in line]
    moved = "live state moved since the plan was made: user:cy CAN_EDIT -> CAN_VIEW (found: user:cy CAN_SHARE)"
    assert failed == f"  failed     acme/d0.permissions revoke: moved-since-plan: {moved}"


def test_the_journal_tells_what_each_attempt_was_made_from(bench: Set) -> None:
    """Before it is sent."""
    it = bench()
    meanwhile(it, "tags", ["old", "theirs"])
    assert it.apply()[0] == 0
    told = [event for event in it.events() if event.get("facet") == "tags"]
    assert [(event["event"], event.get("before"), event.get("because")) for event in told] == [
        ("intent", ["old"], None),
        ("again", ["old", "theirs"], f"target acme is asked too fast and asks to wait 1 s (429 at POST {TAGS})"),
        # Of the first attempt nothing is there: what came meanwhile is not our work.
        ("outcome", ["old", "theirs"], None),
    ]
    assert told[0]["changes"] == told[1]["changes"]
