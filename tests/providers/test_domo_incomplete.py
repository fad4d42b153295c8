"""Every read of an apply, spoiled in every way: exit 1, the read is named, nothing is written, nothing is claimed.

What an apply reads is written down for both worlds, and a test holds the list to what is really sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, World, documents_seed
from reconciler.sandbox.faults import THINNED
from tests.support.playing import PRINCIPALS, TOKEN, WORKSPACE
from tests.support.sent import writes

COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
CLIENTS = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
VIEW = "00000000-0000-4000-8000-00000000000a"
DATASETS = f"""\
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: covid, target: acme, id: {COVID}}}
spec:
  owner: user:alexis
  properties: {{description: Daily figures.}}
  schema: {{columns: [{{name: date, type: DATE}}, {{name: ISO3, type: STRING}}, {{name: deaths, type: LONG}}]}}
  tags: [covid-19]
  permissions: [{{principal: user:governance-bot, access: CO_OWNER}}]
  schedule: {{type: MANUAL, timezone: UTC}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: clients, target: acme, id: {CLIENTS}}}
spec:
  tags: []
  retention: {{keepLast: 1, prune: true, activeData: delete}}
"""
COMPUTED = f"""\
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: view, target: acme, id: {VIEW}}}
spec:
  definition: {{sql: SELECT 2}}
"""
OF_ALL = [
    f"/api/data/v3/datasources/{CLIENTS}",
    f"/api/data/v3/datasources/{COVID}/permissions",
    f"/api/data/v3/datasources/{COVID}",
    "/api/data/v1/streams/371",
    "/api/data/v1/streams/27286",
    f"/api/data/v2/datasources/{CLIENTS}/dataversions",
    f"/api/query/v1/datasources/{CLIENTS}/partition",
    f"/api/query/v1/datasources/{CLIENTS}/partition/list",
]
READS = {
    "documented": [
        *OF_ALL,
        f"/api/query/v1/datasources/{COVID}/schema/indexed",
        f"/api/data/ui/v3/datasources/{COVID}/tags",
        f"/api/data/ui/v3/datasources/{CLIENTS}/tags",
        f"/api/data/v2/datasources/{VIEW}/sql",
        f"/api/data/v2/datasources/{VIEW}/query",
    ],
    "observed": [*OF_ALL, f"/api/data/v2/datasources/{COVID}/schemas/latest"],
}
READABLE = [{"type": "USER", "id": "900", "accessLevel": "CO_OWNER"}]
SPOILED = ("html", "empty", "truncated", "401", "500", "cut", "lost", "gzip")


class Stage:
    """A workspace whose plan has something to write in every facet, and the sandbox it is about."""

    def __init__(self, world: str, capture: pytest.CaptureFixture[str]) -> None:
        view = {
            "id": VIEW,
            "name": "view",
            "permissions": READABLE,
            "definition": {"sql": "SELECT 1", "query": "SELECT 1"},
        }
        self.sandbox = Sandbox(world=World.parse(world))
        self.sandbox.seed(documents_seed())
        self.sandbox.seed({"domo": {"datasets": [view]}})
        self.capture = capture

    def play(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, and what was printed where."""
        self.sandbox.clear_requests()
        status = run(list(arguments))
        return (status, *self.capture.readouterr())

    @property
    def written(self) -> list[str]:
        """What was sent to change something."""
        return [f"{sent.method} {sent.path}" for sent in self.sandbox.requests if writes(sent)]


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Stage]:
    """One for each test; the world is its parameter."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    staged = Stage(request.param, capsys)
    with staged.sandbox.serve() as server, stamina.set_testing(True, attempts=3, cap=True):
        (tmp_path / "manifests").mkdir()
        (tmp_path / "manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url), "utf-8")
        (tmp_path / "manifests/principals.yaml").write_text(PRINCIPALS, "utf-8")
        (tmp_path / "manifests/datasets.yaml").write_text(DATASETS, "utf-8")
        if request.param == "documented":
            (tmp_path / "manifests/computed.yaml").write_text(COMPUTED, "utf-8")
        yield staged
    staged.sandbox.close()


@pytest.mark.parametrize("stage", READS, indirect=True)
def test_the_list_of_reads_is_whole(stage: Stage, request: pytest.FixtureRequest) -> None:
    """Every facet differs, so that each of these could do harm. What only teaches about the server is left out."""
    status, out, err = stage.play("plan")
    assert (status, err.count("Error")) == (0, 0), out + err
    world = request.node.callspec.params["stage"]
    answered = {sent.path for sent in stage.sandbox.requests if sent.status == 200}
    assert sorted(answered - {"/api/data/v3/datasources/bulk"}) == sorted(READS[world])


@pytest.mark.parametrize("kind", SPOILED)
@pytest.mark.parametrize(
    ("stage", "path"), [(world, path) for world, paths in READS.items() for path in paths], indirect=["stage"]
)
def test_a_read_that_is_not_whole_is_an_error(stage: Stage, path: str, kind: str) -> None:
    """No revoke, no deletion, no "No changes"."""
    stage.sandbox.faults.script("*", path, kind, times=100)
    status, out, err = stage.play("apply", "--auto-approve")
    assert (status, stage.written) == (1, []), out + err
    assert re.search(rf"(GET|POST) {path}(?![\w/])", err)
    assert "No changes" not in out


@pytest.mark.parametrize("kind", THINNED)
@pytest.mark.parametrize("stage", READS, indirect=True)
def test_an_access_list_that_lacks_entries_is_an_error(stage: Stage, kind: str) -> None:
    """It tells how many there are. One that is missing would be planned as a grant; one that came twice hides one."""
    stage.sandbox.faults.script("GET", f"/api/data/v3/datasources/{COVID}/permissions", kind, times=100)
    status, out, err = stage.play("apply", "--auto-approve")
    assert (status, stage.written) == (1, []), out + err
    assert "acme/covid: the access list has" in err or "read-failed the access list has" in err
    assert "No changes" not in out


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("kind", [*SPOILED, *THINNED])
@pytest.mark.parametrize("stage", ["observed"], indirect=True)
def test_a_list_of_datasets_that_lacks_a_page_is_an_error(stage: Stage, kind: str, page: int) -> None:
    """Nothing is adopted from a part of it."""
    numbered = [(f"00000000-0000-4000-8000-{number:012}", f"more {number}") for number in range(60)]
    more = [{"id": key, "name": name, "permissions": READABLE} for key, name in numbered]
    stage.sandbox.seed({"domo": {"datasets": more}})
    stage.sandbox.faults.script("GET", "/api/data/v3/datasources", kind, times=100, after=page)
    before = sorted(Path().rglob("*.yaml"))
    status, out, err = stage.play("import", "--target", "acme", "--all")
    assert (status, stage.written, sorted(Path().rglob("*.yaml"))) == (1, [], before), out + err
    assert "GET /api/data/v3/datasources" in err or "the list of datasets has" in err
