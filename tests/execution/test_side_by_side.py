"""Two workspaces in one folder share its `.reconciler/`; neither takes what the other one began for its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reconciler.app.cluster import _sent
from reconciler.app.workspaces import open_workspace
from reconciler.execution import creating

from .bench import Bench
from .conftest import Set
from .test_births import CREATE

OTHER = ("-w", "beside")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "TOO_EARLY", 0.0)
    monkeypatch.setattr("reconciler.app.births.TOO_EARLY", 0.0)


def with_another(it: Bench) -> Bench:
    """A workspace beside the first one, with the same targets and datasets."""
    shutil.copytree("manifests", "beside")
    return it


def lost(it: Bench) -> None:
    """The first workspace sends a creation that is never answered; the list, if there is any, fails, too."""
    it.sandbox.faults.script("POST", CREATE, "lost")
    it.sandbox.faults.script("GET", "/api/data/v3/datasources", "401", after=2, times=20)
    assert it.apply()[0] == 5
    it.sandbox.faults = type(it.sandbox.faults)()


@pytest.mark.parametrize("world", ["observed", "documented"])
def test_an_open_creation_of_the_workspace_beside_is_not_taken_over(world: str, bench: Set) -> None:
    """It is listed as a creation leaves it, and is the other one's all the same; nor is it made once more."""
    it = with_another(bench(existing=0, new=1, world=world))
    lost(it)
    there = "reconciler apply --adopt acme/new0=ID -w beside"
    absent = "reconciler apply --not-made acme/new0 -w beside"
    told = (
        "create-unsettled acme/new0: its creation was sent by the workspace manifests, which is beside this one and "
        "has not settled it\n"
        f"  Both keep their journals in {it.state}: put each into a folder of its own. Where they are about the same "
        f"dataset, only one should govern it. If it is there: {there} -- If it is not, and is to be made: {absent}\n"
    )
    for command, exits in (("plan", 1), ("apply", 5)):
        code, _, err = it.run(command, *OTHER)
        assert (code, err) == (exits, f"Error:\n{told}")
    assert "id" not in Path("beside/new0.yaml").read_text()
    assert it.writes() == [f"POST {CREATE}"]


def test_what_the_workspace_beside_created_is_told_as_that(bench: Set) -> None:
    """Its manifest has the id; this one's never had it."""
    it = with_another(bench(existing=0, new=1))
    assert it.apply()[0] == 0
    (made,) = it.named("new0")
    code, _, err = it.run("plan", *OTHER)
    told = f"its creation was sent by the workspace manifests, which is beside this one and made it with id {made}\n"
    assert (code, told in err, f"--adopt acme/new0={made} -w beside" in err) == (1, True, True), err


def test_a_saved_plan_finds_what_the_workspace_beside_sent_meanwhile(bench: Set) -> None:
    """Even its own plan, under the same targets and names."""
    it = with_another(bench(existing=0, new=1, world="documented"))
    assert it.run("plan", "--out", "plan.json")[0] == 0
    it.sandbox.faults.script("POST", CREATE, "lost")
    assert it.run("apply", "plan.json")[0] == 5
    code, _, err = it.run("apply", "plan.json", *OTHER)
    assert (code, "by the workspace manifests, which is beside this one" in err) == (5, True), err
    assert it.writes() == [f"POST {CREATE}"]


def test_what_somebody_says_of_it_is_said_for_one_workspace(bench: Set) -> None:
    """The other one is asked still."""
    it = with_another(bench(existing=0, new=1, world="documented"))
    lost(it)
    assert it.apply("--not-made", "acme/new0", *OTHER)[0] == 0
    assert it.run("plan", "--detailed-exitcode", *OTHER)[0] == 0
    code, _, err = it.run("plan")
    assert (code, "create-unsettled acme/new0" in err) == (1, True), err
    assert "beside this one" not in err


def test_a_workspace_that_was_renamed_knows_its_open_creations(bench: Set) -> None:
    """The folder that its journal names is gone, so nobody else can have begun it."""
    it = bench(existing=0, new=1)
    lost(it)
    Path("manifests").rename("governed")
    code, _, err = it.run("apply", "--auto-approve", "-w", "governed")
    (made,) = it.named("new0")
    assert (code, made in Path("governed/new0.yaml").read_text()) == (0, True), err


def test_a_journal_that_names_no_workspace_is_of_each(bench: Set) -> None:
    """Earlier versions did not say whose it was."""
    it = bench(existing=0, new=1)
    lost(it)
    (journal,) = it.journals
    begin, *rest = map(json.loads, journal.read_text().splitlines())
    del begin["workspace"]
    journal.write_text("".join(f"{json.dumps(line)}\n" for line in (begin, *rest)))
    with_another(it)
    assert it.apply(*OTHER)[0] == 0
    assert it.named("new0")[0] in Path("beside/new0.yaml").read_text()


def test_each_workspace_resumes_its_own_apply(bench: Set) -> None:
    """What the other one began is said to be the other one's, with the command that goes on with it."""
    it = with_another(bench(existing=1))
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    assert it.apply()[0] == 5
    it.sandbox.faults = type(it.sandbox.faults)()
    sent = len(it.writes())
    told = (
        "not-resumable: the apply that is unfinished is of the workspace manifests, which is beside this one\n"
        "  Go on with reconciler apply --resume -w manifests. To keep their journals apart, put each into a folder of "
        "its own.\n"
    )
    assert it.run("apply", "--resume", *OTHER) == (1, "", f"Error:\n{told}")
    assert len(it.writes()) == sent
    assert it.run("apply", "--resume")[0] == 0
    assert it.run("apply", "--resume", *OTHER) == (0, "", "Nothing to resume: no apply is unfinished.\n")


def test_a_worker_elsewhere_knows_that_it_is_there(bench: Set) -> None:
    """What is sent to plan with has the folder; without it, what the other one began would be this one's."""
    it = with_another(bench(existing=0, new=1))
    lost(it)
    assert "manifests/.beside" in _sent(open_workspace(Path("beside")))
    assert "beside/.beside" not in _sent(open_workspace(Path("manifests")))
