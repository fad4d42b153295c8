"""The JSON Schemas of every kind of manifest and of every document, as `schemas/` holds them."""

from __future__ import annotations

import json
from typing import Any

from reconciler.core.words import Json
from reconciler.manifests.models import KINDS
from reconciler.manifests.settings import TEXT
from reconciler.providers import PROVIDERS

DOCUMENTS = ("Plan", "Review", "Drift")
"""What `reconciler.report.schemas` has the schemas of."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_names() -> dict[str, str]:
    """Name of the file in `schemas/` for each schema that can be asked for."""
    return {kind: f"{kind.lower()}.schema.json" for kind in (*KINDS, *DOCUMENTS)}


def schema_text(kind: str) -> str:
    """The JSON Schema of `kind`, as it is committed.

    Raises:
        KeyError: there is no such kind.
    """
    return json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _schema(kind: str) -> Json:
    if kind in DOCUMENTS:
        from reconciler.report.schemas import json_schema  # noqa: PLC0415 - only documents' schemas need the report

        return json_schema(kind)
    schema = KINDS[kind].model_json_schema(by_alias=True)
    if kind == "Workspace":
        _close(schema["$defs"]["TargetModel"])
    return {"$schema": DIALECT, "$id": f"urn:reconciler:v1:{kind.lower()}", **schema}


def _close(target: dict[str, Any]) -> None:
    """Say which settings the providers have, so that a mistyped key is one to editors, too."""
    for provider in PROVIDERS:
        for name, setting in provider.capabilities.settings.items():
            said = f"{provider.name} only. {setting.meaning}"
            target["properties"][name] = {"description": said, **TEXT.json_schema()}
    target["additionalProperties"] = False
