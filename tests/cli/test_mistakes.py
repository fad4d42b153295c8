"""What people get wrong in a hurry: said at its place, offline, and never taken for something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.entry import run
from tests.support.playing import PRINCIPALS, WORKSPACE

HEAD = "apiVersion: reconciler/v1\nkind: Dataset\n"
NOTHING = "nothing stands behind it; write a value ([] for none), or remove the key"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    manifests = Path("manifests")
    manifests.mkdir()
    (manifests / "workspace.yaml").write_text(WORKSPACE.format(url="https://acme.example"))
    (manifests / "principals.yaml").write_text(PRINCIPALS)
    return manifests


def complaints(capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["validate"]) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("facet", ["schema", "tags", "permissions", "owner", "schedule", "retention"])
def test_a_facet_with_nothing_behind_it_is_not_unmanaged(
    facet: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`permissions:` reads like "nobody"; taking it for "leave them alone" would be the opposite."""
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec:\n  {facet}:\n")
    assert complaints(capsys) == (
        f"Error:\nmanifests/d.yaml:5:{len(facet) + 4}: invalid-value spec.{facet} is refused: {NOTHING}\n"
    )


def test_an_id_with_nothing_behind_it_creates_nothing(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only a manifest without the key asks for a new dataset."""
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: }}\nspec: {{tags: [x]}}\n")
    assert complaints(capsys) == (f"Error:\nmanifests/d.yaml:3:39: invalid-value metadata.id is refused: {NOTHING}\n")
