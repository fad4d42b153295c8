"""GitLab's jobs around a merge request and a watch for drift, with the shells that they hold."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from tests.review.repository import commit, write

from .conftest import DATASET, post
from .project import JOBS, Project
from .test_github import POLICY

NAMES = ("reconciler-review", "reconciler-plan", "reconciler-apply", "reconciler-drift")
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"


def test_a_merge_request_gets_findings_and_the_widget(project: Project) -> None:
    """JUnit, code quality and GitLab's own plan widget."""
    project.plan("gold, finance")
    done = project.play("reconciler-review")
    assert done.returncode == 0, done.stdout + done.stderr
    out = project.forge.folder / "reconciler-out"
    assert ET.parse(out / "validate.xml").getroot().tag == "testsuites"  # noqa: S314 - our own text
    assert json.loads((out / "codequality.json").read_text("utf-8")) == []
    assert json.loads((out / "widget.json").read_text("utf-8")) == {"create": 0, "update": 1, "delete": 0}


def test_a_mistake_is_shown_beside_its_line(project: Project) -> None:
    """The job fails, and the code quality report has the place; where there is no plan, no widget is made."""
    project.forge.propose("gold")
    write(project.forge.folder, {"manifests/roles.yaml": (DATASET % "gold").replace("CAN_VIEW", "CAN_VEIW")})
    commit(project.forge.folder, "mistake")
    assert project.play("reconciler-review").returncode == 1
    (found,) = json.loads((project.forge.folder / "reconciler-out/codequality.json").read_text("utf-8"))
    assert found["check_name"] == "unknown-access-level"
    assert found["severity"] == "blocker"
    assert found["location"] == {"path": "manifests/roles.yaml", "lines": {"begin": 8}}
    planned = project.play("reconciler-plan")
    assert planned.returncode == 1
    assert "Traceback" not in planned.stderr


def test_who_gains_access_is_told_although_a_policy_is_broken(project: Project) -> None:
    """Beside the lines and in the log, with what the policies found in the rest; the job fails with 3."""
    other = (DATASET % "gold").replace("roles", "other").replace("94a4edfa", "94a4edfb")
    policy = POLICY % "dataset.name != 'other'"
    write(project.forge.folder, {"manifests/policy.yaml": policy, "manifests/other.yaml": other})
    project.forge.base = commit(project.forge.folder, "a policy, and what breaks it")
    write(project.forge.folder, {"manifests/roles.yaml": (DATASET % "gold").replace("CAN_VIEW", "CAN_EDIT")})
    commit(project.forge.folder, "change")
    done = project.play("reconciler-review")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Review: 1 changed, 0 new, 0 no longer governed." in done.stdout
    found = json.loads((project.forge.folder / "reconciler-out/codequality.json").read_text("utf-8"))
    told = {(item["check_name"], item["location"]["path"]) for item in found}
    assert told >= {("policy-violated", "manifests/other.yaml"), ("access-changed", "manifests/roles.yaml")}, told


def test_drift_is_looked_at_although_gitlab_does_not_answer(project: Project) -> None:
    """Then nobody can say who, and still what."""
    project.forge.apply()
    post(f"{project.forge.url}/api/data/ui/v3/datasources/{ROLES}/tags", ["gold", "rogue"])
    project.api.raw = b"down for maintenance"
    done = project.play("reconciler-drift")
    assert done.returncode == 2, done.stderr
    assert "## 1 of 1 datasets differs from the manifests" in done.stdout


def test_drift_fails_the_scheduled_job(project: Project) -> None:
    """Its log and its artifact say what moved; and who, when GitLab may be asked for the last apply."""
    project.forge.apply()
    post(f"{project.forge.url}/api/data/ui/v3/datasources/{ROLES}/tags", ["gold", "rogue"])
    project.api.deployments = [{"sha": project.forge.base}]
    done = project.play("reconciler-drift")
    assert done.returncode == 2, done.stderr
    assert "## 1 of 1 datasets differs from the manifests" in done.stdout
    assert "### Somebody changed it\n" in done.stdout
    assert project.play("reconciler-drift", RECONCILER_GITLAB_TOKEN="").returncode == 2


def test_a_repository_that_pins_nothing_is_told_so(project: Project) -> None:
    """Before anything runs that is not there."""
    write(project.forge.folder, {".gitlab/reconciler-requirements.txt": "# nothing yet\n"})
    done = project.play("reconciler-drift")
    assert (done.returncode, "names nothing to install" in done.stdout) == (1, True)


@pytest.mark.parametrize("job", NAMES)
def test_artifacts_are_for_developers(job: str) -> None:
    """Plans and reviews name people, and GitLab lets guests read artifacts unless told otherwise."""
    assert JOBS[job]["artifacts"]["access"] == "developer"
    assert set(NAMES) | {".reconciler"} == set(JOBS)
