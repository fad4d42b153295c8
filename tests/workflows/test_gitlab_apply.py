"""GitLab's job that applies: what it takes for reviewed, and what it then does."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.review.repository import commit, git, write

from .conftest import DATASET
from .project import JOBS, Project


def test_what_was_planned_and_reviewed_is_applied_after_the_merge(project: Project) -> None:
    """The newest pipeline's plan; the second time there is nothing to apply."""
    project.plan("gold, finance")
    project.plan("gold, sales")
    project.merge()
    applied = project.play("reconciler-apply")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "Apply: " in applied.stdout
    assert len(project.writes) == 2
    again = project.play("reconciler-apply")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "there is nothing to apply" in again.stdout
    assert (project.forge.folder / "reconciler-out/new-ids.patch").read_text("utf-8") == ""


def test_nothing_else_is_applied(project: Project) -> None:
    """Neither what nobody planned or reviewed, nor what the default branch does not ask for."""
    project.plan("gold, finance")
    project.merge()
    merged = git(project.forge.folder, "rev-parse", "HEAD")
    project.api.jobs["1"][0]["status"] = "failed"
    unplanned = project.play("reconciler-apply")
    assert "merge request 7 has no plan for its last commit; open another merge request" in unplanned.stderr
    project.api.jobs["1"][0]["status"] = "success"
    project.api.pipelines["7"][0]["sha"] = project.forge.base
    older = project.play("reconciler-apply")
    assert "merge request 7 has no plan for its last commit" in older.stderr
    project.api.pipelines["7"][0]["sha"] = project.forge.head
    write(project.forge.folder, {"manifests/roles.yaml": DATASET % "gold, smuggled"})
    after = commit(project.forge.folder, "after the review")
    unreviewed = project.play("reconciler-apply")
    assert "so no plan of it was reviewed" in unreviewed.stderr
    project.says(after)
    differs = project.play("reconciler-apply")
    assert "is not what was reviewed" in differs.stderr
    project.says(merged)
    no_token = project.play("reconciler-apply", RECONCILER_GITLAB_TOKEN="")
    assert "is RECONCILER_GITLAB_TOKEN set, with read_api?" in no_token.stderr
    assert [job.returncode for job in (unplanned, older, unreviewed, differs, no_token)] == [3, 3, 3, 4, 1]
    assert project.writes == []


def test_an_apply_that_failed_in_part_says_how_to_go_on(project: Project) -> None:
    """From its artifact: the machine that it ran on is gone."""
    project.plan("gold, finance")
    project.merge()
    project.forge.sandbox.faults.script("POST", "*/tags", "401")
    done = project.play("reconciler-apply")
    assert done.returncode == 5, done.stdout + done.stderr
    assert done.stdout.endswith("into it, and run there, with tokens that write:\n  reconciler apply --resume\n")
    assert ".reconciler/undo" in JOBS["reconciler-apply"]["artifacts"]["paths"]


@pytest.mark.parametrize("left", ['{"steps": []}', "[]", "{}"])
def test_an_artifact_that_is_no_such_plan_is_not_what_was_reviewed(project: Project, left: str) -> None:
    """A merge request's own pipeline made it: it may hold anything."""
    project.plan("gold, finance")
    project.merge()
    project.api.plans["1"] = left.encode()
    done = project.play("reconciler-apply")
    assert (done.returncode, "is not what was reviewed" in done.stderr) == (4, True), done.stderr
    assert "Traceback" not in done.stderr
    assert project.writes == []


def test_what_is_applied_was_planned_by_the_job_itself(project: Project) -> None:
    """Of the artifact nothing is used but what it is compared by; what else it says is its merge request's word."""
    project.plan("gold, finance")
    project.merge()
    project.api.plans["1"] = json.dumps(json.loads(project.api.plans["1"]) | {"plan_id": "0" * 64}).encode()
    done = project.play("reconciler-apply")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(project.writes) == 2


def test_guards_are_those_of_the_branch_before_the_merge(project: Project) -> None:
    """What was merged cannot loosen what judges it; where the guards of before cannot be read, nothing is applied."""
    folder = project.forge.folder
    git(folder, "switch", "--quiet", "--create", "unreadable")
    write(folder, {"manifests/workspace.yaml": "kind: ["})
    unreadable = commit(folder, "unreadable")
    git(folder, "switch", "--quiet", "main")
    project.plan("gold, finance")
    project.merge()
    done = project.play("reconciler-apply", CI_COMMIT_BEFORE_SHA=unreadable)
    assert (done.returncode, f"the guards at {unreadable} cannot be read" in done.stderr) == (1, True), done.stderr
    assert project.writes == []


@pytest.mark.parametrize("answer", ["[{}]", "[7]", "{}x", "7"])
def test_what_is_no_answer_of_gitlab_is_told_in_a_sentence(project: Project, answer: str) -> None:
    """A proxy, or another version, may say anything."""
    project.plan("gold, finance")
    project.merge()
    project.api.raw = answer.encode()
    done = project.play("reconciler-apply")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "GitLab could not be asked" in done.stderr


def test_new_ids_are_looked_for_in_the_workspace(project: Project) -> None:
    """Wherever it is."""
    git(project.forge.folder, "mv", "manifests", "elsewhere")
    project.forge.base = commit(project.forge.folder, "move")
    project.variables["RECONCILER_WORKSPACE"] = "elsewhere"
    (line,) = (line for line in JOBS["reconciler-apply"]["script"] if "new-ids.patch" in line)
    roles = project.forge.folder / "elsewhere/roles.yaml"
    roles.write_text(roles.read_text("utf-8") + "# changed\n", "utf-8")
    (project.forge.folder / "reconciler-out").mkdir()
    subprocess.run(["bash", "-ec", line], cwd=project.forge.folder, env={**os.environ, **project.variables}, check=True)  # noqa: S603, S607
    assert "# changed" in (project.forge.folder / "reconciler-out/new-ids.patch").read_text("utf-8")
