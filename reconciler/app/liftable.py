"""The codes that somebody may lift by name; apart from `codes`, which imports every room to know them all."""

from __future__ import annotations

from reconciler.facets import CODES as FACET_CODES
from reconciler.planning import CODES as PLANNING_CODES

_GUARDS = tuple(code for code in (*FACET_CODES, *PLANNING_CODES) if code.liftable)

GUARD_CODES = frozenset(code.name for code in _GUARDS)
"""The codes that `--allow` may name."""
DATASET_GUARDS = frozenset(code.name for code in _GUARDS if not code.of_plan)
"""Those that are said of a dataset: an `allow` entry in its manifest may name them."""
