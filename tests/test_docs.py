"""What the documents promise holds."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

from reconciler.app.codes import CODES
from reconciler.cli.overview import COMMANDS
from reconciler.manifests.yaml import read

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CODE_AT = {"Diagnostic": 0, "Failed": 1, "Complaint": 1, "blocked": 2, "unknown_name": 0}
"""Which argument of what raises a diagnostic is its code."""


def test_every_code_that_is_raised_is_explained() -> None:
    """Whatever names a code, `reconciler explain` knows it."""
    calls = [
        node
        for path in (ROOT / "reconciler").rglob("*.py")
        if "sandbox" not in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODE_AT
    ]
    named = [call.args[CODE_AT[call.func.id]] for call in calls if isinstance(call.func, ast.Name) and call.args]
    raised = {str(code.value) for code in named if isinstance(code, ast.Constant)}
    assert len(raised) > 20
    assert sorted(raised - set(CODES)) == []


def test_nothing_committed_names_a_package_index() -> None:
    """No lock file, no index address."""
    words = ("pythonhosted", "/simple/", "registry.npm")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()  # noqa: S607
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace") for name in listed.split("\0") if name}
    texts.pop("tests/test_docs.py", None)
    assert [name for name, text in texts.items() if any(word in text for word in words)] == []


def test_the_pre_commit_hooks_are_commands() -> None:
    """What `.pre-commit-hooks.yaml` offers can be run."""
    hooks = read((ROOT / ".pre-commit-hooks.yaml").read_bytes()).documents[0].data
    assert isinstance(hooks, list)
    assert [hook["entry"] for hook in hooks] == ["reconciler validate", "reconciler fmt"]
    assert {hook["entry"].split()[1] for hook in hooks} <= set(COMMANDS)
