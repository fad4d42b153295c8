"""Drift as JSON, complete."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import to_json

from reconciler.core.changes import after, before
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import Plan
from reconciler.core.words import Json
from reconciler.facets import BY_NAME
from reconciler.planning.drift import Difference, state
from reconciler.report.document.parts import diagnostic
from reconciler.report.safe import json_text

from .figures import figures

FORMAT_VERSION = "1.0"


def drift_json(plan: Plan, differences: Sequence[Difference], found: Sequence[Diagnostic] = ()) -> str:
    """A JSON object: a summary, each difference with both sides, and what else was `found`."""
    told = figures(differences)
    document: Json = {
        "format_version": FORMAT_VERSION,
        "complete": plan.complete,
        "errored": plan.errored,
        "summary": {
            "datasets": len(plan.datasets),
            "drifted": told.drifted,
            "pending": told.pending,
            "differences": told.differences,
            "ignored": told.ignored,
        },
        "drift": [_difference(item) for item in differences],
        "diagnostics": [diagnostic(item) for item in found],
    }
    return json_text(to_json(document, indent=2).decode()) + "\n"


def _difference(item: Difference) -> Json:
    facet = BY_NAME[item.address.facet]
    live, wanted = before(item.change), after(item.change)
    rule = item.ignored
    return {
        "dataset": str(item.address.whole),
        "facet": facet.name,
        "key": item.change.key,
        "state": state(item.change),
        "live": None if live is None else facet.words(live),
        "desired": None if wanted is None else facet.words(wanted),
        "cause": item.cause,
        "unchanged_until": item.since,
        "ignored": {"reason": rule.reason, "until": str(rule.until)} if rule else None,
    }
