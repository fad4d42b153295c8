"""The sandbox stands alone: it imports nothing of ours, and nothing that Python does not bring along."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import reconciler.sandbox

ISLAND = Path(reconciler.sandbox.__file__).parent


def test_the_island_imports_only_itself_and_the_standard_library() -> None:
    """Read from the sources."""
    foreign = set()
    for path in ISLAND.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign |= {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("reconciler.sandbox")} == set()


def test_the_island_starts_without_the_rest_of_the_package() -> None:
    """Asked of a fresh interpreter."""
    code = (
        "import sys, reconciler.sandbox; "
        "ours = [m for m in sys.modules if m.startswith('reconciler.') and not m.startswith('reconciler.sandbox')]; "
        "theirs = [m for m in ('httpx', 'click', 'pydantic', 'yaml', 'ruamel', 'deepdiff') if m in sys.modules]; "
        "sys.exit(str(ours + theirs) if ours + theirs else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")


def test_every_handler_names_its_document() -> None:
    """The docstring of each route's handler says where the endpoint is described."""
    from reconciler.sandbox.domo.routes import ROUTES  # noqa: PLC0415 - not part of the public face

    unnamed = [
        route.handler.__name__
        for route in ROUTES
        if not (route.handler.__doc__ or "").startswith(("Document", "Observed, notes"))
    ]
    assert unnamed == []
