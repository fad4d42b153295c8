"""Domo, as its documents 000, 002 and 003 describe it and as live instances are known to differ.

capabilities  what it can do                   session   reads and writes, through one module per facet:
client        a function per endpoint                    schema tags permissions owner schedule retention
wire          what its answers look like       dataset   one dataset, each thing asked for once
facts         what this server turned out to support
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from reconciler.core.changes import Element
from reconciler.core.ports import OWNER, Access, Capabilities, Target
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant

from .capabilities import CAPABILITIES

if TYPE_CHECKING:
    from .session import Session


class Domo(Struct, frozen=True):
    """The provider `domo`."""

    name: str = "domo"
    capabilities: Capabilities = CAPABILITIES

    def newborn(self, actor: Principal | None) -> Mapping[str, tuple[Element, ...]]:
        """Whoever creates a dataset owns it; it has no stream, no tags and no data."""
        settable = self.capabilities.facets - {"schedule", "definition"}
        empty: dict[str, tuple[Element, ...]] = dict.fromkeys(sorted(settable), ())
        if actor is None:
            return empty
        return {**empty, "owner": (Owner(actor),), "permissions": (Grant(actor, OWNER),)}

    def connect(self, target: Target, access: Access, stop: threading.Event | None = None) -> Session:
        """Open a session with `target`; no request is sent yet."""
        # httpx takes longer to import than a command without a network may take to run.
        from .session import Session  # noqa: PLC0415

        return Session.open(target, access, self.newborn(target.actor), stop=stop)


PROVIDER = Domo()

__all__ = ["PROVIDER", "Domo"]
