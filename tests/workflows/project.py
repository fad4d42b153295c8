"""A project on GitLab, whose jobs run with the shells that they hold."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from reconciler.app.ci import ci_files
from tests.review.repository import git

from . import gitlab

if TYPE_CHECKING:
    from .conftest import Forge

JOBS = yaml.safe_load(ci_files("gitlab")[".gitlab/reconciler.yml"])


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
            "CI_COMMIT_BEFORE_SHA": self.forge.base,
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
        self.left((self.forge.folder / "reconciler-out/plan.json").read_bytes())

    def left(self, plan: bytes) -> None:
        """Have GitLab say that the plan job of the newest pipeline left `plan`."""
        number = str(len(self.api.jobs) + 1)
        self.api.pipelines.setdefault("7", []).insert(0, {"id": int(number), "sha": self.forge.head})
        self.api.jobs[number] = [{"id": int(number), "name": "reconciler-plan", "status": "success"}]
        self.api.plans[number] = plan

    def merge(self) -> None:
        """Merge it."""
        self.forge.merge()
        self.says(git(self.forge.folder, "rev-parse", "HEAD"))

    def says(self, sha: str) -> None:
        """Have GitLab say that merging the merge request made `sha`."""
        self.api.merged[sha] = [{"iid": 7, "state": "merged", "target_branch": "main", "sha": self.forge.head}]

    @property
    def writes(self) -> list[str]:
        """What was sent to the vendor to change something."""
        return [f"{item.method} {item.path}" for item in self.forge.sandbox.requests if item.method != "GET"]
