"""The saved plan: JSON that loses nothing needed to execute or show it, bound to its content by `plan_id`.

DocumentError      these bytes are no plan that can be used; `flaw` says in which way
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import PlanDocument, PlanHead
    from .opening import FORMAT_VERSION, LARGEST, DocumentError, Flaw
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

_HOMES = {"PlanDocument": "models", "PlanHead": "models", "Saved": "read", "decode": "read"}
_OPENING = {"FORMAT_VERSION", "LARGEST", "DocumentError", "Flaw"}


def __getattr__(name: str) -> object:
    """Import what is asked for: most plans are made and shown, and the models are for those that are read back."""
    if name not in __all__:
        raise AttributeError(name)
    home = "opening" if name in _OPENING else _HOMES.get(name, "write")
    return getattr(import_module(f"{__name__}.{home}"), name)
