"""A repository with the pipelines, a pull request in it, and the sandbox for a vendor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.app.ci import ci_files
from reconciler.app.starting import start
from reconciler.sandbox import Sandbox, documents_seed
from tests.review.repository import commit, git, write
from tests.support.playing import PRINCIPALS, SOMEBODY_ELSE, TOKEN, WORKSPACE

from . import gitlab
from .project import Project
from .runner import Job, Runner

DATASET = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: roles, target: acme, id: 94a4edfa-5926-4f0c-ad1e-a341f53f6113}
spec:
  tags: [%s]
  permissions:
    - {principal: user:governance-bot, access: CO_OWNER}
    - {principal: group:editors, access: CAN_VIEW}
"""


@dataclass
class Forge:
    """A repository on a forge, with pull request 7 from the branch `change` to `main`."""

    folder: Path
    runner: Runner
    sandbox: Sandbox
    base: str
    url: str
    head: str = ""

    def propose(self, tags: str) -> None:
        """Open or update the pull request."""
        git(self.folder, "switch", "--quiet", "--force-create", "change", "main")
        write(self.folder, {"manifests/roles.yaml": DATASET % tags})
        self.head = commit(self.folder, "change")

    def on_pull_request(self, workflow: str, job: str) -> Job:
        """Run a job for the pull request."""
        event = {"pull_request": {"number": 7, "base": {"sha": self.base}, "head": {"sha": self.head}}}
        done = self.runner.run(workflow, job, event, self.head)
        if workflow == "reconciler-plan" and job == "plan" and done.result == "success":
            self.runner.tell(runs=[{"id": 41, "head_sha": self.head}])
        return done

    def merge(self) -> None:
        """Merge the pull request."""
        git(self.folder, "switch", "--quiet", "main")
        git(self.folder, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
        shutil.rmtree(self.folder / "reconciler-out", ignore_errors=True)
        self.base = git(self.folder, "rev-parse", "HEAD^")
        merged = git(self.folder, "rev-parse", "HEAD")
        pulls = [{"number": 7, "merged_at": "2026-01-01", "base": {"ref": "main"}, "head": {"sha": self.head}}]
        self.runner.tell(pulls={merged: pulls})

    def apply(self) -> None:
        """Apply what is checked out, by hand."""
        self.run("apply", "--auto-approve")

    def run(self, *arguments: str) -> None:
        """Run a command on what is checked out, by hand."""
        environment = {**os.environ, **self.runner.secrets}
        words = [str(self.runner.bin / "reconciler"), *arguments]
        done = subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr

    def on_push(self) -> Job:
        """Run the job that applies."""
        event = {"before": self.base}
        return self.runner.run("reconciler-apply", "apply", event, git(self.folder, "rev-parse", "HEAD"))

    def on_schedule(self) -> Job:
        """Run the jobs that watch for drift."""
        shutil.rmtree(self.folder / "reconciler-out", ignore_errors=True)
        sha = git(self.folder, "rev-parse", "HEAD")
        done = self.runner.run("reconciler-drift", "drift", {}, sha)
        issue = self.runner.run("reconciler-drift", "issue", {}, sha)
        assert issue.result == "success", issue.log
        return done


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    folder = tmp_path / "repository"
    write(folder, {"manifests/principals.yaml": PRINCIPALS, ".gitignore": ".reconciler/\nreconciler-out/\n"})
    start(folder, "github")
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        write(folder, {"manifests/workspace.yaml": WORKSPACE.format(url=server.url)})
        write(folder, {"manifests/roles.yaml": DATASET % "gold"})
        git(folder, "init", "--quiet", "--initial-branch", "main")
        base = commit(folder, "base")
        runner = Runner(folder, tmp_path / "runner", {"DOMO_TOKEN": TOKEN})
        yield Forge(folder, runner, sandbox, base, server.url)
    sandbox.close()


@pytest.fixture
def project(forge: Forge, tmp_path: Path) -> Iterator[Project]:
    write(forge.folder, ci_files("gitlab"))
    write(forge.folder, {".gitlab/reconciler-requirements.txt": f"{tiny_wheel(tmp_path)}\n"})
    forge.base = commit(forge.folder, "pipelines")
    api = gitlab.GitLab()
    with gitlab.serving(api):
        yield Project(forge, api, tmp_path, {"RECONCILER_GITLAB_TOKEN": gitlab.TOKEN})


def post(url: str, body: object) -> None:
    """Change something as somebody else does."""
    headers = {"X-DOMO-Developer-Token": SOMEBODY_ELSE, "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers, method="POST")  # noqa: S310
    urllib.request.urlopen(request, timeout=60).close()  # noqa: S310


def tiny_wheel(folder: Path) -> Path:
    """A package that installs without an index."""
    wheel = folder / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        archive.writestr(
            "tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tiny-1.dist-info/RECORD", "")
    return wheel
