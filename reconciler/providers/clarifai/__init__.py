"""Clarifai, as document 004 describes its dataset versions and as the vendor's own protocol has them.

capabilities  what it can do                   session   reads and writes, through one module per facet:
client        a function per endpoint                    retention
wire          what its answers look like       dataset   one dataset, each thing asked for once
envelope      which answers are successes      listing   all pages of a list, or a failure
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from reconciler.core.changes import Element
from reconciler.core.ports import Access, Capabilities, Target
from reconciler.core.principals import Principal

from .capabilities import CAPABILITIES

if TYPE_CHECKING:
    from .session import Session


class Clarifai(Struct, frozen=True):
    """The provider `clarifai`."""

    name: str = "clarifai"
    capabilities: Capabilities = CAPABILITIES

    def newborn(self, actor: Principal | None) -> Mapping[str, tuple[Element, ...]]:
        """Nothing: datasets are not created here."""
        del actor
        return {}

    def connect(self, target: Target, access: Access, stop: threading.Event | None = None) -> Session:
        """Open a session with `target`; no request is sent yet."""
        # httpx takes longer to import than a command without a network may take to run.
        from .session import Session  # noqa: PLC0415

        return Session.open(target, access, stop=stop)


PROVIDER = Clarifai()

__all__ = ["PROVIDER", "Clarifai"]
