"""Findings in the formats of machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from reconciler import __version__
from reconciler.app.codes import CODES
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.words import Json

MACHINES = {"json", "sarif", "junit", "codequality", "github"}
"""The formats that nobody reads by eye."""

DRIFT: Mapping[str, Json] = {
    "summary": {"datasets": 0, "drifted": 0, "pending": 0, "differences": 0, "ignored": 0},
    "drift": [],
}
FAILED: Mapping[str, Mapping[str, Json]] = {
    "reconciler drift": DRIFT,
    "reconciler doctor": {"ok": False, "checks": []},
}
"""What JSON has of a command that found nothing out, beside that and why, where its own document can be true of it.

Drift of no dataset, errored, is, and so is that nothing was checked and not all is well. A plan names what it was made
from and a review its two commits; one that has none of these, or says that nobody loses access, would be taken for one
that was made.
"""


def findings_in(shape: str, found: Sequence[Diagnostic], suite: str, place: Source | None = None) -> str:
    """Findings as `sarif`, `junit`, `codequality` or `github`.

    Args:
        shape: which of them.
        found: the findings.
        suite: what was checked.
        place: where findings stand that stand nowhere; scanners take none without a file.
    """
    found = [item if item.source else replace(item, source=place) for item in found]
    match shape:
        case "sarif":
            from reconciler.report.sarif import diagnostics_sarif  # noqa: PLC0415 - one of them is asked for

            return diagnostics_sarif(found, CODES, __version__)
        case "junit":
            from reconciler.report.junit import diagnostics_junit  # noqa: PLC0415

            return diagnostics_junit(found, suite)
        case "codequality":
            from reconciler.report.codequality import diagnostics_codequality  # noqa: PLC0415

            return diagnostics_codequality(found)
        case _:
            from reconciler.report.annotations import diagnostics_annotations  # noqa: PLC0415

            return diagnostics_annotations(found)


def failure_in(shape: str, why: Sequence[Diagnostic], command: str, place: Source | None = None) -> str:
    """Why `command` has no result, as one of `MACHINES`."""
    if shape != "json":
        return findings_in(shape, why, command, place)
    from reconciler.report.jsonlist import diagnostics_json  # noqa: PLC0415 - as above

    return diagnostics_json(why, {"errored": True, "complete": False, **FAILED.get(command, {})})
