"""What somebody else does while our write is turned away is his: not in our name, and not taken back by us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.app.accesshistory import Query, known_on
from reconciler.app.auditlog import lines
from reconciler.sandbox import jsontext
from reconciler.sandbox.exchange import Request
from tests.campaigns import stage

from .bench import Bench
from .conftest import Set

Json = dict[str, Any]
ADMIN = {"x-domo-developer-token": "admin-token", "content-type": "application/json"}
SHARE = f"/api/data/v3/datasources/{stage.identifier(0)}/share"
ENTRY = f"/api/data/v3/datasources/{stage.identifier(0)}/permissions/USER"
BOT = {"principal": "user:bot", "access": "CO_OWNER"}


def wanted(*grants: Json) -> None:
    """The one manifest is about access alone."""
    path = Path("manifests/d0.yaml")
    path.write_text(json.dumps({**json.loads(path.read_text()), "spec": {"permissions": [BOT, *grants]}}))


def rival(it: Bench, method: str, path: str, body: Json | None, fault: str) -> None:
    """When our first grant arrives, somebody has just sent something of his own; ours is not handled."""
    left = [Request(method, path, headers=ADMIN, body=b"" if body is None else jsontext.write(body).encode())]

    def send(request: Request) -> None:
        if left and (request.method, request.path) == ("POST", SHARE):
            assert it.sandbox.respond(left.pop()).status < 300
            it.sandbox.faults.script("POST", SHARE, fault)

    it.meanwhile.append(send)


def shared(principal: str, access: str) -> Json:
    return {"permissions": [{"id": principal, "type": "USER", "accessLevel": access}], "sendEmail": False}


def told(it: Bench) -> list[tuple[str, bool]]:
    """The state of each line of the audit log, and whether anything is different behind it."""
    return [(line["state"], line["before"] != line["after"]) for line in lines(it.state)]


def test_a_revocation_of_somebody_else_is_not_undone(bench: Set) -> None:
    """We were to lower cy's level and were turned away; meanwhile he lost all access."""
    it = bench()
    wanted({"principal": "user:cy", "access": "CAN_VIEW"})
    rival(it, "DELETE", f"{ENTRY}/102", None, "429")
    code, _, err = it.apply()
    assert (code, "Undo:" in err, (it.state / "undo").exists()) == (5, False, False)
    assert told(it) == [("refused", False)]


def test_what_somebody_else_gave_is_not_in_our_name(bench: Set) -> None:
    """Neither in the log of what was done, nor where it says who has access since when."""
    it = bench()
    wanted({"principal": "user:cy", "access": "CAN_VIEW"})
    rival(it, "POST", SHARE, shared("102", "CO_OWNER"), "429")
    assert it.apply()[0] == 5
    assert told(it) == [("refused", False)]
    (known,) = known_on(lines(it.state), Query(), datetime.now(UTC))
    assert {each.principal: (each.level, each.by) for each in known.held}["user:cy"] == ("CO_OWNER", None)


@pytest.mark.parametrize("fault", ["429", "401"])
def test_a_grant_that_somebody_else_made_stays_his(fault: str, bench: Set) -> None:
    """Ours was refused, and just that is there: said to be there, said to be refused, and not undone."""
    it = bench()
    wanted({"principal": "user:dee", "access": "CAN_VIEW"}, {"principal": "user:cy", "access": "CAN_EDIT"})
    rival(it, "POST", SHARE, shared("103", "CAN_VIEW"), fault)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (0, "Apply: 0 done, 1 already in place.")
    (line,) = [line for line in err.splitlines() if "  already  " in line]
    assert line.startswith(
        "  already    acme/d0.permissions grant: refused, and there all the same, so it is not undone"
    )
    assert not (it.state / "undo").exists()
    assert told(it) == [("refused", False)]
    assert [event["state"] for event in it.events() if event["event"] == "outcome"] == ["refused"]
    it.assert_settled()


def test_what_is_neither_as_it_was_nor_as_planned_is_left_and_named(bench: Set) -> None:
    """The answer was lost, so what is there may be ours, by some quirk of the vendor's, or somebody's."""
    it = bench()
    wanted({"principal": "user:cy", "access": "CAN_VIEW"})
    rival(it, "POST", SHARE, shared("102", "CAN_SHARE"), "500")
    code, _, err = it.apply()
    assert (code, (it.state / "undo").exists()) == (5, False)
    why = "this is neither as it was nor as planned, and nobody knows by whom, so nothing of it is undone"
    assert [line for line in err.splitlines() if "not-undone" in line] == [
        f"not-undone acme/d0.permissions: {why}: ~ user:cy CAN_EDIT -> CAN_VIEW"
    ]
    assert told(it) == [("uncertain", True)]
