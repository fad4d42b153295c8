"""Retention: which versions of a dataset stay; restic's keep rules under protections that always win."""

from __future__ import annotations

from .duration import Duration
from .facet import Retention
from .guards import CODES, excesses, guard_hold, guard_versions
from .policy import Verdict, doomed, judge
from .rules import Reason, Word
from .section import GuardsModel, LegalHoldModel, PinModel, RetentionSection
from .version import Status, Version

__all__ = [
    "CODES",
    "Duration",
    "GuardsModel",
    "LegalHoldModel",
    "PinModel",
    "Reason",
    "Retention",
    "RetentionSection",
    "Status",
    "Verdict",
    "Version",
    "Word",
    "doomed",
    "excesses",
    "guard_hold",
    "guard_versions",
    "judge",
]
