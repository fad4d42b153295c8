"""Runs of a stream: what earlier ones did, and starting one."""

from __future__ import annotations

from reconciler.providers.domo.answers import Run
from reconciler.providers.http import Answer
from reconciler.providers.understanding import understand

from .endpoint import STREAMS, Endpoint, Endpoints, at


class Runs(Endpoints):
    """Endpoints of executions."""

    @at("GET", STREAMS + "/{}/history/aggregate")
    def runs(self, here: Endpoint, stream: str, limit: int) -> tuple[Run, ...]:
        """002, 003: Stream Execution History, newest first; times are in seconds (notes 1.13)."""
        answer = self.get(here, stream, query={"limit": str(limit)})
        return understand(tuple[Run, ...], answer, "the history of a stream")

    @at("GET", STREAMS + "/{}/executions", "observed")
    def executions(self, here: Endpoint, stream: str, offset: int, limit: int) -> tuple[Run, ...]:
        """Notes 1.13: runs with all that is known of them, by pages."""
        answer = self.get(here, stream, query={"limit": str(limit), "offset": str(offset)})
        return understand(tuple[Run, ...], answer, "the history of a stream")

    @at("POST", STREAMS + "/{}/executions", repeat="untaken")
    def execute(self, here: Endpoint, stream: str) -> Answer:
        """002, 003: Execute Dataset Stream. Sent twice it runs twice."""
        return self.send(here, stream, body={"action": "MANUAL"})

    @at("PUT", STREAMS + "/{}/executions/{}/abort", "observed")
    def abort(self, here: Endpoint, stream: str, execution: str, message: str) -> None:
        """Notes 1.13: stop a run."""
        self.send(here, stream, execution, body={"category": "USER", "message": message})
