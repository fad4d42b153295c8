"""Whoever asks for a machine's format gets a document of it, even where a command cannot begin: with why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from reconciler.cli.entry import run
from tests.review.repository import commit, git

from .test_exits import MANIFEST, WORKSPACE

SCHEMAS = Path(__file__).parents[2] / "schemas"
READERS: Mapping[str, Callable[[str], list[str]]] = {
    "json": lambda text: [item["code"] for item in json.loads(text)["diagnostics"]],
    "sarif": lambda text: [item["ruleId"] for item in json.loads(text)["runs"][0]["results"]],
    "junit": lambda text: [item.attrib["type"] for item in ET.fromstring(text).iter("failure")],  # noqa: S314 - ours
    "codequality": lambda text: [item["check_name"] for item in json.loads(text)],
    "github": lambda text: [line.rpartition("title=")[2].partition("::")[0] for line in text.splitlines()],
}
"""How a machine reads the codes of what is wrong out of each format."""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a repository; its target's token is in no variable."""
    monkeypatch.chdir(tmp_path)
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    (manifests / "workspace.yaml").write_text(WORKSPACE)
    (manifests / "roles.yaml").write_text(MANIFEST)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "begin")
    return manifests


FORMATS: Mapping[str, tuple[str, ...]] = {
    "plan": ("json",),
    "plan merge part.json": ("json",),
    "drift": ("json", "sarif", "junit", "github"),
    "access --dataset * --live": ("json",),
    "review --base HEAD": ("json", "sarif", "junit", "codequality", "github"),
    "retention simulate": ("json",),
}


@pytest.mark.parametrize(("command", "shape"), [(name, shape) for name, shapes in FORMATS.items() for shape in shapes])
def test_a_mistake_in_a_manifest_is_in_the_document(
    command: str, shape: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file looks like nothing was found; the reason alone on stderr is lost to a scanner."""
    (workspace / "roles.yaml").write_text(MANIFEST.replace("tags", "tag"))
    assert run([*command.split(), "--format", shape]) == 1
    out, err = capsys.readouterr()
    assert READERS[shape](out) == ["unknown-key"]
    assert err == 'Error:\nmanifests/roles.yaml:4:8: unknown-key unknown key "tag"\n  Did you mean tags?\n'


@pytest.mark.parametrize("shape", READERS)
def test_a_mistake_in_a_base_or_a_missing_base_is_in_the_document(
    shape: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in no file is put where the workspace is: scanners take nothing else."""
    assert run(["review", "--base", "nowhere", "--format", shape]) == 1
    assert READERS[shape](capsys.readouterr().out) == ["git-unreadable"]
    (workspace / "roles.yaml").write_text(MANIFEST.replace("tags", "tag"))
    commit(workspace.parent, "mistake")
    (workspace / "roles.yaml").write_text(MANIFEST)
    assert run(["review", "--base", "HEAD", "--format", shape]) == 1
    assert READERS[shape](capsys.readouterr().out) == ["unknown-key"]


@pytest.mark.parametrize("command", ["plan", "drift", "access --dataset * --live"])
def test_a_missing_token_is_in_the_document(command: str, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that it is errored, and is no plan: that would name what it was made from and what was read."""
    del workspace
    said: dict[str, Any] = {
        "format_version": "1.0",
        "errored": True,
        "complete": False,
        "diagnostics": [
            {
                "code": "token-missing",
                "severity": "error",
                "summary": "the token of target acme is missing: the environment variable DOMO_TOKEN is not set",
                "address": None,
                "facet": None,
                "hint": "export DOMO_TOKEN=...",
                "source": {"file": "manifests/workspace.yaml", "line": 4, "column": 50},
            }
        ],
    }
    if command == "drift":
        said |= {"summary": {"datasets": 0, "drifted": 0, "pending": 0, "differences": 0, "ignored": 0}, "drift": []}
    assert run([*command.split(), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == said


def test_drift_that_could_not_be_looked_for_is_a_document_of_drift(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of no dataset, errored and incomplete: whoever reads drift finds all the keys."""
    del workspace
    assert run(["drift", "--format", "json"]) == 1
    schema = json.loads((SCHEMAS / "drift.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(capsys.readouterr().out))


def test_one_document_is_printed_and_no_second_one(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What fails after the result was printed is told beside it."""
    monkeypatch.setenv("DOMO_TOKEN", "sandbox-token")
    (workspace.parent / "link").symlink_to("elsewhere")
    assert run(["drift", "--format", "json", "--metrics", "link"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["errored"] is False
    assert "metrics-unwritten" in err


def test_people_get_no_document(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They read what is wrong once."""
    del workspace
    for shape in ("text", "markdown", "html"):
        assert run(["drift", "--format", shape]) == 1
        assert capsys.readouterr().out == ""
