"""From a pull request to an apply and a watch for drift, with the shells that the workflows hold."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from reconciler.app.ci import SYSTEMS, ci_files
from tests.review.repository import commit, git, write

from .conftest import DATASET, Forge, post, tiny_wheel

ROOT = Path(__file__).parents[2]
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
POLICY = """\
apiVersion: reconciler/v1
kind: Policy
metadata: {name: freeze}
spec:
  rules:
    - {name: frozen, expression: "%s", message: nothing may change}
"""
UNSTEADY = re.compile(r"\b[0-9a-f]{40}\b|(?<=/)[\w-]+(?=\.jsonl?$)", re.MULTILINE)
PARTLY = """\
## Partly applied

      done       acme/roles.tags tag
      failed     acme/roles.permissions grant: refused: the token of target acme was refused (401 at POST \
/api/data/v3/datasources/94a4edfa-5926-4f0c-ad1e-a341f53f6113/share)
                 It may have expired, or belong to another instance; `reconciler doctor` tells where it comes from.
    Apply: 1 done, 1 failed.
    Undo: reconciler apply .reconciler/undo/*.json
    Journal: .reconciler/journal/*.jsonl
    Next: reconciler apply --resume goes on with this plan; reconciler plan shows what is left.

To go on, check out *, unpack the artifact **reconciler-apply** of this run into it, and run there, with tokens \
that write:

    reconciler apply --resume

This job, run again, would refuse: what is left is not what was reviewed.
"""
WORKFLOWS = [text for path, text in ci_files("github").items() if "/workflows/" in path]


def test_a_pull_request_is_reviewed_without_a_secret(forge: Forge) -> None:
    """Findings beside the diff, and who gains and loses access in the summary."""
    write(forge.folder, {"manifests/roles.yaml": DATASET % "gold"})
    git(forge.folder, "switch", "--quiet", "--create", "change")
    text = (DATASET % "gold").replace("group:editors, access: CAN_VIEW", "user:john, access: CAN_EDIT")
    write(forge.folder, {"manifests/roles.yaml": text})
    forge.head = commit(forge.folder, "change")
    forge.runner.secrets = {}
    done = forge.on_pull_request("reconciler-review", "review")
    assert done.result == "success", done.log
    assert "::notice file=manifests/roles.yaml,line=3,col=11,title=access-gained::user:john gains CAN_EDIT" in done.log
    assert done.summary.startswith("<!-- reconciler:review -->\n\n## Access review: 1 gains, 2 lose\n")
    assert done.outputs["exit_code"] == "0"


def test_who_gains_access_is_told_although_a_policy_is_broken(forge: Forge) -> None:
    """Even by a dataset that the pull request does not touch; the job is blocked all the same."""
    other = (DATASET % "gold").replace("roles", "other").replace("94a4edfa", "94a4edfb")
    rule = POLICY % "dataset.name != 'other'"
    write(forge.folder, {"manifests/policy.yaml": rule, "manifests/other.yaml": other})
    forge.base = commit(forge.folder, "a policy, and what breaks it")
    git(forge.folder, "switch", "--quiet", "--create", "change")
    write(forge.folder, {"manifests/roles.yaml": (DATASET % "gold").replace("CAN_VIEW", "CAN_EDIT")})
    forge.head = commit(forge.folder, "change")
    done = forge.on_pull_request("reconciler-review", "review")
    assert done.result == "failure"
    assert "::error file=manifests/other.yaml,line=3,col=11,title=policy-violated::" in done.log
    assert done.summary.startswith("<!-- reconciler:review -->\n\n## Access review: "), done.log
    assert done.outputs["exit_code"] == "3"


def test_a_mistake_fails_the_review_beside_its_line(forge: Forge) -> None:
    """The annotation names file, line and column."""
    forge.propose("gold")
    write(forge.folder, {"manifests/roles.yaml": "apiVersion: reconciler/v1\nkind: Datset\n"})
    forge.head = commit(forge.folder, "mistake")
    done = forge.on_pull_request("reconciler-review", "review")
    assert done.result == "failure"
    assert "::error file=manifests/roles.yaml,line=2,col=7,title=unknown-kind::" in done.log


def test_what_was_planned_and_reviewed_is_applied_after_the_merge(forge: Forge) -> None:
    """One comment, kept up to date; the reviewed plan is applied; the second plan is empty."""
    forge.propose("gold, finance")
    forge.on_pull_request("reconciler-plan", "plan")
    assert forge.on_pull_request("reconciler-plan", "comment").result == "success"
    forge.propose("gold, sales")
    planned = forge.on_pull_request("reconciler-plan", "plan")
    assert planned.result == "success", planned.log
    assert planned.outputs["has_changes"] == "true"
    assert forge.on_pull_request("reconciler-plan", "comment").result == "success"
    comments = forge.runner.github["comments"]["7"]
    assert len(comments) == 1
    assert "sales" in comments[0]["body"]
    assert planned.outputs["plan_id"] in comments[0]["body"]
    assert "::stop-commands::" in planned.log
    forge.merge()
    applied = forge.on_push()
    assert applied.result == "success", applied.log
    assert "Apply: " in applied.log
    assert applied.summary.startswith("## Applied\n\n      done       acme/roles.tags tag\n")
    assert [item.path for item in forge.sandbox.requests if item.method == "POST" and item.path.endswith("/tags")]
    forge.merge()
    again = forge.on_push()
    assert again.result == "success", again.log
    assert "there is nothing to apply" in again.log
    store = forge.runner.artifacts["reconciler-apply"]
    assert (store / ".reconciler/audit.jsonl").exists()


def test_an_apply_that_failed_in_part_says_in_the_summary_what_to_do(forge: Forge, tmp_path: Path) -> None:
    """Its artifact has all that is needed to go on elsewhere, and to undo it; run again, the job cannot go on."""
    forge.propose("gold, finance")
    text = (DATASET % "gold, finance").replace("group:editors, access: CAN_VIEW", "user:john, access: CAN_EDIT")
    write(forge.folder, {"manifests/roles.yaml": text})
    forge.head = commit(forge.folder, "change")
    forge.on_pull_request("reconciler-plan", "plan")
    forge.on_pull_request("reconciler-plan", "comment")
    forge.merge()
    forge.sandbox.faults.script("POST", f"/api/data/v3/datasources/{ROLES}/share", "401")
    done = forge.on_push()
    assert (done.result, done.outputs["exit_code"]) == ("failure", "5"), done.log
    assert UNSTEADY.sub("*", done.summary) == PARTLY
    artifact = forge.runner.artifacts["reconciler-apply"]
    assert len([*(artifact / ".reconciler/undo").iterdir()]) == 1
    assert "is not what was reviewed; open another pull request" in forge.on_push().log
    elsewhere = tmp_path / "elsewhere"
    git(tmp_path, "clone", "--quiet", str(forge.folder), str(elsewhere))
    shutil.copytree(artifact, elsewhere, dirs_exist_ok=True)
    words = [str(forge.runner.bin / "reconciler"), "apply", "--resume"]
    environment = {**os.environ, **forge.runner.secrets}
    resumed = subprocess.run(words, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (resumed.returncode, resumed.stdout) == (0, "Apply: 1 done, 1 already in place.\n"), resumed.stderr


def test_a_command_that_cannot_begin_says_why_in_the_comment_and_the_summary(forge: Forge) -> None:
    """Not only in the log: a token that is missing is seen where somebody looks."""
    forge.propose("gold, finance")
    forge.runner.secrets = {}
    planned = forge.on_pull_request("reconciler-plan", "plan")
    assert planned.result == "failure"
    assert forge.on_pull_request("reconciler-plan", "comment").result == "success"
    (comment,) = forge.runner.github["comments"]["7"]
    why = (
        "    Error:\n"
        "    manifests/workspace.yaml:7:12: token-missing the token of target acme is missing: the environment "
        "variable DOMO_TOKEN is not set\n"
        "      export DOMO_TOKEN=...\n"
    )
    assert comment["body"] == planned.summary == f"<!-- reconciler:plan -->\n\n## Plan failed\n\n{why}"
    drifted = forge.on_schedule()
    assert drifted.result == "failure"
    assert drifted.summary == f"<!-- reconciler:drift -->\n\n## Nobody knows whether there is drift\n\n{why}"
    assert forge.runner.github["issues"] == []


def smuggle(forge: Forge) -> None:
    """A plan is reviewed, and the default branch asks for more than that."""
    forge.propose("gold, finance")
    forge.on_pull_request("reconciler-plan", "plan")
    forge.on_pull_request("reconciler-plan", "comment")
    forge.merge()
    write(forge.folder, {"manifests/roles.yaml": DATASET % "gold, smuggled"})
    pulls = next(iter(forge.runner.github["pulls"].values()))
    forge.runner.tell(pulls={commit(forge.folder, "after the review"): pulls})


def test_nothing_else_is_applied(forge: Forge) -> None:
    """Neither what nobody reviewed, nor what the default branch does not ask for, nor an exchanged artifact."""
    smuggle(forge)
    differs = forge.on_push()
    assert "is not what was reviewed" in differs.log
    plan = forge.runner.artifacts["reconciler-plan"] / "reconciler-out/plan.json"
    document = json.loads(plan.read_text("utf-8"))
    plan.write_text(json.dumps(document | {"plan_id": "0" * 64}), "utf-8")
    exchanged = forge.on_push()
    assert "is not the one that was reviewed" in exchanged.log
    forge.runner.tell(pulls={})
    unreviewed = forge.on_push()
    assert "no plan of it was reviewed" in unreviewed.log
    assert {job.result for job in (differs, exchanged, unreviewed)} == {"failure"}
    assert [item.method for item in forge.sandbox.requests if item.method != "GET"] == []


def test_a_plan_that_only_says_it_is_the_reviewed_one_is_not(forge: Forge) -> None:
    """Its id is made of all that it holds: nobody has reviewed other steps under the id that stands in the comment."""
    smuggle(forge)
    store = forge.runner.artifacts["reconciler-plan"] / "reconciler-out"
    reviewed = json.loads((store / "plan.json").read_text("utf-8"))
    fresh = forge.folder.parent / "fresh.json"
    forge.run("plan", "--out", str(fresh))
    smuggled = json.loads(fresh.read_text("utf-8")) | {"plan_id": reviewed["plan_id"]}
    (store / "plan.json").write_text(json.dumps(smuggled), "utf-8")
    done = forge.on_push()
    assert (done.result, done.outputs["exit_code"]) == ("failure", "4"), done.log
    assert "altered" in done.log
    assert [item.method for item in forge.sandbox.requests if item.method != "GET"] == []


def test_what_is_applied_was_planned_by_the_job_itself(forge: Forge) -> None:
    """Of the artifact nothing is used but what it is compared by; what else it says is its pull request's word."""
    forge.propose("gold, finance")
    forge.on_pull_request("reconciler-plan", "plan")
    forge.on_pull_request("reconciler-plan", "comment")
    plan = forge.runner.artifacts["reconciler-plan"] / "reconciler-out/plan.json"
    plan.write_text(json.dumps(json.loads(plan.read_text("utf-8")) | {"created_at": "2020-01-01T00:00:00+00:00"}))
    forge.merge()
    done = forge.on_push()
    assert done.result == "success", done.log
    assert [item.path for item in forge.sandbox.requests if item.method == "POST" and item.path.endswith("/tags")]


def test_guards_are_those_of_the_branch_before_the_merge(forge: Forge) -> None:
    """What was merged cannot loosen what judges it, even where its own pipeline planned without the guards."""
    write(forge.folder, {"manifests/policy.yaml": POLICY % "false"})
    forge.base = commit(forge.folder, "nothing may change")
    forge.propose("gold, finance")
    write(forge.folder, {"manifests/policy.yaml": POLICY % "true"})
    forge.head = commit(forge.folder, "everything may")
    action = forge.folder / ".github/actions/reconciler/run.sh"
    ours = action.read_text("utf-8")
    action.write_text(ours.replace('--guards-from "$BASE"', ""), "utf-8")
    assert forge.on_pull_request("reconciler-plan", "plan").result == "success"
    assert forge.on_pull_request("reconciler-plan", "comment").result == "success"
    action.write_text(ours, "utf-8")
    forge.merge()
    done = forge.on_push()
    assert (done.result, "nothing may change" in done.log) == ("failure", True), done.log
    assert [item.method for item in forge.sandbox.requests if item.method != "GET"] == []


def test_a_pull_request_for_another_branch_is_no_review_of_this_one(forge: Forge) -> None:
    """Whoever approves there need not be who approves here; and before the first push there are no guards."""
    forge.propose("gold, finance")
    forge.on_pull_request("reconciler-plan", "plan")
    forge.on_pull_request("reconciler-plan", "comment")
    forge.merge()
    ((merged, (pull,)),) = forge.runner.github["pulls"].items()
    forge.runner.tell(pulls={merged: [pull | {"base": {"ref": "playground"}}]})
    elsewhere = forge.on_push()
    assert "no plan of it was reviewed" in elsewhere.log
    forge.runner.tell(pulls={merged: [pull]})
    forge.base = "0" * 40
    first = forge.on_push()
    assert f"there is no commit '{forge.base}' here" in first.log
    assert {job.result for job in (elsewhere, first)} == {"failure"}
    assert [item.method for item in forge.sandbox.requests if item.method != "GET"] == []


def test_drift_opens_updates_and_closes_one_issue(forge: Forge) -> None:
    """Somebody shares a dataset by hand, twice; then it is put right."""
    forge.apply()
    forge.runner.tell(applies=[{"head_sha": forge.base}])
    for tag in ("rogue", "another"):
        post(f"{forge.url}/api/data/ui/v3/datasources/{ROLES}/tags", ["gold", tag])
        drifted = forge.on_schedule()
        assert drifted.result == "success", drifted.log
        assert drifted.outputs["has_changes"] == "true"
        (issue,) = forge.runner.github["issues"]
        assert issue["state"] == "open"
        assert "### Somebody changed it\n" in issue["body"]
        assert tag in issue["body"]
    forge.apply()
    calm = forge.on_schedule()
    assert calm.result == "success", calm.log
    assert [issue["state"] for issue in forge.runner.github["issues"]] == ["closed"]


def test_the_issue_s_title_says_whether_anybody_changed_anything(forge: Forge) -> None:
    """What was merged and is not applied yet is nobody's doing; the title follows what moves later."""
    forge.apply()
    forge.runner.tell(applies=[{"head_sha": forge.base}])
    write(forge.folder, {"manifests/roles.yaml": DATASET % "gold, finance"})
    commit(forge.folder, "merged, not applied yet")
    titles = []
    for tag in ("gold", "rogue"):
        post(f"{forge.url}/api/data/ui/v3/datasources/{ROLES}/tags", ["gold", tag])
        assert forge.on_schedule().result == "success"
        (issue,) = forge.runner.github["issues"]
        titles.append(issue["title"])
    assert titles == [
        "1 of 1 datasets differs from the manifests, only by what is not applied yet",
        "1 of 1 datasets differs from the manifests",
    ]


def test_the_action_installs_what_the_repository_pins(tmp_path: Path) -> None:
    """Into a folder of its own, first on the PATH; a file that names nothing is told."""
    wheel = tiny_wheel(tmp_path)
    for text, code in ((f"{wheel}\n", 0), ("# nothing yet\n", 1)):
        (tmp_path / "requirements.txt").write_text(text)
        environment = {
            **os.environ,
            "REQUIREMENTS": str(tmp_path / "requirements.txt"),
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_PATH": str(tmp_path / "path"),
            "PIP_NO_INDEX": "1",
        }
        script = ROOT / ".github/actions/reconciler/install.sh"
        done = subprocess.run(["bash", str(script)], env=environment, capture_output=True, text=True, check=False)  # noqa: S603, S607
        assert done.returncode == code, done.stdout + done.stderr
    assert "names nothing to install" in done.stdout
    assert (tmp_path / "path").read_text() == f"{tmp_path}/reconciler/bin\n"


def test_the_action_of_this_repository_is_the_one_that_init_writes() -> None:
    """There is one action."""
    written = {path: text for path, text in ci_files("github").items() if path.startswith(".github/actions/")}
    assert {path: (ROOT / path).read_text("utf-8") for path in written} == written
    assert len(SYSTEMS["github"]) == 7


@pytest.mark.parametrize("text", [*WORKFLOWS, (ROOT / ".github/workflows/ci.yml").read_text("utf-8")])
def test_workflows_keep_the_rules(text: str) -> None:
    """No permission but what a job names, actions pinned, nothing expanded in a shell, no trigger with foreign code."""
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in text
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert job["timeout-minutes"]
        secrets = [step for step in job["steps"] if "secrets." in str(step)]
        assert not secrets or job["environment"]
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            uses = step.get("uses", "./")
            assert uses.startswith("./") or len(uses.partition("@")[2]) == 40
            if uses.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
