"""Which requests write: some reads are POSTs, because what they ask for does not fit into a URL."""

from __future__ import annotations

import re
from typing import Protocol

READS = re.compile("/datasources/bulk$|/partition/list$")


class Sent(Protocol):
    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...


def writes(request: Sent) -> bool:
    """Whether `request` can change anything at the vendor."""
    return request.method != "GET" and not READS.search(request.path)
