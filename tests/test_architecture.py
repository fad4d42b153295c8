"""The rooms and their doors: `[tool.importlinter]` in pyproject.toml is law."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_rooms_import_downward_and_libraries_have_one_door() -> None:
    """import-linter keeps every contract."""
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_contract_can_fail() -> None:
    """The check above is not blind: an upward import is found by the same tool."""
    import grimp  # noqa: PLC0415 - import-linter's own graph

    graph = grimp.build_graph("reconciler")
    assert graph.find_shortest_chain("reconciler.app.planning", "reconciler.planning.planner") is not None
    assert graph.find_shortest_chain("reconciler.planning.planner", "reconciler.app.planning") is None


def test_only_the_command_line_prints() -> None:
    """`print` is nowhere in the product: results leave through cli.console."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "reconciler").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []


def test_files_stay_small() -> None:
    """The orchestrator and the console are where admired projects rot."""
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "reconciler").rglob("*.py")}
    assert {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > 250} == {}


def test_nothing_tells_the_sandbox_from_the_vendor() -> None:
    """Outside cli, the one word `sandbox:` of a workspace is all that anybody knows of it."""
    rooms = ("core", "diffing", "facets", "planning", "execution", "providers", "report")
    found = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in sorted((ROOT / "reconciler" / room).rglob("*.py"))
        if "sandbox" in path.read_text("utf-8").lower()
    ]
    assert found == []


def test_a_provider_is_one_folder_and_its_line_in_the_registry() -> None:
    """Whatever else would name it, from settings of a target to words of a facet, would be touched by the next one."""
    own = ("reconciler/providers/clarifai/", "reconciler/sandbox/")
    named = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in sorted((ROOT / "reconciler").rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(own)
        for line in path.read_text("utf-8").splitlines()
        if any(word in line.lower() for word in ("clarifai", "tagskey", "tags_key", "appid", "app_id"))
    ]
    assert named == [
        # The sandbox's show sets the tokens of its example workspace.
        'reconciler/cli/commands/demo.py: TOKENS = {"DOMO_TOKEN": "sandbox-token", "CLARIFAI_PAT": "sandbox-token"}',
        "reconciler/providers/__init__.py: from . import clarifai, domo",
        "reconciler/providers/__init__.py: PROVIDERS: tuple[Provider, ...] = (domo.PROVIDER, clarifai.PROVIDER)",
    ]
