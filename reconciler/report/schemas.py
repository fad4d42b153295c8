"""The JSON Schemas (2020-12) of the documents that commands print or save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from .document import PlanDocument
from .drift.models import DriftDocument
from .review.models import ReviewDocument

DOCUMENTS: Mapping[str, type[BaseModel]] = {"Plan": PlanDocument, "Review": ReviewDocument, "Drift": DriftDocument}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one of `DOCUMENTS`, as `schemas/` holds it."""
    return {"$schema": DIALECT, "$id": f"{name.lower()}.schema.json", **DOCUMENTS[name].model_json_schema()}
