"""Findings in the formats of machines."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler import __version__
from reconciler.app.codes import CODES
from reconciler.core.diagnostics import Diagnostic


def findings_in(shape: str, found: Sequence[Diagnostic], suite: str) -> str:
    """Findings as `sarif`, `junit`, `codequality` or `github`; `suite` says what was checked."""
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
