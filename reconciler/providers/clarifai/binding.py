"""How one facet is read from and written to Clarifai."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.core.plan import Step
from reconciler.core.ports import FacetState

from .dataset import Dataset


@dataclass(frozen=True, slots=True)
class Binding:
    """Two functions per facet."""

    read: Callable[[Dataset], FacetState]
    write: Callable[[Dataset, Step, FacetState], None]
