"""`schemas/` is what the models generate, and an independent validator agrees with it about the example."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

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


COMMAND = r"^\$ reconciler (review|drift) [^\n]*--format json[^\n]*\n"
PRINTED = re.compile(COMMAND + r"(?:[^{\n]*\n)*(\{\n.*?^\}\n)", re.MULTILINE | re.DOTALL)
DOCUMENTS = {
    f"{path.stem}-{number}": (match[1], match[2])
    for folder in ("review", "apply")
    for path in sorted((ROOT / "tests" / folder).glob("*.txtar"))
    for number, match in enumerate(PRINTED.finditer(path.read_text("utf-8")))
}


@pytest.mark.parametrize(("kind", "text"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_that_a_scenario_prints_fits_its_schema(kind: str, text: str) -> None:
    """And has no key that the schema does not know."""
    schema = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(closed(schema)).validate(json.loads(text))


def test_documents_of_both_kinds_are_looked_at() -> None:
    """The scenarios above print some."""
    assert {kind for kind, _ in DOCUMENTS.values()} == {"review", "drift"}


def closed(schema: Any) -> Any:
    """`schema`, refusing what it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return inner | {"additionalProperties": False} if "properties" in inner else inner
