"""A runner for GitHub workflows, as far as ours need one: expressions, composite actions, artifacts, command files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
LISTED = re.compile(r"""!contains\(fromJSON\('(?P<list>[^']+)'\), (?P<what>[\w.]+)\)""")


@dataclass
class Job:
    """What a job left behind."""

    result: str
    log: str
    summary: str
    outputs: dict[str, str]


@dataclass
class Runner:
    """One repository's runner; artifacts outlive runs.

    `github` is what the stand-in for GitHub's API knows; see `gh.py`.
    """

    repository: Path
    home: Path
    secrets: Mapping[str, str]
    artifacts: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bin = self.home / "bin"
        self.bin.mkdir(parents=True)
        self.state = self.home / "github.json"
        self.state.write_text(json.dumps({"comments": {}, "issues": [], "pulls": {}, "runs": [], "applies": []}))
        self._tool("gh", f'exec "{sys.executable}" "{Path(__file__).with_name("gh.py")}" "$@"')
        code = "from reconciler.cli import main; main()"
        self._tool("reconciler", f"exec '{sys.executable}' -c '{code}' \"$@\"")

    def _tool(self, name: str, line: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    @property
    def github(self) -> dict[str, Any]:
        """What the stand-in for GitHub knows."""
        found: dict[str, Any] = json.loads(self.state.read_text())
        return found

    def tell(self, **facts: Any) -> None:
        """Have the stand-in for GitHub know more."""
        self.state.write_text(json.dumps(self.github | facts))

    def run(self, workflow: str, job: str, event: Mapping[str, Any], sha: str) -> Job:
        """Run one job of a workflow on the commit that is checked out."""
        text = (self.repository / ".github/workflows" / f"{workflow}.yml").read_text("utf-8")
        return _Run(self, {"event": event, "sha": sha, "token": "gh-token", "repository": "acme/data"}).job(
            yaml.safe_load(text)["jobs"][job]
        )


class _Run:
    def __init__(self, runner: Runner, github: Mapping[str, Any]) -> None:
        self.runner, self.github = runner, github
        self.folder = Path(tempfile.mkdtemp(prefix="run-", dir=runner.home))
        self.log, self.failed = "", False
        self.steps: dict[str, Any] = {}

    def job(self, job: Mapping[str, Any]) -> Job:
        outputs: dict[str, str] = {}
        for step in job["steps"]:
            always = "always()" in str(step.get("if", ""))
            if not self.failed or always:
                outputs |= self.step(step, {"github": self.github, "secrets": self.runner.secrets})
        summary = self.folder / "summary"
        shown = summary.read_text("utf-8") if summary.exists() else ""
        return Job("failure" if self.failed else "success", self.log, shown, outputs)

    def step(self, step: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, str]:
        known = {**known, "steps": self.steps}
        given = {name: self.fill(str(value), known) for name, value in step.get("with", {}).items()}
        environment = {name: self.fill(str(value), known) for name, value in step.get("env", {}).items()}
        uses = step["uses"].partition("@")[0]
        outputs: dict[str, str] = {}
        match uses:
            case "actions/checkout":
                assert given["persist-credentials"] == "False"
            case "actions/upload-artifact":
                self.upload(given)
            case "actions/download-artifact":
                shutil.copytree(self.runner.artifacts[given["name"]], self.runner.repository, dirs_exist_ok=True)
            case _:
                outputs = self.composite(self.runner.repository / uses, given, environment)
        if "id" in step:
            self.steps[step["id"]] = {"outputs": outputs}
        return outputs

    def upload(self, given: Mapping[str, str]) -> None:
        store = self.folder / f"artifact-{given['name']}"
        for name in given["path"].split():
            source = self.runner.repository / name
            if source.is_dir():
                shutil.copytree(source, store / name)
            elif source.exists():
                (store / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, store / name)
        self.runner.artifacts[given["name"]] = store

    def composite(self, folder: Path, given: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
        action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        defaults = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()}
        assert set(given) <= set(defaults)
        known: dict[str, Any] = {"inputs": {**defaults, **given}, "steps": {}}
        for step in action["runs"]["steps"]:
            if "if" in step and not self.holds(step["if"], known):
                continue
            if step["name"] == "Install":
                continue  # has a test of its own
            outside = {name: self.fill(value, known) for name, value in step["env"].items()}
            outputs = self.shell(step["run"], {**environment, **outside, "GITHUB_ACTION_PATH": str(folder)})
            known["steps"][step["id"]] = {"outputs": outputs}
        return {name: self.fill(spec["value"], known) for name, spec in action["outputs"].items()}

    def shell(self, script: str, environment: Mapping[str, str]) -> dict[str, str]:
        assert "${{" not in script
        written = self.folder / "output"
        written.write_text("")
        whole = {
            "PATH": f"{self.runner.bin}:{os.environ['PATH']}",
            "HOME": str(self.runner.home),
            "GITHUB_OUTPUT": str(written),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_REPOSITORY": "acme/data",
            "GITHUB_SHA": self.github["sha"],
            "GITHUB_REF_NAME": "main",
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "FAKE_GITHUB": str(self.runner.state),
            **environment,
        }
        done = subprocess.run(  # noqa: S603
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # noqa: S607
            cwd=self.runner.repository,
            env=whole,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += done.stdout
        self.failed = self.failed or done.returncode != 0
        return dict(line.split("=", 1) for line in written.read_text("utf-8").splitlines())

    def fill(self, text: str, known: Mapping[str, Any]) -> str:
        return EXPRESSION.sub(lambda match: str(self.look_up(match[1], known)), text)

    def look_up(self, path: str, known: Mapping[str, Any]) -> Any:
        value: Any = known
        for name in path.split("."):
            value = value.get(name, "")
        return value

    def holds(self, condition: str, known: Mapping[str, Any]) -> bool:
        match = LISTED.fullmatch(EXPRESSION.sub(r"\1", condition))
        assert match is not None
        return self.look_up(match["what"], known) not in json.loads(match["list"])
