"""How one facet is read from and written to Domo."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from msgspec import Struct

from reconciler.core.plan import Step
from reconciler.core.ports import FacetState

from .dataset import Dataset


class Binding(Struct, frozen=True):
    """Two functions per facet."""

    read: Callable[[Dataset], FacetState | None]
    """None: the dataset does not support the facet, and a diagnostic says so."""
    write: Callable[[Dataset, Step, FacetState], None]


@cache
def binding(facet: str) -> Binding:
    """That of `facet`, whose module has its name; imported when it is needed: most workspaces govern few facets."""
    module = import_module(f".{facet}", __package__)
    return Binding(module.read, module.write)
