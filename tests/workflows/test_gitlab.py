"""GitLab's jobs, with the shells that they hold: findings, the plan's widget, drift."""

from __future__ import annotations

import json
import os
import subprocess
from xml.etree import ElementTree as ET

import pytest
import yaml

from reconciler.app.ci import ci_files
from tests.review.repository import commit, write

from .conftest import DATASET, Forge

JOBS = yaml.safe_load(ci_files("gitlab")[".gitlab/reconciler.yml"])


def play(forge: Forge, job: str) -> subprocess.CompletedProcess[str]:
    """Run a job's script as a GitLab runner does: every line in one shell that stops at the first failure."""
    environment = {
        **os.environ,
        **forge.runner.secrets,
        "PATH": f"{forge.runner.bin}:{os.environ['PATH']}",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": forge.base,
    }
    lines = ["mkdir -p reconciler-out", *JOBS[job]["script"]]
    return subprocess.run(  # noqa: S603
        ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],  # noqa: S607
        cwd=forge.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_merge_request_gets_findings_and_the_widget(forge: Forge) -> None:
    """JUnit, code quality and GitLab's own plan widget."""
    forge.propose("gold, finance")
    done = play(forge, "reconciler-review")
    assert done.returncode == 0, done.stdout + done.stderr
    out = forge.folder / "reconciler-out"
    assert ET.parse(out / "validate.xml").getroot().tag == "testsuites"  # noqa: S314 - our own text
    assert json.loads((out / "codequality.json").read_text("utf-8")) == []
    done = play(forge, "reconciler-plan")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((out / "widget.json").read_text("utf-8")) == {"create": 0, "update": 1, "delete": 0}


def test_a_mistake_is_shown_beside_its_line(forge: Forge) -> None:
    """The job fails, and the code quality report has the place."""
    forge.propose("gold")
    write(forge.folder, {"manifests/roles.yaml": (DATASET % "gold").replace("CAN_VIEW", "CAN_VEIW")})
    forge.head = commit(forge.folder, "mistake")
    assert play(forge, "reconciler-review").returncode == 1
    (found,) = json.loads((forge.folder / "reconciler-out/codequality.json").read_text("utf-8"))
    assert found["check_name"] == "unknown-access-level"
    assert found["severity"] == "blocker"
    assert found["location"] == {"path": "manifests/roles.yaml", "lines": {"begin": 8}}


def test_drift_fails_the_scheduled_job(forge: Forge) -> None:
    """Its log and its artifact say what moved."""
    done = play(forge, "reconciler-drift")
    assert done.returncode == 2
    assert "## 1 of 1 datasets differs from the manifests" in done.stdout


@pytest.mark.parametrize("job", ["reconciler-review", "reconciler-plan", "reconciler-apply", "reconciler-drift"])
def test_artifacts_are_for_developers(job: str) -> None:
    """Plans and reviews name people, and GitLab lets guests read artifacts unless told otherwise."""
    assert JOBS[job]["artifacts"]["access"] == "developer"
