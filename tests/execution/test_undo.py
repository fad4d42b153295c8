"""After each apply there is a plan that takes it back, as far as anything can."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.app.auditlog import lines
from reconciler.app.saved import read_saved
from reconciler.core.changes import Add, Modify
from reconciler.core.principals import Principal
from reconciler.facets.permissions import Grant
from reconciler.facets.schema import Column
from reconciler.sandbox.exchange import Request
from tests.campaigns import stage

from .bench import Bench
from .conftest import Set


def governed(it: Bench) -> stage.Json:
    """What can be put back: everything but deleted versions."""
    state = stage.end_state(it.sandbox)
    for same in state.values():
        for each in same:
            del each["versions"]
    return state


def test_applying_it_restores_what_was(bench: Set) -> None:
    """Columns, tags, access, owner and schedule; and undoing the undo applies it again."""
    it = bench(existing=2)
    before = governed(it)
    assert it.apply()[0] == 0
    after = governed(it)
    first = newest(it)
    code, _, err = it.run("apply", str(first))
    assert (code, governed(it)) == (0, before), err
    code, _, err = it.run("apply", str(newest(it)))
    assert (code, governed(it)) == (0, after), err
    assert it.run("apply", str(first))[0] == 4


def test_what_cannot_be_put_back_is_listed(bench: Set) -> None:
    """Deleted versions and created datasets, in the undo plan; guards do not hold it, and say so."""
    it = bench(existing=1, new=1)
    _, _, err = it.apply()
    assert "not-undone acme/d0.retention: what was lost does not come back: version 1 of 2026-01-01" in err
    saved = read_saved(newest(it))
    told = [(item.code, item.severity, str(item.address)) for item in saved.plan.diagnostics]
    assert told == [
        ("not-undone", "warning", "acme/d0.retention"),
        ("column-dropped", "warning", "acme/d0.schema"),
        ("not-undone", "info", "acme/new0"),
    ]
    assert saved.plan.applyable
    assert {step.address.facet for step in saved.plan.steps} == {"schema", "tags", "permissions", "schedule", "owner"}


def test_what_was_gone_before_is_not_told_as_lost(bench: Set) -> None:
    """Somebody deletes the version between plan and apply: the apply found it done, and took nothing away."""
    it = bench(existing=1)
    assert it.run("plan", "--out", "plan.json")[0] == 0
    it.vendor("DELETE", f"/api/data/v2/datasources/{stage.identifier(0)}/dataversions?index=true", ["1"])
    code, out, err = it.run("apply", "plan.json")
    assert (code, out) == (0, "Apply: 6 done, 1 already in place.\n"), err
    told = [item.code for item in read_saved(newest(it)).plan.diagnostics]
    assert told == ["column-dropped"]
    assert "not-undone" not in err


def test_it_undoes_what_was_done_and_nothing_else(bench: Set) -> None:
    """Of an apply that failed halfway, and beside what others did meanwhile."""
    it = bench(existing=1)
    before = governed(it)["d0"][0]
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    assert it.apply()[0] == 5
    shared = {"permissions": [{"id": "901", "type": "USER", "accessLevel": "CAN_VIEW"}], "sendEmail": False}
    it.vendor("POST", f"/api/data/v3/datasources/{stage.identifier(0)}/share", shared)
    assert it.run("apply", str(newest(it)))[0] == 0
    assert governed(it)["d0"][0] == {**before, "access": sorted([*before["access"], ("USER", "901", "CAN_VIEW")])}


def test_a_renamed_column_gets_its_old_name_back(bench: Set) -> None:
    """A drop and an addition would lose what is in it."""
    it = bench(existing=1)
    path = Path("manifests/d0.yaml")
    document = json.loads(path.read_text())
    document["spec"] = {"schema": {"columns": [{"name": "z", "type": "LONG", "renamedFrom": "a"}]}}
    path.write_text(json.dumps(document))
    before = governed(it)
    assert it.apply()[0] == 0
    (step,) = read_saved(newest(it)).plan.steps
    assert step.changes == (Modify(Column("z", "LONG"), Column("a", "LONG"), ("name",)),)
    assert it.run("apply", str(newest(it)))[0] == 0
    assert governed(it) == before


def test_what_nobody_could_read_back_is_named(bench: Set) -> None:
    """It may have taken effect or not, so no plan can take it back."""
    it = bench(existing=1)

    def blinded(request: Request) -> None:
        if request.method != "GET":
            it.sandbox.faults.script("GET", "*", "html", times=99)

    it.meanwhile.append(blinded)
    code, _, err = it.apply("--facet", "tags")
    sent = '+ tag "gold"; + tag "n0"; - tag "old"'
    assert (code, [line for line in err.splitlines() if "not-undone" in line]) == (
        5,
        [f"not-undone acme/d0.tags: nobody knows what of this took effect, so nothing of it is undone: {sent}"],
    )
    assert not (it.state / "undo").exists()


def expires(it: Bench, number: int) -> None:
    """The token is refused from the n-th write of the step that takes access away on."""
    path = Path("manifests/d0.yaml")
    wanted = {"permissions": [{"principal": "user:bot", "access": "CO_OWNER"}]}
    path.write_text(json.dumps({**json.loads(path.read_text()), "spec": wanted}))
    shared = {"permissions": [{"id": "103", "type": "USER", "accessLevel": "CAN_EDIT"}], "sendEmail": False}
    it.vendor("POST", f"/api/data/v3/datasources/{stage.identifier(0)}/share", shared)
    sent: list[Request] = []

    def count(request: Request) -> None:
        sent.extend([request] if request.method == "DELETE" else [])
        if len(sent) == number:
            it.sandbox.faults.script("*", "*", "401", times=99)

    it.meanwhile.append(count)


def test_a_refusal_behind_a_part_that_was_done_is_uncertain(bench: Set) -> None:
    """The token expires within a step: the first entry is gone, the second is not, and nothing can be read any more."""
    it = bench(existing=1)
    expires(it, 2)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 uncertain.")
    entry = f"/api/data/v3/datasources/{stage.identifier(0)}/permissions/USER/103"
    refused = f"the token of target acme was refused (401 at DELETE {entry})"
    why = f"outcome-unknown: {refused}; a part of it was written before, and could not be read back"
    assert f"  uncertain  acme/d0.permissions revoke: {why}\n" in err
    named = "nobody knows what of this took effect, so nothing of it is undone: - user:cy CAN_EDIT; - user:dee CAN_EDIT"
    assert f"not-undone acme/d0.permissions: {named}\n" in err
    assert [(line["state"], line["after"]) for line in lines(it.state)] == [("uncertain", None)]


def test_a_refusal_of_the_first_request_is_a_refusal(bench: Set) -> None:
    """Nothing was done, although nothing can be read any more; there is nothing to undo and nothing to doubt."""
    it = bench(existing=1)
    expires(it, 1)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], "not-undone" in err) == (5, "Apply: 0 done, 1 failed.", False)
    assert [line["state"] for line in lines(it.state)] == ["refused"]


def test_a_part_that_was_done_before_a_refusal_is_ours(bench: Set) -> None:
    """It was read back: the log has it as done in part, and the undo plan takes it back."""
    it = bench(existing=1)
    expires(it, 99)
    it.sandbox.faults.script("DELETE", "*/permissions/USER/103", "401")
    code, _, err = it.apply()
    assert (code, "; 1 of 2 were done before\n" in err) == (5, True)
    assert [line["state"] for line in lines(it.state)] == ["partly"]
    (step,) = read_saved(newest(it)).plan.steps
    assert step.changes == (Add(Grant(Principal("user", "102", "cy"), "CAN_EDIT")),)


def test_nothing_done_leaves_nothing_to_undo(bench: Set) -> None:
    """No file, no line about one."""
    it = bench(existing=1)
    it.sandbox.faults.script("*", "*/schemas", "401", times=9)
    it.apply("--facet", "schema")
    assert not (it.state / "undo").exists()


def newest(it: Bench) -> Path:
    return max((it.state / "undo").iterdir())
