"""How one facet is read from and written to Domo."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from reconciler.core.plan import Step
from reconciler.core.ports import FacetState

from .dataset import Dataset


class Binding(Struct, frozen=True):
    """Two functions per facet."""

    read: Callable[[Dataset], FacetState | None]
    """None: the dataset does not support the facet, and a diagnostic says so."""
    write: Callable[[Dataset, Step, FacetState], None]
