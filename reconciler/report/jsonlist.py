"""Findings as JSON: the entries are those of a plan's `diagnostics`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic_core import to_json

from reconciler.core.diagnostics import Diagnostic, ordered
from reconciler.core.words import Json

from .document.parts import diagnostic
from .safe import json_text

FORMAT_VERSION = "1.0"


def diagnostics_json(diagnostics: Sequence[Diagnostic], head: Mapping[str, Json]) -> str:
    """An object with `format_version`, what `head` has, and `diagnostics`."""
    entries = [diagnostic(item) for item in ordered(list(diagnostics))]
    return (
        json_text(to_json({"format_version": FORMAT_VERSION, **head, "diagnostics": entries}, indent=2).decode()) + "\n"
    )
