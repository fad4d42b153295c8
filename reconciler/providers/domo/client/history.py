"""Who changed a dataset, when and how."""

from __future__ import annotations

from reconciler.providers.domo.answers import Audit, Changed, Changes
from reconciler.providers.understanding import understand

from .endpoint import V2, Endpoint, Endpoints, at


class History(Endpoints):
    """Endpoints of history."""

    @at("GET", V2 + "/{}/history", "documented")
    def changes(self, here: Endpoint, dataset: str) -> tuple[Changed, ...]:
        """002: Get Dataset History."""
        return understand(Changes, self.get(here, dataset), "the history").changes

    @at("GET", "/api/audit/v1/user-audits", "observed")
    def page_of_audits(self, here: Endpoint, start: int, end: int, offset: int, limit: int) -> tuple[Audit, ...]:
        """Notes 3, Audit: what users did to datasets between two moments in milliseconds, newest first."""
        span = {"start": str(start), "end": str(end)}
        query = {"objectType": "DATA_SOURCE", **span, "limit": str(limit), "offset": str(offset)}
        return understand(tuple[Audit, ...], self.get(here, query=query), "the audit log")
