"""The models and an independent validator of `schemas/` agree, except on rules that JSON Schema cannot say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reconciler.app.schemas import schema_text
from reconciler.facets import FACETS
from reconciler.manifests.models import KINDS, WorkspaceManifest
from reconciler.manifests.settings import check_settings
from reconciler.providers import PROVIDERS
from tests.manifests.manifest_strategies import manifests, mutated

VALIDATORS: Mapping[str, Any] = {
    kind: jsonschema.Draft202012Validator(json.loads(schema_text(kind)), format_checker=jsonschema.FormatChecker())
    for kind in KINDS
}

CAPABILITIES = {provider.name: provider.capabilities for provider in PROVIDERS}

SEMANTIC: Mapping[str, tuple[str, ...]] = {
    "url": ("is not an address a token may be sent to", "write the bare address", "write the host", "write the path"),
    "duration": ("is not a duration",),
    "number": ("is beyond 2^53",),
}
"""The rules that only the models know, by what they are about, and how they say so."""


def said(kind: str, data: Any) -> list[str]:
    """What the model has against `data`, and in a Workspace what the providers have against their settings."""
    try:
        manifest = KINDS[kind].model_validate(data)
    except ValidationError as error:
        return [item["msg"] for item in error.errors(include_url=False)]
    targets = manifest.targets.values() if isinstance(manifest, WorkspaceManifest) else ()
    found = [complaint for target in targets for _, complaint in check_settings(target, CAPABILITIES)]
    return [complaint.summary for complaint in found if "means nothing" not in complaint.summary]


def semantic(message: str) -> bool:
    return any(words in message for rule in SEMANTIC.values() for words in rule)


@settings(max_examples=250, deadline=None)
@given(data=manifests, seed=st.integers(0, 2**32))
def test_models_and_schemas_agree(data: dict[str, Any], seed: int) -> None:
    """A manifest made to be valid is valid to both; of its mutations both refuse the same."""
    kind = data["kind"]
    assert said(kind, data) == []
    assert list(VALIDATORS[kind].iter_errors(data)) == []
    for number in range(4):
        other = mutated(data, Random(seed + number))  # noqa: S311
        complaints = said(kind, other)
        against = [error.message for error in VALIDATORS[kind].iter_errors(other)]
        if not against:
            assert [complaint for complaint in complaints if not semantic(complaint)] == []
        else:
            assert complaints, against


def test_the_semantic_rules_are_needed() -> None:
    """Each of them refuses something that the schema takes."""
    head = {"apiVersion": "reconciler/v1"}
    target = {"provider": "domo", "url": "ftp://x.example", "token": {"env": "T"}}
    profile = {"metadata": {"name": "p"}, "spec": {"retention": {"keepWithin": "1d1d"}}}
    large = {"metadata": {"name": "p"}, "spec": {"versions": [{"id": "v", "metadata": {"a": 2**53 + 1}}]}}
    for rule, data in (
        ("url", {**head, "kind": "Workspace", "targets": {"acme": target}}),
        ("duration", {**head, "kind": "Profile", **profile}),
        ("number", {**head, "kind": "Profile", **large}),
    ):
        assert list(VALIDATORS[str(data["kind"])].iter_errors(data)) == []
        assert any(words in complaint for complaint in said(str(data["kind"]), data) for words in SEMANTIC[rule])


def test_drift_is_ignored_in_the_facets_there_are() -> None:
    """An editor offers them, and refuses the others as the model does."""
    target = {"provider": "domo", "url": "https://acme.domo.com", "token": {"env": "T"}}
    rule = {"reason": "x", "until": "2030-01-01"}
    workspace = {"apiVersion": "reconciler/v1", "kind": "Workspace", "targets": {"acme": target}}
    taken = {
        name: not list(VALIDATORS["Workspace"].iter_errors({**workspace, "driftIgnore": [{**rule, "facet": name}]}))
        for name in (*(facet.name for facet in FACETS), "tag")
    }
    assert taken == {**{facet.name: True for facet in FACETS}, "tag": False}
