"""A dataset is created once, whatever happens to the answer, the manifest and the process."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from reconciler.execution import creating
from reconciler.sandbox.exchange import Request
from tests.review.repository import git

from .bench import Bench
from .conftest import Set

CREATE = "/api/data/v2/datasources"
SEEN = {"type": "USER", "id": "900", "accessLevel": "CAN_VIEW"}
MADE = ["500-after", "reset-after", "lost", "truncated", "empty", "html"]
"""Faults of which the last replaces the answer before anything is made."""


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "TOO_EARLY", 0.0)
    monkeypatch.setattr("reconciler.app.births.TOO_EARLY", 0.0)


@pytest.mark.parametrize("kind", MADE)
def test_where_the_vendor_lists_a_lost_answer_is_looked_for(kind: str, bench: Set) -> None:
    """One apply is enough: the list tells whether it was made, and only if not is it sent again."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, kind)
    assert it.apply()[0] == 0
    (made,) = it.named("new0")
    assert it.manifest("new0")["metadata"]["id"] == made
    assert it.writes().count(f"POST {CREATE}") == (2 if kind == "html" else 1)
    it.assert_settled()


@pytest.mark.parametrize("kind", MADE)
def test_where_it_does_not_list_nothing_is_sent_again_until_somebody_looked(kind: str, bench: Set) -> None:
    """Exit 5 with the two commands that settle it; the one that is true does."""
    it = bench(existing=0, new=1, world="documented")
    it.sandbox.faults.script("POST", CREATE, kind)
    assert it.apply()[0] == 5
    for command in ("plan", "apply"):
        code, _, err = it.run(command)
        assert code == (1 if command == "plan" else 5)
        assert "create-unsettled acme/new0" in err
        assert "reconciler apply --adopt acme/new0=ID" in err
        assert "reconciler apply --not-made acme/new0" in err
    assert it.writes() == [f"POST {CREATE}"]
    made = it.named("new0")
    assert bool(made) == (kind != "html")
    assert it.apply(*(("--adopt", f"acme/new0={made[0]}") if made else ("--not-made", "acme/new0")))[0] == 0
    assert len(it.named("new0")) == 1
    assert it.manifest("new0")["metadata"]["id"] == it.named("new0")[0]
    it.assert_settled()


def test_a_creation_that_is_never_answered_is_sent_three_times(bench: Set) -> None:
    """Each time the list shows that nothing was made; behind the third the apply ends, and the next begins anew."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "html", times=20)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (5, "Apply: 0 done, 1 uncertain, 4 skipped."), err
    assert it.writes() == 3 * [f"POST {CREATE}"]
    it.sandbox.faults = type(it.sandbox.faults)()
    assert it.apply()[0] == 0
    it.assert_settled()


def test_several_of_one_name_are_asked_about(bench: Set) -> None:
    """Somebody else makes one of the same name while ours is on its way: nobody guesses which is which."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "lost")
    it.sandbox.faults.script("GET", "/api/data/v3/datasources", "401", after=2, times=20)
    assert it.apply()[0] == 5
    it.sandbox.seed({"domo": {"datasets": [{"id": "another", "name": "new0", "permissions": [SEEN]}]}})
    it.sandbox.faults = type(it.sandbox.faults)()
    code, _, err = it.apply()
    assert code == 5
    assert "several new datasets have its name" in err
    ours = next(each for each in it.named("new0") if each != "another")
    assert it.apply("--adopt", f"acme/new0={ours}")[0] == 0


def test_one_that_was_there_before_is_not_taken_for_ours(bench: Set) -> None:
    """Names are not unique: what had the name before the creation was sent does not count."""
    it = bench(existing=0, new=1)
    it.sandbox.seed({"domo": {"datasets": [{"id": "older", "name": "new0", "permissions": [SEEN]}]}})
    it.sandbox.faults.script("POST", CREATE, "lost")
    assert it.apply("--allow", "name-taken@acme/new0")[0] == 0
    (ours,) = [each for each in it.named("new0") if each != "older"]
    assert it.manifest("new0")["metadata"]["id"] == ours


def test_a_plan_goes_on_whose_journal_could_not_take_the_id_that_its_manifest_got(bench: Set) -> None:
    """A disk that is full for the journal only: the manifest knows what was made, and nothing is made again."""
    it = bench(existing=0, new=1)
    assert it.run("plan", "--out", "plan.json")[0] == 0
    assert it.run("apply", "plan.json")[0] == 0
    (made,) = it.named("new0")
    (journal,) = it.journals
    lines = journal.read_text().splitlines(keepends=True)
    sent = next(number for number, line in enumerate(lines) if json.loads(line)["event"] == "intent")
    journal.write_text("".join(lines[: sent + 1]))
    code, _, err = it.run("apply", "plan.json")
    assert code == 0, err
    assert it.named("new0") == [made]
    assert it.manifest("new0")["metadata"]["id"] == made
    assert it.run("plan", "--detailed-exitcode")[0] == 0


def test_a_saved_plan_whose_creation_is_unsettled_is_not_gone_on_with_until_somebody_looked(bench: Set) -> None:
    """Where the vendor lists nothing, no journal knows what was there before: the same plan asks each time anew."""
    it = bench(existing=0, new=1, world="documented")
    it.sandbox.faults.script("POST", CREATE, "lost")
    assert it.run("plan", "--out", "plan.json")[0] == 0
    assert it.run("apply", "plan.json")[0] == 5
    code, _, err = it.run("apply", "plan.json")
    assert code == 5
    assert "create-unsettled acme/new0" in err
    assert it.writes() == [f"POST {CREATE}"]


def created_and_forgotten(it: Bench) -> tuple[str, str]:
    """The id of a dataset that an apply created, and its manifest, which is once more without it."""
    path = Path("manifests/new0.yaml")
    before = path.read_text()
    assert it.apply()[0] == 0
    (made,) = it.named("new0")
    path.write_text(before)
    return made, before


def test_what_another_machine_created_is_not_created_again(bench: Set) -> None:
    """No journal, no id in the manifest, as on a runner of CI: the list tells, and its id under metadata settles it."""
    it = bench(existing=0, new=1)
    made, before = created_and_forgotten(it)
    shutil.rmtree(it.state)
    for command in ("plan", "apply"):
        code, _, err = it.run(command)
        assert code == 3
        assert f"manifests/new0.yaml:4:15: name-taken a dataset of this name is there already, with id {made}" in err
        assert f'write under metadata: id: "{made}"' in err
    assert it.named("new0") == [made]
    Path("manifests/new0.yaml").write_text(before.replace('"name": "new0"', f'"name": "new0", "id": "{made}"'))
    assert it.apply()[0] == 0
    it.assert_settled()


def test_a_name_that_is_taken_after_the_plan_makes_it_stale(bench: Set) -> None:
    """Two runners apply plans of one commit: the second creates nothing."""
    it = bench(existing=1, new=1)
    assert it.run("plan", "--out", "plan.json")[0] == 0
    it.sandbox.seed({"domo": {"datasets": [{"id": "theirs", "name": "new0", "permissions": [SEEN]}]}})
    code, _, err = it.run("apply", "plan.json")
    assert (code, it.writes()) == (4, [])
    assert "plan-stale acme/new0: it is to be created, and there is a dataset of its name by now, with id theirs" in err
    assert it.run("plan", "--out", "plan.json", "--allow", "name-taken")[0] == 0
    assert it.run("apply", "plan.json")[0] == 0
    assert len(it.named("new0")) == 2


def test_a_list_that_cannot_be_read_is_no_empty_list(bench: Set) -> None:
    """Nobody knows whether the name is taken, so nothing is created."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("GET", "/api/data/v3/datasources", "401", times=20)
    code, _, err = it.apply()
    assert (code, it.writes()) == (1, [])
    assert "read-failed acme/new0: whether there is one of its name already could not be read" in err


def test_an_id_that_could_not_be_written_is_remembered(bench: Set) -> None:
    """The manifest changed meanwhile: exit 5 with the line to add, no second creation, and the next apply writes it."""
    it = bench(existing=0, new=1)
    path = Path("manifests/new0.yaml")
    before = path.read_text()

    def change(request: Request) -> None:
        if request.method == "POST":
            path.write_text(before.replace('"name": "new0"', '"name": "renamed"'))

    it.meanwhile.append(change)
    code, _, err = it.apply()
    assert code == 5, err
    (made,) = it.named("new0")
    found = f"it was created with id {made}, which could not be written into {path}: it changed meanwhile"
    assert f"id-not-written acme/new0: {found}\n" in err
    assert f'under metadata: id: "{made}" (until then the journal remembers it)\n' in err
    it.meanwhile.clear()
    path.write_text(before)
    code, _, err = it.run("plan")
    assert code == 0
    assert f"created it with id {made}, which its manifest does not have" in err
    assert it.apply()[0] == 0
    assert it.manifest("new0")["metadata"]["id"] == made
    assert it.named("new0") == [made]
    it.assert_settled()


def test_an_id_that_vanished_from_a_manifest_is_asked_about(bench: Set) -> None:
    """`git checkout` took it away: a second dataset would be created; the message has both ways out."""
    it = bench(existing=0, new=1)
    made, _ = created_and_forgotten(it)
    code, _, err = it.apply()
    assert code == 5
    (adopt,) = re.findall(r"reconciler (apply --adopt \S+)", err)
    assert adopt == f"apply --adopt acme/new0={made}"
    assert it.run(*adopt.split(), "--auto-approve")[0] == 0
    assert it.named("new0") == [made]
    it.assert_settled()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        pytest.param(["--adopt", "acme/new0=nowhere"], "nothing at", id="no such dataset"),
        pytest.param(["--adopt", "acme/nothing=x"], "no manifest is about acme/nothing", id="no such manifest"),
        pytest.param(["--not-made", "acme/d0"], "nothing is unsettled", id="it has an id"),
        pytest.param(["--adopt", "acme/d0.tags=x"], "no manifest is about acme/d0.tags", id="called as a facet is"),
        pytest.param(
            ["--adopt", "acme/new0=00000000-0000-4000-8000-000000000000"], "is the id of acme/d0", id="another's id"
        ),
    ],
)
def test_what_is_told_is_checked(flags: list[str], says: str, bench: Set) -> None:
    """A typo gets into no manifest, and nothing is written anywhere."""
    it = bench(existing=1, new=1)
    code, _, err = it.apply(*flags)
    assert code == 1
    assert says in err
    assert it.writes() == []
    assert "id" not in it.manifest("new0")["metadata"]


def test_one_id_is_adopted_for_one_dataset(bench: Set) -> None:
    """Two manifests about the same one would be an error of the next plan."""
    it = bench(existing=0, new=2)
    it.sandbox.seed({"domo": {"datasets": [{"id": "ours", "name": "new0", "permissions": [SEEN]}]}})
    code, _, err = it.apply("--adopt", "acme/new0=ours", "--adopt", "acme/new1=ours")
    assert (code, it.writes()) == (1, [])
    assert "nothing-selected acme/new1: ours is the id of acme/new0" in err
    assert "id" not in it.manifest("new0")["metadata"]


def test_nothing_is_created_whose_manifest_is_gone(bench: Set) -> None:
    """Its id would be written nowhere, and the next manifest of that name would create another one."""
    it = bench(existing=1, new=1)
    assert it.run("plan", "--out", "plan.json")[0] == 0
    Path("manifests/new0.yaml").unlink()
    code, _, err = it.run("apply", "plan.json")
    assert (code, it.writes()) == (4, [])
    assert "plan-stale acme/new0: it is to be created, and its manifest, which takes its id, is gone" in err
    assert it.apply()[0] == 0
    it.assert_settled()


def test_what_no_manifest_is_about_any_more_is_changed_as_reviewed(bench: Set) -> None:
    """The plan has its id; there is nothing to write it into, and nothing breaks."""
    it = bench(existing=2)
    assert it.run("plan", "--out", "plan.json")[0] == 0
    Path("manifests/d0.yaml").unlink()
    code, out, err = it.run("apply", "plan.json")
    assert (code, out) == (0, "Apply: 13 done, 1 already in place.\n"), err
    assert "prune: not done, as no longer wanted" in err
    it.assert_settled()


def test_an_id_of_another_dataset_is_not_adopted(bench: Set) -> None:
    """It exists and can be read; its name tells that it is not the one whose creation was sent."""
    it = bench(existing=0, new=1, world="documented")
    it.sandbox.seed({"domo": {"datasets": [{"id": "other", "name": "payroll", "permissions": [SEEN]}]}})
    it.sandbox.faults.script("POST", CREATE, "lost")
    assert it.apply()[0] == 5
    code, _, err = it.apply("--adopt", "acme/new0=other")
    assert code == 1
    assert "adopt-mismatch acme/new0: other is called 'payroll', and a creation would have called it 'new0'" in err
    assert it.writes() == [f"POST {CREATE}"]
    assert "id" not in it.manifest("new0")["metadata"]


@pytest.mark.parametrize("title", ["new0", "New orders"])
def test_a_dataset_that_its_manifest_renames_is_adopted(title: str, bench: Set) -> None:
    """Under the name that it was created with, and under the one that it was given behind that."""
    it = bench(existing=0, new=1, world="documented")
    path, manifest = Path("manifests/new0.yaml"), it.manifest("new0")
    manifest["spec"]["properties"] = {"name": "New orders"}
    path.write_text(json.dumps(manifest))
    it.sandbox.seed({"domo": {"datasets": [{"id": "ours", "name": title, "permissions": [SEEN]}]}})
    _, _, err = it.apply("--adopt", "acme/new0=ours")
    assert "adopt-mismatch" not in err
    assert it.manifest("new0")["metadata"]["id"] == "ours"


def test_who_says_not_made_of_what_is_listed_is_told(bench: Set) -> None:
    """It may be somebody else's, so the word counts; it is said before anybody is asked."""
    it = bench(existing=0, new=1)
    it.sandbox.faults.script("POST", CREATE, "lost")
    it.sandbox.faults.script("GET", "/api/data/v3/datasources", "401", after=2, times=20)
    assert it.apply()[0] == 5
    it.sandbox.faults = type(it.sandbox.faults)()
    (made,) = it.named("new0")
    code, _, err = it.run("apply", "--not-made", "acme/new0")
    assert code == 3
    assert f"create-doubtful acme/new0: the vendor lists it since its creation was sent: {made}" in err
    assert it.named("new0") == [made]


@pytest.mark.parametrize("flags", [["--adopt", "acme/new0"], ["--adopt", "acme/new0="], ["--not-made", "new0"]])
def test_what_is_told_has_a_form(flags: list[str], bench: Set) -> None:
    """Usage errors are 64."""
    assert bench(existing=0, new=1).apply(*flags)[0] == 64


def test_what_a_journal_knows_to_be_there_is_guarded_as_that(bench: Set) -> None:
    """Its manifest has no id yet; whatever is known of a hold on that id holds it all the same."""
    it = bench(existing=1, new=1)
    held, unborn = it.manifest("d0"), it.manifest("new0")
    kept = {"keepLast": 1, "prune": True, "guards": {"minAge": "1h"}}
    hold = {"legalHold": {"reason": "case 7", "by": "legal"}}
    Path("manifests/d0.yaml").write_text(json.dumps({**held, "spec": {"retention": {**kept, **hold}}}))
    Path("manifests/new0.yaml").unlink()
    assert it.apply()[0] == 0
    git(it.folder, "init", "--quiet", "--initial-branch", "main")
    git(it.folder, "add", "manifests")
    git(it.folder, "commit", "--quiet", "--message", "base")
    Path("manifests/d0.yaml").unlink()
    Path("manifests/new0.yaml").write_text(
        json.dumps({**unborn, "spec": {"schema": held["spec"]["schema"], "retention": kept}})
    )
    it.journal_of("new0", held["metadata"]["id"])
    for flags, known in ((), "known from an earlier apply"), (("--guards-from", "main"), "at main"):
        code, _, err = it.run("plan", *flags)
        lifted = f'the legal hold "case 7" ({known}) is lifted, and 2 versions would be deleted with it: 1 and 2'
        told = [line for line in err.splitlines() if line.startswith("release-of-hold")]
        assert (code, told) == (3, [f"release-of-hold acme/new0.retention: {lifted}"])
