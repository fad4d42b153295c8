"""Drift as JSON has it. The source of its JSON Schema."""

from typing import Literal

from reconciler.planning.drift import Cause
from reconciler.report.document.models import DiagnosticEntry, Part, Words


class DriftFigures(Part):
    """Drift in numbers."""

    datasets: int
    """How many were looked at."""
    drifted: int
    """How many of them somebody changed, or differ without anybody knowing why; ignored differences aside."""
    pending: int
    """How many others differ only by what the manifests say and nobody has applied yet; ignored differences aside."""
    differences: int
    ignored: int


class IgnoredEntry(Part):
    """Why a difference does not count."""

    reason: str
    until: str
    """The last day of the rule (ISO 8601, UTC)."""


class DifferenceEntry(Part):
    """One element that is not as its manifest says."""

    dataset: str
    facet: str
    key: str
    state: Literal["missing", "extra", "differs"]
    live: Words
    """Null when it is missing."""
    desired: Words
    """Null when it is extra."""
    cause: Cause | None
    """moved: somebody changed it. pending: it was not applied yet. both: both. Null: nobody knows what was applied."""
    unchanged_until: str | None
    """When it was last as it should be (ISO 8601, UTC), where the audit log tells."""
    ignored: IgnoredEntry | None


class DriftDocument(Part):
    """How live state stands to the manifests."""

    format_version: str
    complete: bool
    errored: bool
    summary: DriftFigures
    drift: list[DifferenceEntry]
    diagnostics: list[DiagnosticEntry]
