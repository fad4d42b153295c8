"""What the manifests say, resolved: the planner's one input beside live state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.diagnostics import Source
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory, Principal
from reconciler.facets import Section

from .limits import Limits, Yardstick
from .policies import Policy


class Allow(Struct, frozen=True):
    """A guard lifted by name: for one address, or for the whole run when that is None."""

    code: str
    address: Address | None = None
    reason: str = "--allow"
    until: date | None = None
    """Last day on which it lifts, UTC."""


class DesiredDataset(Struct, frozen=True):
    """One dataset's manifest with its profiles merged in. A facet that is absent from `sections` is unmanaged."""

    address: Address
    id: str | None
    sections: Mapping[str, Section]
    source: Source | None = None
    allows: tuple[Allow, ...] = ()
    held: str | None = None
    """The legal hold that is known to have stood before, in words; None when none is."""
    unselected: Mapping[str, Section] = field(default_factory=dict)
    """Managed facets that this run is not about; policies look at them, nothing else does."""
    namesakes: tuple[str, ...] = ()
    """Of a dataset that is to be created: the ids of those that have its name already, and nobody knows why."""


class TargetView(Struct, frozen=True):
    """What the planner knows of a target without asking it."""

    provider: str
    capabilities: Capabilities
    directory: Directory = field(default_factory=Directory)
    actor: Principal | None = None
    newborn: Mapping[str, Elements] = field(default_factory=dict)
    """What a dataset that the actor has just created looks like, by facet."""
    witnesses: tuple[Directory, ...] = ()
    """Who is in which group by the manifests whose guards count, where those are others."""


class Desired(Struct, frozen=True):
    """A workspace, or a selection of it."""

    datasets: tuple[DesiredDataset, ...]
    targets: Mapping[str, TargetView]
    limits: Limits = field(default_factory=Limits)
    governed: int | None = None
    """How many datasets the whole workspace governs, when `datasets` is a selection."""
    policies: tuple[Policy, ...] = ()
    yardstick: Yardstick | None = None
    """What limits are shares of, too, where the guards of another workspace count."""
