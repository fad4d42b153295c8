"""One dataset at Domo, as far as it has been asked about: each thing is asked for once and shared by the facets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import DatasetRef
from reconciler.core.principals import Directory, Principal
from reconciler.providers.once import once

from .ahead import Ahead
from .client import DomoClient
from .facts import Facts
from .wire import AccessList, Metadata

T = TypeVar("T")

IMAGINED = "(known after apply)"
"""The id of a dataset that a rehearsal created; no server has it."""


class Dataset:
    """What one read or one write knows of a dataset. Not kept: the next read asks anew."""

    def __init__(
        self, api: DomoClient, facts: Facts, ref: DatasetRef, directory: Directory, ahead: Ahead | None = None
    ) -> None:
        self.api, self.ref, self.id = api, ref, ref.id
        self._ahead, self._alone = ahead, False
        self._facts, self._directory = facts, directory
        self._rests_on: set[str] = set()
        self.diagnostics: list[Diagnostic] = []

    @property
    def requests(self) -> int:
        """How many answers what was read rests on.

        Repeated attempts and what was asked to get to know the server do not count: they depend on chance and on which
        dataset came first, and equal plans must be equal.
        """
        return len(self._rests_on)

    def prove(self) -> None:
        """Raise if the dataset does not exist."""
        _ = self._metadata

    @property
    def metadata(self) -> Metadata:
        """Its metadata."""
        if self._batched is not None:
            return self._batched
        self._rests_on.add("metadata")
        self._alone = True
        return self._metadata

    @property
    def whole_metadata(self) -> Metadata:
        """Its metadata, asked for by itself: that a member is missing is only believed of this."""
        self._alone = True
        return self.metadata

    @property
    def _batched(self) -> Metadata | None:
        return None if self._alone else self._from_batch

    @property
    def permissions(self) -> AccessList:
        """Its access list."""
        self._rests_on.add("permissions")
        return self._permissions

    @property
    def stream(self) -> dict[str, object] | None:
        """The stream that fills it, if one does."""
        stream = self.metadata.stream_id or self.whole_metadata.stream_id
        if stream is None:
            return None
        self._rests_on.add("stream")
        return self._stream(stream)

    def rest_on(self, name: str, answer: T) -> T:
        """`answer`, counted as one more request that what is read rests on."""
        self._rests_on.add(name)
        return answer

    def maybe(self, endpoint: str, ask: Callable[[str], T]) -> T | None:
        """What an endpoint that not every server has answers; None where it is missing."""
        return self._facts.ask(endpoint, lambda: ask(self.id), self.prove)

    def has(self, endpoint: str, ask: Callable[[str], object]) -> bool:
        """Whether the server has an endpoint, learned by a read; of an imagined dataset nothing can be read."""
        return self.id == IMAGINED or self._facts.has(endpoint, lambda: ask(self.id), self.prove)

    def principal(self, kind: str, identifier: str) -> Principal:
        """Somebody by Domo's word for the kind, named when the directory knows him."""
        return self._directory.principal("group" if kind == "GROUP" else "user", identifier)

    @once
    def _from_batch(self) -> Metadata | None:
        if self._ahead is None:
            return None
        counts = self._ahead.counts(self.id)
        found = self._ahead.metadata(self.id)
        if found is not None and counts:
            self._rests_on.add("batch")
        return found

    @once
    def _metadata(self) -> Metadata:
        return self.api.metadata(self.id)

    @once
    def _permissions(self) -> AccessList:
        return self.api.permissions(self.id)

    @once
    def _streams(self) -> dict[str, dict[str, object]]:
        return {}

    def _stream(self, stream: str) -> dict[str, object]:
        if stream not in self._streams:
            self._streams[stream] = self.api.stream(stream)
        return self._streams[stream]
