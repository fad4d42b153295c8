"""Domo's endpoints, a function each, named by document and section.

000: Managing Dataset History · 001: the same, with fewer words · 002, 003: Datasets API · notes: observed at live
instances. `.github/DOMO_ENDPOINTS.md` is made from these files.

There is deliberately no function that deletes a dataset.

DomoClient    what facets are read and written with
around        what tells more of a dataset, for whoever asks
everything    all of them
"""

from __future__ import annotations

from .access import Access
from .bulk import Bulk
from .datasets import Datasets
from .definitions import Definitions
from .endpoint import Endpoint, endpoints_of
from .indexes import Indexes
from .listing import PAGE, Listing
from .owners import Owners
from .partitions import Partitions
from .schemas import Schemas
from .streams import Streams
from .tags import Tags
from .versions import Versions


class DomoClient(
    Datasets, Schemas, Tags, Access, Owners, Streams, Versions, Partitions, Indexes, Definitions, Listing, Bulk
):
    """The endpoints that facets are read and written with."""


READING_POSTS: tuple[str, ...] = tuple(
    sorted({each.pattern for each, _ in endpoints_of(DomoClient).values() if each.reads and each.method == "POST"})
)
"""Paths whose POSTs change nothing."""

__all__ = ["PAGE", "READING_POSTS", "DomoClient", "Endpoint", "endpoints_of"]
