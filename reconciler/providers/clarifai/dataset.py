"""One dataset at Clarifai, as far as it has been asked about."""

from __future__ import annotations

from reconciler.core.ports import DatasetRef, ProviderError, Target
from reconciler.providers.once import once

from .client import ClarifaiClient
from .listing import Listing
from .wire import Dataset as DatasetWire
from .wire import DatasetVersion


class Dataset:
    """What one read or one write knows of a dataset. Not kept: the next read asks anew."""

    def __init__(self, api: ClarifaiClient, ref: DatasetRef, target: Target) -> None:
        self.api, self.ref, self.id, self.target = api, ref, ref.id, target
        self.requests = 0
        """How many answers what was read rests on; asking again because a list moved does not count."""

    @once
    def own(self) -> DatasetWire:
        """The dataset itself.

        Raises:
            ProviderError: it is a bookmark: what it shows belongs to another app (notes 1, Objects).
        """
        self.requests += 1
        found = self.api.dataset(self.id)
        if found.bookmark_origin is not None:
            summary = f"dataset {self.id} is a bookmark of a dataset in another app, which nobody governs from here"
            raise ProviderError(summary, hint="Write a manifest for the dataset itself, with a target for its app.")
        return found

    @once
    def versions(self) -> tuple[DatasetVersion, ...]:
        """All versions, in no order, of a dataset that is this app's own."""
        _ = self.own
        listing: Listing[DatasetVersion] = self.api.versions(self.id)
        self.requests += listing.pages
        return listing.items
