"""The saved plan: JSON that loses nothing needed to execute or show it, bound to its content by `plan_id`.

DocumentError      these bytes are no plan that can be used; `flaw` says in which way
"""

from __future__ import annotations

from .models import FORMAT_VERSION, PlanDocument, PlanHead
from .opening import LARGEST, DocumentError, Flaw
from .read import Saved, decode
from .write import Meta, Signed, document_text, encode, plan_json

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
    "plan_json",
]
