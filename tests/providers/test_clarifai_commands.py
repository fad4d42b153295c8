"""Clarifai from the command line: validated, planned, applied, and then there is nothing left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, documents_seed
from tests.providers.clarifai_bench import CANARY, JULY, JUNE, OF_004

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  vision:
    provider: clarifai
    url: {url}
    token: {{env: CLARIFAI_PAT}}
    userId: acme
    appId: catalog
"""
VEHICLES = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: vehicles, target: vision, id: vehicles}
spec:
  retention: {keepLast: 1, prune: true}
"""
REFUSED = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: vehicles, target: vision, id: vehicles}
spec:
  schema: {columns: [{name: a, type: STRING}]}
  tags: [gold]
  permissions: []
  schedule: {type: MANUAL}
"""

Told = tuple[int, str]
Ask = Callable[..., Told]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The documents' examples."""
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    yield sandbox
    sandbox.close()


@pytest.fixture
def ask(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Ask]:
    """A command in a workspace whose one dataset is the seeded one."""
    monkeypatch.setenv("CLARIFAI_PAT", CANARY)
    monkeypatch.chdir(tmp_path)
    Path("manifests").mkdir()
    Path("manifests/vehicles.yaml").write_text(VEHICLES)
    with sandbox.serve() as server:
        Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url))

        def command(*words: str) -> Told:
            code = run(words)
            told = capsys.readouterr()
            return code, told.out + told.err

        yield command


def test_a_prune_is_planned_applied_and_done(ask: Ask, sandbox: Sandbox) -> None:
    """The last good version stays, and what protects itself: trained on, failed, pending."""
    assert ask("validate")[0] == 0
    code, told = ask("apply", "--auto-approve")
    assert (code, [word in told for word in (JUNE, JULY, OF_004)]) == (0, [True] * 3)
    deletions = [request.body for request in sandbox.requests if request.method != "GET"]
    assert deletions == [f'{{"dataset_version_ids":["{JUNE}","{JULY}","{OF_004}"]}}']
    assert ask("plan") == (0, "No changes. Live state matches the manifests.\n")


def test_what_clarifai_does_not_have_is_refused_offline(ask: Ask, sandbox: Sandbox) -> None:
    """Each with its reason, before anything is sent."""
    Path("manifests/vehicles.yaml").write_text(REFUSED)
    code, told = ask("validate")
    assert code == 1
    for sentence in (
        "schema cannot be managed here: a Clarifai dataset holds images, texts and other inputs, and has no columns",
        "tags cannot be managed here: Clarifai datasets have no tags",
        "permissions cannot be managed here: Clarifai grants access to a whole app and all datasets in it",
        "schedule cannot be managed here: Clarifai has no streams",
    ):
        assert sentence in told
    assert sandbox.requests == []


def test_a_dataset_without_an_id_is_not_created(ask: Ask, sandbox: Sandbox) -> None:
    """Clarifai's datasets are made with the vendor."""
    Path("manifests/vehicles.yaml").write_text(VEHICLES.replace(", id: vehicles", ""))
    code, told = ask("apply", "--auto-approve")
    assert code == 1
    assert "it has no id, and clarifai datasets are not created by the reconciler" in told
    assert sandbox.requests == []
