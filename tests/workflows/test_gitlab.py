"""GitLab's jobs, from a merge request to an apply and a watch for drift, with the shells that they hold."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from reconciler.app.ci import ci_files
from tests.review.repository import commit, git, write

from . import gitlab
from .conftest import DATASET, Forge, post, tiny_wheel

JOBS = yaml.safe_load(ci_files("gitlab")[".gitlab/reconciler.yml"])
NAMES = ("reconciler-review", "reconciler-plan", "reconciler-apply", "reconciler-drift")
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"


@dataclass
class Project:
    """A project on GitLab: a forge, its runner and its API."""

    forge: Forge
    api: gitlab.GitLab
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def play(self, job: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a job as a GitLab runner does: every line, one shell, the end at the first that fails."""
        environment: Mapping[str, str] = {
            "PATH": f"{self.forge.runner.bin}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "PIP_NO_INDEX": "1",
            "PIP_TARGET": str(self.home / "installed"),
            "CI": "true",
            "CI_API_V4_URL": self.api.url,
            "CI_PROJECT_ID": "5",
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_SHA": git(self.forge.folder, "rev-parse", "HEAD"),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.forge.base,
            **JOBS[".reconciler"]["variables"],
            **self.variables,
            **self.forge.runner.secrets,
            **more,
        }
        lines = [*JOBS[".reconciler"]["before_script"], *JOBS[job]["script"]]
        assert "${{" not in str(lines)
        return subprocess.run(  # noqa: S603
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(lines)],  # noqa: S607
            cwd=self.forge.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def plan(self, tags: str) -> None:
        """Open merge request 7, or push to it, and have it planned."""
        self.forge.propose(tags)
        done = self.play("reconciler-plan")
        assert done.returncode == 0, done.stdout + done.stderr
        number = str(len(self.api.jobs) + 1)
        self.api.pipelines.setdefault("7", []).insert(0, {"id": int(number)})
        self.api.jobs[number] = [{"id": int(number), "name": "reconciler-plan", "status": "success"}]
        self.api.plans[number] = (self.forge.folder / "reconciler-out/plan.json").read_bytes()

    def merge(self) -> None:
        """Merge it."""
        self.forge.merge()
        self.says(git(self.forge.folder, "rev-parse", "HEAD"))

    def says(self, sha: str) -> None:
        """Have GitLab say that merging the merge request made `sha`."""
        self.api.merged[sha] = [{"iid": 7, "state": "merged", "target_branch": "main"}]

    @property
    def writes(self) -> list[str]:
        """What was sent to the vendor to change something."""
        return [f"{item.method} {item.path}" for item in self.forge.sandbox.requests if item.method != "GET"]


@pytest.fixture
def project(forge: Forge, tmp_path: Path) -> Iterator[Project]:
    write(forge.folder, ci_files("gitlab"))
    write(forge.folder, {".gitlab/reconciler-requirements.txt": f"{tiny_wheel(tmp_path)}\n"})
    forge.base = commit(forge.folder, "pipelines")
    api = gitlab.GitLab()
    with gitlab.serving(api):
        yield Project(forge, api, tmp_path, {"RECONCILER_GITLAB_TOKEN": gitlab.TOKEN})


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
    """Neither what nobody planned or reviewed, nor what the default branch does not ask for, nor an altered plan."""
    project.plan("gold, finance")
    project.merge()
    merged = git(project.forge.folder, "rev-parse", "HEAD")
    altered = json.loads(project.api.plans["1"]) | {"plan_id": "0" * 64}
    kept, project.api.plans["1"] = project.api.plans["1"], json.dumps(altered).encode()
    exchanged = project.play("reconciler-apply")
    assert (exchanged.returncode, "altered" in exchanged.stderr) == (4, True), exchanged.stderr
    project.api.plans["1"] = kept
    project.api.jobs["1"][0]["status"] = "failed"
    unplanned = project.play("reconciler-apply")
    assert "merge request 7 has no plan for its last commit" in unplanned.stderr
    project.api.jobs["1"][0]["status"] = "success"
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
    assert [job.returncode for job in (unplanned, unreviewed, differs, no_token)] == [3, 3, 4, 1]
    assert project.writes == []


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
