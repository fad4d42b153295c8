"""Findings as SARIF 2.1.0, the form in which code scanners hand over results (OASIS, and GitHub's limits)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from pydantic_core import to_json

from reconciler.core.diagnostics import RANK, Code, Diagnostic, Severity, ordered
from reconciler.core.words import Json, digest

from .findings import message
from .safe import SENTENCE, json_text, safe_text

MOST: Final = 5_000
"""As many results as GitHub keeps of a run."""

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Level: TypeAlias = Literal["error", "warning", "note"]
LEVELS: Final[dict[Severity, Level]] = {"error": "error", "blocked": "error", "warning": "warning", "info": "note"}


def diagnostics_sarif(diagnostics: Sequence[Diagnostic], codes: Mapping[str, Code], version: str) -> str:
    """A SARIF log with one run; the most severe findings first, at most `MOST` of them.

    Args:
        diagnostics: the findings.
        codes: every code, by name, for the run's rules.
        version: of this program.
    """
    ranked = sorted(ordered(list(diagnostics)), key=lambda item: RANK[item.severity])
    names = sorted({item.code for item in ranked})
    places = {name: place for place, name in enumerate(names)}
    marks = list(_fingerprints(ranked))
    results: list[Json] = [
        _result(item, places[item.code], mark) for item, mark in zip(ranked[:MOST], marks, strict=False)
    ]
    rules: list[Json] = [_rule(codes.get(name) or Code(name, name, name)) for name in names]
    driver: dict[str, Json] = {"name": "reconciler", "version": version, "rules": rules}
    run: dict[str, Json] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if len(ranked) > MOST:
        notice: Json = {"level": "warning", "message": {"text": f"{len(ranked) - MOST} more results are left out."}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [notice]}]
    log: dict[str, Json] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(to_json(log, indent=2).decode()) + "\n"


def _rule(code: Code) -> Json:
    return {
        "id": code.name,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "help": {"text": f"{code.explanation} See `reconciler explain {code.name}`."},
    }


def _result(item: Diagnostic, rule: int, fingerprint: str) -> Json:
    result: dict[str, Json] = {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": LEVELS[item.severity],
        "message": {"text": safe_text(message(item), SENTENCE)},
        "partialFingerprints": {"reconciler/v1": fingerprint},
    }
    location: dict[str, Json] = {}
    if item.source is not None:
        region: Json = {"startLine": item.source.line, "startColumn": item.source.column}
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(item.source.file)}, "region": region}
    if item.address is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": safe_text(str(item.address), None)}]
    return {**result, "locations": [location]} if location else result


def _fingerprints(items: Sequence[Diagnostic]) -> Iterator[str]:
    """What tells each finding from the others and stays when lines move: no line, and no number in its text."""
    seen: Counter[str] = Counter()
    for item in items:
        file = item.source.file if item.source else ""
        same = digest([item.code, file, str(item.address or ""), re.sub(r"\d+", "#", item.summary)])
        seen[same] += 1
        yield f"{same[:32]}:{seen[same]}"
