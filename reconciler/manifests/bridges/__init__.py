"""Other ways to say what a dataset should be, to and from the words of a manifest; and what gets lost on the way.

odcs          Open Data Contract Standard v3
dbt           the `models` of dbt's schema.yml
frictionless  Frictionless Table Schema

Each has `written(told)` and `understood(document)`. What a form has a place for goes there; the rest goes where the
form lets others put things of their own, under names that begin with `reconciler`; what is left is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from . import dbt, frictionless, odcs
from .told import Told


class Bridge(Struct, frozen=True):
    """One other form."""

    written: Callable[[Told], tuple[dict[str, Any], tuple[str, ...]]]
    """A document that says the same, and what of it the form has no place for."""
    understood: Callable[[Any], tuple[Told, ...]]
    """The datasets that a document is about; raises ValueError for a document of another kind."""
    suffix: str
    """How the names of its files end."""


BRIDGES: Mapping[str, Bridge] = {
    "odcs": Bridge(odcs.written, odcs.understood, ".odcs.yaml"),
    "dbt": Bridge(dbt.written, dbt.understood, ".schema.yml"),
    "frictionless": Bridge(frictionless.written, frictionless.understood, ".tableschema.json"),
}

__all__ = ["BRIDGES", "Bridge", "Told"]
