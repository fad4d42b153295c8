"""The codes that somebody may lift by name; apart from `codes`, which imports every room to know them all."""

from __future__ import annotations

from reconciler.facets import CODES as FACET_CODES
from reconciler.planning import CODES as PLANNING_CODES

GUARD_CODES = frozenset(code.name for code in (*FACET_CODES, *PLANNING_CODES) if code.liftable)
"""The codes that `--allow` and `allow` entries may name."""
