"""Streams: how a connector fills a dataset, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.providers.http import Answer
from reconciler.providers.understanding import understand

from .endpoint import STREAMS, Endpoint, Endpoints, at

Document: TypeAlias = dict[str, object]


class Streams(Endpoints):
    """Endpoints of streams."""

    @at("GET", STREAMS + "/{}")
    def stream(self, here: Endpoint, stream: str) -> Document:
        """002, 003: Stream (Connector) - Get. Without `fields=all` live instances send seven fields (notes 1.13)."""
        return understand(Document, self.get(here, stream, query={"fields": "all"}), "the stream")

    @at("PUT", STREAMS + "/{}")
    def put_stream(self, here: Endpoint, stream: str, document: Mapping[str, object]) -> None:
        """002, 003: Stream (Connector) - Update, with the whole stream: what is not sent may be lost."""
        self.send(here, stream, body=document)

    @at("POST", STREAMS, repeat="untaken")
    def post_stream(self, here: Endpoint, document: Mapping[str, object]) -> Answer:
        """002, 003: Stream (Connector) - Create: a stream and its dataset; sent twice it makes two of each."""
        return self.send(here, body=document)

    @at("GET", STREAMS, "observed")
    def page_of_streams(self, here: Endpoint, offset: int, limit: int) -> tuple[Document, ...]:
        """Notes 3, Streams: all streams, by pages."""
        query = {"limit": str(limit), "offset": str(offset), "fields": "all"}
        return understand(tuple[Document, ...], self.get(here, query=query), "the list of streams")

    @at("GET", STREAMS + "/lookup", "observed")
    def stream_of(self, here: Endpoint, dataset: str) -> str:
        """Notes 3, Streams: the id of the stream that fills a dataset."""
        return str(understand(int, self.get(here, query={"dataSourceId": dataset}), "the id of a stream"))

    @at("GET", STREAMS + "/search", "observed")
    def streams_of(self, here: Endpoint, dataset: str) -> tuple[Document, ...]:
        """Notes 3, Streams: the streams that fill a dataset."""
        query = {"q": f"dataSource.id:{dataset}"}
        return understand(tuple[Document, ...], self.get(here, query=query), "the list of streams")

    @at("GET", STREAMS + "/bulk", "observed")
    def streams_by_id(self, here: Endpoint, streams: Sequence[str]) -> tuple[Document, ...]:
        """Notes 3, Streams: several streams at once; how much of each comes is not known."""
        query = {"streamId": ",".join(streams)}
        return understand(tuple[Document, ...], self.get(here, query=query), "the list of streams")

    @at("PUT", STREAMS + "/{}/schedule", "observed")
    def put_schedule(self, here: Endpoint, stream: str, schedule: Mapping[str, object]) -> None:
        """Notes 1.13: the schedule alone, as JSON within a JSON string."""
        self.send(here, stream, body=json.dumps(dict(schedule)))

    @at("POST", STREAMS + "/{}/scheduleState/{}", "observed")
    def post_schedule_state(self, here: Endpoint, stream: str, state: str) -> None:
        """Notes 1.13: MANUAL, ACTIVE or INACTIVE."""
        self.send(here, stream, state)

    @at("POST", STREAMS + "/scheduleState/bulk/{}", "observed")
    def post_schedule_states(self, here: Endpoint, action: str, streams: Sequence[str]) -> None:
        """Notes 1.13: `activate` or `deactivate` many streams."""
        self.send(here, action, body=[int(stream) for stream in streams])
