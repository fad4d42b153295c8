"""Twelve datasets at a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox, documents_seed
from tests.support.playing import PRINCIPALS, WORKSPACE

from .stage import COUNT


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """The vendor."""
    made = Sandbox(tmp_path / "sandbox.db")
    yield made
    made.close()


@pytest.fixture
def workspace(tmp_path: Path, sandbox: Sandbox) -> Iterator[Path]:
    """Twelve datasets, of which five differ: more than the workspace allows to change at once."""
    seed = documents_seed()
    first = seed["domo"]["datasets"][0]
    seed["domo"]["datasets"] = [{**first, "id": f"id-{n}", "name": f"d{n}", "tags": ["gold"]} for n in range(COUNT)]
    sandbox.seed(seed)
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "principals.yaml").write_text(PRINCIPALS, "utf-8")
    for number in range(COUNT):
        tags = "[gold, new]" if number < 5 else "[gold]"
        (folder / f"d{number}.yaml").write_text(
            "apiVersion: reconciler/v1\nkind: Dataset\n"
            f"metadata: {{name: d{number}, target: acme, id: id-{number}}}\nspec: {{tags: {tags}}}\n",
            "utf-8",
        )
    with sandbox.serve() as server:
        text = WORKSPACE.format(url=server.url).replace("maxChangedDatasets: 10", "maxChangedDatasets: 30%")
        (folder / "workspace.yaml").write_text(text, "utf-8")
        yield tmp_path
