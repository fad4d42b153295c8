"""Every endpoint, those included that governance has no use for."""

from __future__ import annotations

from . import DomoClient
from .around import Around
from .keeping import Keeping
from .principals import Principals
from .queries import Queries
from .uploads import Uploads


class Everything(DomoClient, Keeping, Around, Principals, Queries, Uploads):
    """Every endpoint of documents 000-003, and those that live instances are known to have."""
