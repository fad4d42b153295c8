"""Findings as GitLab shows them beside the lines of a merge request: its code quality report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from reconciler.core.diagnostics import Diagnostic, Severity, ordered
from reconciler.core.words import Json, digest

from .findings import message
from .safe import SENTENCE, json_text, safe_text

LEVELS: Final[dict[Severity, str]] = {"error": "blocker", "blocked": "critical", "warning": "major", "info": "info"}


def diagnostics_codequality(diagnostics: Sequence[Diagnostic]) -> str:
    """A JSON list; what stands in no file is left out, because GitLab shows findings beside lines only."""
    entries: list[Json] = [_entry(item) for item in ordered(list(diagnostics)) if item.source is not None]
    return json_text(json.dumps(entries, indent=2, ensure_ascii=False)) + "\n"


def _entry(item: Diagnostic) -> Json:
    place = item.source
    file, line = (place.file, place.line) if place else ("", 1)
    return {
        "description": safe_text(message(item), SENTENCE),
        "check_name": item.code,
        "fingerprint": digest([item.code, file, str(item.address or ""), item.summary]),
        "severity": LEVELS[item.severity],
        "location": {"path": safe_text(file, None), "lines": {"begin": line}},
    }
