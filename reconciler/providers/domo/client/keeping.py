"""What versions and partitions are read and deleted with."""

from __future__ import annotations

from .indexes import Indexes
from .partitions import Partitions
from .versions import Versions


class Keeping(Versions, Partitions, Indexes):
    """The endpoints of retention."""
