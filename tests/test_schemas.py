"""`schemas/` is what the models generate, and an independent validator agrees with it about the example."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reconciler.app.schemas import file_names, schema_text
from reconciler.manifests.yaml import read

ROOT = Path(__file__).parents[1]
MANIFESTS = sorted((ROOT / "manifests").rglob("*.yaml"))


@pytest.mark.parametrize("kind", file_names())
def test_a_committed_schema_is_what_the_models_generate(kind: str) -> None:
    """Regenerate with `python -m tests.check --fix`."""
    assert (ROOT / "schemas" / file_names()[kind]).read_text("utf-8") == schema_text(kind)


def test_schemas_holds_nothing_else() -> None:
    """Every committed schema belongs to a kind."""
    assert sorted(path.name for path in (ROOT / "schemas").iterdir()) == sorted(file_names().values())


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_an_independent_validator_accepts_the_example(path: Path) -> None:
    """Every manifest names its schema for editors, and fits it."""
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    schema = json.loads((path.parent / first.partition("$schema=")[2]).resolve().read_text("utf-8"))
    for document in read(path.read_bytes()).documents:
        jsonschema.Draft202012Validator(schema).validate(document.data)
