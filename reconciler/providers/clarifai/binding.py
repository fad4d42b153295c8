"""How one facet is read from and written to Clarifai."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from reconciler.core.plan import Step
from reconciler.core.ports import FacetState

from .dataset import Dataset


class Binding(Struct, frozen=True):
    """Two functions per facet."""

    read: Callable[[Dataset], FacetState]
    write: Callable[[Dataset, Step, FacetState], None]
