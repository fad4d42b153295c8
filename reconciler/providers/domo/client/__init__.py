"""Domo's endpoints, a function each, named by document and section.

000: Managing Dataset History · 001: the same, with fewer words · 002, 003: Datasets API · notes: observed at live
instances. `.github/DOMO_ENDPOINTS.md` is made from these files.

There is deliberately no function that deletes a dataset.

DomoClient    what datasets and most of their facets are read and written with
keeping       what retention needs beside it
around        what tells more of a dataset, for whoever asks
everything    all of them
"""

from __future__ import annotations

from .access import Access
from .bulk import Bulk
from .datasets import Datasets
from .definitions import Definitions
from .endpoint import PARTITION_LIST, Endpoint, endpoints_of
from .listing import PAGE, Listing
from .owners import Owners
from .schemas import Schemas
from .streams import Streams
from .tags import Tags


class DomoClient(Datasets, Schemas, Tags, Access, Owners, Streams, Definitions, Listing, Bulk):
    """The endpoints that datasets and most of their facets are read and written with."""


_POSTS = [each for each, _ in endpoints_of(DomoClient).values() if each.reads and each.method == "POST"]
READING_POSTS: tuple[str, ...] = tuple(
    sorted({each.pattern for each in (*_POSTS, Endpoint("POST", PARTITION_LIST, reads=True))})
)
"""Paths whose POSTs change nothing, of endpoints that governance has a use for."""

__all__ = ["PAGE", "READING_POSTS", "DomoClient", "Endpoint", "endpoints_of"]
