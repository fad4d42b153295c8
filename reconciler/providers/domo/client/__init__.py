"""Domo's endpoints, a function each, named by document and section.

000: Managing Dataset History · 001: the same, with fewer words · 002, 003: Datasets API · notes: observed at live
instances. `.github/DOMO_ENDPOINTS.md` is made from these files.

There is deliberately no function that deletes a dataset.
"""

from __future__ import annotations

from .access import Access
from .bulk import Bulk
from .datasets import Datasets
from .definitions import Definitions
from .endpoint import Endpoint, endpoints_of
from .history import History
from .indexes import Indexes
from .listing import PAGE, Listing
from .owners import Owners
from .partitions import Partitions
from .principals import Principals
from .queries import Queries
from .runs import Runs
from .schemas import Schemas
from .streams import Streams
from .tags import Tags
from .uploads import Uploads
from .versions import Versions


class DomoClient(
    Datasets,
    Schemas,
    Tags,
    Access,
    Owners,
    Streams,
    Runs,
    Versions,
    Partitions,
    Indexes,
    Uploads,
    Queries,
    Definitions,
    History,
    Listing,
    Bulk,
    Principals,
):
    """Every endpoint of documents 000-003, and those that live instances are known to have."""


READING_POSTS: tuple[str, ...] = tuple(
    sorted({each.pattern for each, _ in endpoints_of(DomoClient).values() if each.reads and each.method == "POST"})
)
"""Paths whose POSTs change nothing."""

__all__ = ["PAGE", "READING_POSTS", "DomoClient", "Endpoint", "endpoints_of"]
