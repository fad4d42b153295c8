"""What each governed aspect means: section, elements, order, words, own guards. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.core.diagnostics import Code

from .columns import guard_columns
from .custody import CODES as CUSTODY_CODES
from .custody import guard_custody, guard_everyone, guard_revocations
from .definition import Definition
from .facet import AnyFacet, Complaint, Facet, Guard, ItemKey, Outlook, Outlooks, Situation
from .owner import OwnerFacet
from .permissions import Permissions
from .properties import Properties
from .retention import Retention, guard_hold, guard_versions
from .schedule import ScheduleFacet
from .schema import Schema
from .section import Model, Section
from .suggest import did_you_mean, nearest, sparing
from .tags import Tags
from .versions import Versions
from .visibility import guard_visibility

FACETS: tuple[AnyFacet, ...] = (
    Properties(),
    Schema(),
    Definition(),
    Tags(),
    Permissions(),
    OwnerFacet(),
    ScheduleFacet(),
    Versions(),
    Retention(),
)
"""Every facet, in the order in which manifests and plans show them."""

BY_NAME: Mapping[str, AnyFacet] = {facet.name: facet for facet in FACETS}

SEQUENCE = (
    *("create", "describe", "alter", "redefine", "tag", "grant", "reschedule", "transfer", "revoke"),
    *("freeze", "prune", "resign", "relinquish"),
)
"""The order of steps inside a dataset.

create → properties → schema → definition → tags → grants added or raised → schedule → owner → grants dropped or lowered
→ versions that must exist → retention; the acting principal's own access, as owner or by grant, goes last of all.
Grants are dropped or lowered only once the owner is the new one. So nobody who keeps access is without it at any
moment, and what a hand-over leaves behind is settled in the same run.
"""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "create": (),
    "describe": ("create",),
    "alter": ("create",),
    # A definition may name columns that the schema is to get.
    "redefine": ("create", "alter"),
    "tag": ("create",),
    "grant": ("create",),
    "reschedule": ("create",),
    # Handing a dataset over may cost us the right to change it.
    "transfer": ("create", "describe", "alter", "redefine", "tag", "grant", "reschedule"),
    # A grant that replaces a revoked one must be in place first.
    "revoke": ("create", "grant", "transfer"),
    "freeze": ("create",),
    # While a version that must exist could not be made, none is deleted.
    "prune": ("create", "freeze"),
    # What comes after either may find that the token no longer has the right to read. A version that the vendor does
    # not delete keeps neither waiting: access that must go is worth more than data that may.
    "resign": ("create", "describe", "alter", "redefine", "tag", "grant", "reschedule"),
    "relinquish": (
        *("create", "describe", "alter", "redefine", "tag", "grant", "reschedule", "transfer", "revoke"),
        "resign",
    ),
}
"""Which steps of the same dataset must have succeeded before one may start."""

GUARDS: tuple[Guard, ...] = (
    guard_columns,
    guard_custody,
    guard_everyone,
    guard_visibility,
    guard_revocations,
    guard_hold,
    guard_versions,
)
"""The guards that judge one dataset at a time."""

CODES: tuple[Code, ...] = (*(code for facet in FACETS for code in facet.codes), *CUSTODY_CODES)

__all__ = [
    "BY_NAME",
    "CODES",
    "FACETS",
    "GUARDS",
    "NEEDS",
    "SEQUENCE",
    "AnyFacet",
    "Complaint",
    "Facet",
    "Guard",
    "ItemKey",
    "Model",
    "Outlook",
    "Outlooks",
    "Section",
    "Situation",
    "did_you_mean",
    "nearest",
    "sparing",
]
