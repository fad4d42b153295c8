"""Findings in the formats of machines."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from reconciler import __version__
from reconciler.app.codes import CODES
from reconciler.core.diagnostics import Diagnostic, Source


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
