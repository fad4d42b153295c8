"""The saved plan: JSON that loses nothing needed to execute or show it, bound to its content by `plan_id`.

DocumentError      these bytes are no plan that can be used; `flaw` says in which way
"""

from __future__ import annotations

from typing import Any

from .models import FORMAT_VERSION, PlanDocument, PlanHead
from .opening import LARGEST, DocumentError, Flaw
from .read import Saved, decode
from .write import Meta, Signed, document_text, encode, plan_json

SCHEMA_ID = "plan.schema.json"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a saved plan, as `schemas/plan.schema.json` holds it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **PlanDocument.model_json_schema(),
    }


__all__ = [
    "FORMAT_VERSION",
    "LARGEST",
    "DocumentError",
    "Flaw",
    "Meta",
    "PlanDocument",
    "PlanHead",
    "Saved",
    "Signed",
    "decode",
    "document_text",
    "encode",
    "json_schema",
    "plan_json",
]
