"""A dataset that has the name of one that was to be created is somebody else's, unless it is certainly ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.execution import creating
from reconciler.sandbox import jsontext
from reconciler.sandbox.exchange import Request
from tests.campaigns.stage import TOKEN

from .bench import Bench
from .conftest import Set

Json = dict[str, Any]
CREATE, LIST = "/api/data/v2/datasources", "/api/data/v3/datasources"
X, SALARY = {"type": "LONG", "name": "x"}, {"type": "DECIMAL", "name": "salary"}
VIEW = {"id": "100", "type": "USER", "accessLevel": "CAN_VIEW"}
SEEN = {"id": "900", "type": "USER", "accessLevel": "CO_OWNER"}


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "TOO_EARLY", 0.0)
    monkeypatch.setattr("reconciler.app.births.TOO_EARLY", 0.0)


def made_by(it: Bench, token: str, *columns: Json, share: Json | None = None) -> str:
    """The id of a dataset `new0` that somebody creates by other means, and which our token may see."""
    headers = {"x-domo-developer-token": token, "content-type": "application/json"}
    body: Json = {"userDefinedType": "api", "dataSourceName": "new0", "schema": {"columns": list(columns)}}
    answer = it.sandbox.respond(Request("POST", CREATE, headers=headers, body=jsontext.write(body).encode()))
    identifier = str(jsontext.read(answer.body)["dataSource"]["dataSourceId"])
    if share is not None:
        shared = jsontext.write({"permissions": [share], "sendEmail": False}).encode()
        it.sandbox.respond(Request("POST", f"{LIST}/{identifier}/share", headers=headers, body=shared))
    return identifier


STRANGERS = {
    "another's": (("admin-token", X), SEEN, "gives user:#901 OWNER, where a creation gives access to user:bot alone"),
    "with other columns": ((TOKEN, X, SALARY), None, "its schema is not what was sent"),
    "in use": ((TOKEN, X), VIEW, "gives user:ada CAN_VIEW, where a creation gives access to user:bot alone"),
}


@pytest.mark.parametrize(("made", "share", "why"), STRANGERS.values(), ids=STRANGERS)
def test_a_dataset_that_came_later_is_not_taken_for_one_whose_creation_was_not_answered(
    made: tuple[Any, ...], share: Json | None, why: str, bench: Set
) -> None:
    """The creation was not taken and the list could not be read; then somebody makes one of that name."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "503")
    it.sandbox.faults.script("GET", LIST, "401", after=2, times=20)
    assert it.apply()[0] == 5
    it.sandbox.faults = type(it.sandbox.faults)()
    theirs = made_by(it, *made, share=share)
    before = it.sandbox.snapshot()
    sent = it.writes()
    for command, expected in (("plan", 1), ("apply", 5)):
        code, _, err = it.run(command)
        assert code == expected, err
        told = " ".join(err.split())
        assert f"reading cannot tell whether it was done: {theirs} has its name by now, and {why}" in told
        assert f"If it is there: reconciler apply --adopt acme/new0={theirs}" in told
        assert "reconciler apply --not-made acme/new0" in told
    assert (it.writes(), it.sandbox.snapshot()) == (sent, before)


def test_what_nobody_can_have_created_for_us_is_not_taken_over(bench: Set) -> None:
    """Without an actor nobody knows whose a new dataset would be."""
    it = bench(existing=0, new=1)
    for name in ("workspace", "new0"):
        path = Path(f"manifests/{name}.yaml")
        document = json.loads(path.read_text())
        document.get("targets", {"acme": {}})["acme"].pop("actor", None)
        if "spec" in document:
            document["spec"] = {"schema": document["spec"]["schema"]}
        path.write_text(json.dumps(document))
    it.sandbox.faults.script("POST", CREATE, "lost")
    code, _, err = it.apply()
    assert code == 5
    assert "nobody knows who creates here: the target has no actor" in err
    (made,) = it.named("new0")
    assert f"--adopt acme/new0={made}" in it.run("plan")[2]
    assert it.apply("--adopt", f"acme/new0={made}")[0] == 0
    assert it.named("new0") == [made]


@pytest.mark.parametrize("columns", [(X,), (SALARY, X)])
def test_a_dataset_that_comes_in_the_same_moment_is_not_taken_for_ours(columns: tuple[Json, ...], bench: Set) -> None:
    """Our creation is turned down without being taken; an admin makes one of that name right then."""
    it = bench(existing=0, new=1)
    theirs: list[str] = []

    def rival(request: Request) -> None:
        if (request.method, request.path, theirs) == ("POST", CREATE, []):
            theirs.append(made_by(it, "admin-token", *columns, share=SEEN))
            it.sandbox.faults.script("POST", CREATE, "503")

    it.meanwhile.append(rival)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 uncertain, 4 skipped.")
    assert f"(503); {theirs[0]} has its name by now, and " in err
    assert it.named("new0") == theirs
    assert "create-unsettled" in it.run("plan")[2]
    # Whoever looked, and says that it is somebody else's, gets one of his own.
    assert it.apply("--not-made", "acme/new0")[0] == 0
    assert len(it.named("new0")) == 2
    assert it.manifest("new0")["metadata"]["id"] not in theirs


def test_a_dataset_that_comes_behind_the_plan_is_not_doubled(bench: Set) -> None:
    """The look just before the creation sees it; `name-taken` says the rest."""
    it = bench(existing=0, new=1)
    lists: list[str] = []

    def rival(request: Request) -> None:
        if request.path == LIST:
            lists.append(request.path)
            if len(lists) == 2:
                made_by(it, TOKEN, X)

    it.meanwhile.append(rival)
    code, out, err = it.apply()
    (theirs,) = it.named("new0")
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 failed, 4 skipped.")
    assert f"moved-since-plan: a dataset of this name is there by now, with id {theirs}" in err
    code, _, err = it.apply()
    assert (code, it.named("new0")) == (3, [theirs])
    assert "name-taken" in err


def test_who_was_refused_once_does_not_double_what_came_since(bench: Set) -> None:
    """The journal knows of a creation that was refused; that says nothing about who has the name by now."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "401")
    assert it.apply()[0] == 5
    theirs = made_by(it, TOKEN, X)
    code, _, err = it.apply()
    assert (code, it.named("new0")) == (3, [theirs])
    assert f"name-taken a dataset of this name is there already, with id {theirs}" in err


def test_who_was_refused_is_not_asked_about_the_same_name_again(bench: Set) -> None:
    """Somebody allowed a second one of its name; that the token was refused changes nothing about that."""
    it = bench(existing=0, new=1)
    theirs = made_by(it, "admin-token", X, share=SEEN)
    it.sandbox.faults.script("POST", CREATE, "401")
    assert it.apply("--allow", "name-taken@acme/new0")[0] == 5
    assert it.named("new0") == [theirs]
    assert it.apply()[0] == 0
    assert len(it.named("new0")) == 2


def test_who_said_that_one_is_somebody_elses_said_it_of_no_other(bench: Set) -> None:
    """Between `--not-made` and the creation another one comes."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "503")
    it.sandbox.faults.script("GET", LIST, "401", after=2, times=20)
    assert it.apply()[0] == 5
    it.sandbox.faults = type(it.sandbox.faults)()
    first = made_by(it, "admin-token", X, share=SEEN)
    assert it.run("apply", "--not-made", "acme/new0")[0] == 3
    assert it.run("plan")[0] == 0
    second = made_by(it, TOKEN, X)
    code, _, err = it.apply()
    assert (code, sorted(it.named("new0"))) == (3, sorted([first, second]))
    assert f"name-taken a dataset of this name is there already, with id {second}" in err
