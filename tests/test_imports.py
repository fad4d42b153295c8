"""What each command may load before it has work for it: start-up is most of what a short command costs."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconciler.cli.group import reconciler
from reconciler.cli.overview import overview
from reconciler.sandbox import Sandbox, documents_seed
from tests.providers.connected import CANARY, COVID
from tests.providers.peer import JSON, peer

NETWORK = {"asyncio", "httpx", "stamina", "ssl", "http.client"}
WRITING = {"ruamel", "filelock", "jinja2", "deepdiff", "cel", "rich", "reconciler.execution", "reconciler.sandbox"}
LIBRARIES = {"click", "pydantic", "yaml", "dataclasses", "importlib.metadata"}
ROOMS = {f"reconciler.{room}" for room in ("app", "core", "facets", "manifests", "planning", "providers", "report")}

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: "https://acme.example", token: {env: NO_SUCH_TOKEN}, actor: "user:#900"}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: "1"}
spec: {tags: [gold]}
"""


def loaded(folder: Path, *arguments: str, workspace: str = WORKSPACE) -> set[str]:
    """The modules that a command has loaded when it ends."""
    (folder / "workspace.yaml").write_text(workspace, "utf-8")
    told = folder / "modules"
    code = (
        "import sys; arguments, told = sys.argv[1:-1], sys.argv[-1]\n"
        "sys.argv[1:] = arguments\n"
        "from reconciler.cli import main\n"
        "try:\n    main()\nfinally:\n    open(told, 'w').write(' '.join(sys.modules))\n"
    )
    environ = {**os.environ, "RECONCILER_WORKSPACE": str(folder)}
    command = [sys.executable, "-c", code, *arguments, str(told)]
    subprocess.run(command, env=environ, capture_output=True, check=False)  # noqa: S603 - our own words
    return set(told.read_text("utf-8").split())


@pytest.mark.parametrize(
    ("arguments", "barred"),
    [
        (("--version",), NETWORK | WRITING | LIBRARIES | ROOMS),
        (("--help",), NETWORK | WRITING | LIBRARIES | ROOMS),
        (("plan", "--help"), NETWORK | WRITING - {"reconciler.execution"}),
        (("validate",), NETWORK | WRITING | {"reconciler.report.html", "reconciler.report.document"}),
        (("explain", "too-many-changes"), NETWORK | WRITING - {"reconciler.execution"}),
        (("schema", "Dataset"), NETWORK | WRITING - {"reconciler.execution"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_loads_only_what_it_may(tmp_path: Path, arguments: tuple[str, ...], barred: set[str]) -> None:
    """Nothing heavy is imported before it is needed."""
    assert sorted(loaded(tmp_path, *arguments) & barred) == []


def test_a_workspace_that_did_not_change_is_valid_without_a_model(tmp_path: Path) -> None:
    """What the first run found is all that the second one needs, beside click."""
    workspace, dataset = WORKSPACE.split("---\n")
    (tmp_path / "orders.yaml").write_text(dataset, "utf-8")
    first = loaded(tmp_path, "validate", workspace=workspace)
    assert {"pydantic", "yaml_rs", "reconciler.manifests.loader"} <= first
    again = loaded(tmp_path, "validate", workspace=workspace)
    barred = NETWORK | WRITING | {"pydantic", "yaml", "yaml_rs", "importlib.metadata"}
    assert sorted(again & (barred | ROOMS - {"reconciler.app", "reconciler.manifests"})) == []


def test_a_plan_of_what_is_as_it_should_be_loads_nothing_for_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No journals, no git (there is no repository), no policies, nothing that is sent again; of facets the one read."""
    monkeypatch.setenv("TOKEN_OF_ACME", CANARY)
    folder = tmp_path / "manifests"
    for each in (folder, tmp_path / ".reconciler"):
        each.mkdir()
    changed = WORKSPACE.replace('"1"', f'"{COVID}"').replace("[gold]", "{mode: additive, values: []}")
    with closing(Sandbox()) as sandbox:
        sandbox.seed(documents_seed())
        with sandbox.serve() as server:
            workspace = changed.replace("https://acme.example", server.url).replace("NO_SUCH_TOKEN", "TOKEN_OF_ACME")
            modules = loaded(folder, "plan", workspace=workspace)
        asked = [request.path for request in sandbox.requests]
    assert asked
    assert {"httpx", "httptools", "reconciler.providers.domo.tags"} <= modules
    barred = {"asyncio", "h11", "httpcore", "stamina", "subprocess", "html", "reconciler.execution"}
    barred |= {f"reconciler.app.{name}" for name in ("births", "git", "guards", "locking", "policies", "sharding")}
    barred |= {f"reconciler.providers.domo.{name}" for name in ("answers", "insight", "listing", "retention", "schema")}
    assert sorted(modules & barred) == []


ASKING = """\
import sys
from reconciler.core.ports import Target
from reconciler.providers.http import Call, Client
client = Client(Target("acme", "domo", sys.argv[1], "token"), "read", header="X-Token")
client.send(Call("GET", "/a"))
client.close()
print(*sys.modules)
import httpx._main
print("httpx._main" in sys.modules, "rich" in sys.modules)
"""


def test_a_request_that_is_answered_loads_no_more_than_it_needs() -> None:
    """No retries, no command line of httpx; whoever wants that gets it all the same."""
    with peer((JSON,)) as server:
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", ASKING, server.url], capture_output=True, text=True, check=True
        )
    modules, later = done.stdout.splitlines()
    assert {"httpx", "httptools"} <= set(modules.split())
    barred = {"asyncio", "h11", "httpcore", "rich", "pygments", "click", "stamina", "tenacity"}
    assert sorted(set(modules.split()) & barred) == []
    assert later == "True True"


def test_the_check_sees_what_is_loaded(tmp_path: Path) -> None:
    """It is not blind: validate does load what reads manifests."""
    assert {"click", "pydantic", "yaml", "reconciler.manifests"} <= loaded(tmp_path, "validate")


def test_the_short_way_to_help_says_what_click_says() -> None:
    """`--help` is answered without click; word for word what click would print."""
    told = CliRunner().invoke(reconciler, ["--help"], prog_name="reconciler").output
    assert overview().split() == told.split()


def test_pydantic_looks_for_no_plugins_unless_it_is_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it import what it would look with; what a user says of plugins holds."""
    assert "importlib.metadata" not in loaded(tmp_path, "validate")
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "some-plugin")
    assert "importlib.metadata" in loaded(tmp_path, "validate")


def test_whoever_asks_for_more_than_plugins_gets_what_pydantic_has() -> None:
    """A later pydantic may take more from that module."""
    code = (
        "from reconciler.cli.plugins import forgo_plugins\n"
        "forgo_plugins()\n"
        "from pydantic.plugin._loader import get_plugins\n"
        "assert get_plugins is tuple\n"
        "from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP\n"
        "assert PYDANTIC_ENTRY_POINT_GROUP == 'pydantic'\n"
        "from pydantic.plugin._loader import get_plugins\n"
        "assert get_plugins is not tuple and not list(get_plugins())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own words
