"""The workflow and the Jobs that SCALE.md gives, run as their engines would run them: every shell line."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.review.repository import git

from .stage import environ, reconciler

FILES = Path(__file__).parents[2] / ".github/scale"
WORKFLOW = yaml.safe_load((FILES / "github-matrix.yml").read_text("utf-8"))
JOBS = {job["metadata"]["name"]: job for job in yaml.safe_load_all((FILES / "kubernetes-jobs.yaml").read_text("utf-8"))}
EXPRESSION = re.compile(r"\$\{\{ ([a-z]+)\.(\w+) }}")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH, in which there is `reconciler`."""
    path = tmp_path / "bin/reconciler"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c 'from reconciler.cli import main; main()' \"$@\"\n")
    path.chmod(0o755)
    return path.parent


class Forge:
    """Runs the jobs of the workflow, each on a runner that has nothing but the repository."""

    def __init__(self, repository: Path, tools: Path) -> None:
        self.repository, self.tools = repository, tools
        git(repository, "init", "--quiet", "--initial-branch", "main")
        self.applied = self.commit()
        self.artifacts: dict[str, Path] = {}

    def commit(self) -> str:
        """Commit the manifests as they are."""
        git(self.repository, "add", "manifests")
        git(self.repository, "commit", "--quiet", "--message", "manifests")
        return git(self.repository, "rev-parse", "HEAD")

    def job(self, name: str, shard: int | None = None) -> subprocess.CompletedProcess[str]:
        """What the last shell step that ran says; an artifact is kept of what was there."""
        folder = self.repository / f"runner-{name}-{shard}"
        git(self.repository, "clone", "--quiet", str(self.repository), str(folder))
        known = {"matrix": {"shard": shard}, "inputs": {"applied": self.applied}}
        done = subprocess.CompletedProcess([], 0, "", "")
        for step in WORKFLOW["jobs"][name]["steps"]:
            if done.returncode == 0 or step.get("if") == "always()":
                done = self.step(step, folder, known) or done
        return done

    def step(
        self, step: Mapping[str, Any], folder: Path, known: Mapping[str, Any]
    ) -> subprocess.CompletedProcess[str] | None:
        given = {key: fill(str(value), known) for key, value in step.get("with", {}).items()}
        if step.get("name") == "Install":
            return None  # tested with the workflows that `init --ci` writes
        if "run" in step:
            assert "${{" not in step["run"]
            more = {key: fill(str(value), known) for key, value in {**WORKFLOW["env"], **step.get("env", {})}.items()}
            whole = environ(**more, PATH=f"{self.tools}:{os.environ['PATH']}", GITHUB_STEP_SUMMARY=f"{folder}/summary")
            return subprocess.run(  # noqa: S603
                ["bash", "-e", "-c", step["run"]],  # noqa: S607
                cwd=folder,
                env=whole,
                capture_output=True,
                text=True,
                check=False,
            )
        if "upload-artifact" in step["uses"]:
            self.artifacts[given["name"]] = store = folder.with_name(f"artifact-{given['name']}")
            for path in given["path"].split():
                if (folder / path).is_dir():
                    shutil.copytree(folder / path, store / path)
                elif (folder / path).exists():
                    (store / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(folder / path, store / path)
        elif "download-artifact" in step["uses"]:
            for name in fnmatch.filter(self.artifacts, given.get("pattern") or given["name"]):
                if self.artifacts[name].exists():
                    shutil.copytree(self.artifacts[name], folder, dirs_exist_ok=True)
        return None


def fill(text: str, known: Mapping[str, Any]) -> str:
    """Expressions filled in; secrets are what the environment has."""
    return EXPRESSION.sub(
        lambda m: os.environ.get(m[2], "sandbox-token") if m[1] == "secrets" else str(known[m[1]][m[2]]), text
    )


def test_the_matrix_workflow_plans_merges_and_applies(workspace: Path, tools: Path) -> None:
    """On runners that share nothing; afterwards nothing is left to do, and each shard's log is in its chain."""
    allow(workspace)
    forge = Forge(workspace, tools)
    shards = WORKFLOW["jobs"]["plan"]["strategy"]["matrix"]["shard"]
    assert [forge.job("plan", shard).returncode for shard in shards] == [0, 0, 0]
    merged = forge.job("merge")
    assert merged.returncode == 0, merged.stderr
    summary = (workspace / "runner-merge-None/summary").read_text("utf-8")
    assert "5 to change" in summary.replace("**", ""), summary
    applied = [forge.job("apply", shard) for shard in WORKFLOW["jobs"]["apply"]["strategy"]["matrix"]["shard"]]
    assert [done.returncode for done in applied] == [0, 0, 0], [done.stderr for done in applied]
    assert reconciler(workspace, "plan", "--detailed-exitcode").returncode == 0
    for shard in shards:
        kept = forge.artifacts[f"applied-{shard}"]
        if (kept / ".reconciler").exists():
            shutil.copytree(workspace / "manifests", kept / "manifests")
            assert reconciler(kept, "audit", "verify").returncode == 0


def test_the_merge_names_the_runner_that_died(workspace: Path, tools: Path) -> None:
    """It runs although a part failed, and nothing is merged."""
    forge = Forge(workspace, tools)
    for shard in (1, 3):
        forge.job("plan", shard)
    merged = forge.job("merge")
    assert (merged.returncode, "shards missing: 2/3" in merged.stderr) == (1, True)
    assert "merged-plan" not in forge.artifacts
    assert "!cancelled()" in WORKFLOW["jobs"]["merge"]["if"]


def test_guards_are_those_of_what_was_last_applied(workspace: Path, tools: Path) -> None:
    """A limit that was loosened since still holds the merged plan."""
    forge = Forge(workspace, tools)
    allow(workspace)
    forge.commit()
    assert [forge.job("plan", shard).returncode for shard in (1, 2, 3)] == [0, 0, 0]
    merged = forge.job("merge")
    assert (merged.returncode, "5 of 12 datasets would change; the limit is 3" in merged.stderr) == (3, True)


@pytest.mark.parametrize("name", WORKFLOW["jobs"])
def test_the_workflow_runs_on_the_default_branch_only(name: str) -> None:
    """Whoever starts it names a branch; what has tokens, or is applied, is not theirs to choose."""
    assert "github.ref_name == github.event.repository.default_branch" in WORKFLOW["jobs"][name]["if"]


def test_the_jobs_plan_merge_and_apply(workspace: Path, tools: Path) -> None:
    """As many pods at once as there are completions, on one volume; a pod that is run again does nothing twice."""
    allow(workspace)
    (workspace / ".reconciler").mkdir()
    assert pods("plan", workspace, tools) == [0, 0, 0]
    assert pods("merge", workspace, tools) == [0]
    assert pods("apply", workspace, tools) == [0, 0, 0]
    assert reconciler(workspace, "plan", "--detailed-exitcode").returncode == 0
    assert reconciler(workspace, "audit", "verify").returncode == 0
    log = (workspace / ".reconciler/audit.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["step"] for line in log}) == len(log) == 5
    assert set(pods("apply", workspace, tools)) <= {0, 4}
    assert (workspace / ".reconciler/audit.jsonl").read_text("utf-8").splitlines() == log


def test_no_pod_has_a_token_of_the_cluster() -> None:
    """None asks anything of it, and each speaks with strangers' servers."""
    pods = [job["spec"]["template"]["spec"] for job in JOBS.values()]
    assert [pod["automountServiceAccountToken"] for pod in pods] == [False] * 3


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_what_the_files_say_twice_they_say_alike(name: str) -> None:
    """As many completions, parts and runners."""
    spec = JOBS[name]["spec"]
    assert (spec["completionMode"], spec["completions"]) == ("Indexed", 3)
    assert f"--shard job/{spec['completions']} " in command(name)
    assert WORKFLOW["jobs"][name]["strategy"]["matrix"]["shard"] == list(range(1, int(WORKFLOW["env"]["SHARDS"]) + 1))


def command(name: str) -> str:
    return str(JOBS[name]["spec"]["template"]["spec"]["containers"][0]["command"][-1])


def pods(name: str, workspace: Path, tools: Path) -> list[int]:
    """How the pods of a Job end; they run at the same time, and Kubernetes tells each its number."""
    count = JOBS[name]["spec"].get("completions", 1)
    running = [
        subprocess.Popen(  # noqa: S603
            ["sh", "-c", command(name)],  # noqa: S607
            cwd=workspace,
            env=environ(
                PATH=f"{tools}:{os.environ['PATH']}",
                STATE=str(workspace / ".reconciler"),
                JOB_COMPLETION_INDEX=str(index),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for index in range(count)
    ]
    return [process.wait(60) for process in running]


def allow(workspace: Path) -> None:
    """Let five of twelve datasets change."""
    path = workspace / "manifests/workspace.yaml"
    path.write_text(path.read_text("utf-8").replace("maxChangedDatasets: 30%", "maxChangedDatasets: 5"), "utf-8")
