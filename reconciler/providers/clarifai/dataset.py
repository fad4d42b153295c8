"""One dataset at Clarifai, as far as it has been asked about."""

from __future__ import annotations

from functools import cached_property

from reconciler.core.ports import DatasetRef, ProviderError

from .client import ClarifaiClient
from .listing import Listing
from .wire import Dataset as DatasetWire
from .wire import DatasetVersion


class Dataset:
    """What one read or one write knows of a dataset. Not kept: the next read asks anew."""

    def __init__(self, api: ClarifaiClient, ref: DatasetRef) -> None:
        self.api, self.ref, self.id = api, ref, ref.id
        self.requests = 0
        """How many answers what was read rests on; asking again because a list moved does not count."""

    def prove(self) -> None:
        """Raise unless the dataset exists and is this app's own.

        Raises:
            ProviderError: it is a bookmark: what it shows belongs to another app (notes 1, Objects).
        """
        if self._own.bookmark_origin is not None:
            summary = f"dataset {self.id} is a bookmark of a dataset in another app, which nobody governs from here"
            raise ProviderError(summary, hint="Write a manifest for the dataset itself, with a target for its app.")

    def versions(self) -> tuple[DatasetVersion, ...]:
        """All versions, in no order."""
        listing: Listing[DatasetVersion] = self.api.versions(self.id)
        self.requests += listing.pages
        return listing.items

    @cached_property
    def _own(self) -> DatasetWire:
        self.requests += 1
        return self.api.dataset(self.id)
