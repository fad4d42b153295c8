"""The cards that read a dataset."""

from __future__ import annotations

from reconciler.providers.domo.answers import Card
from reconciler.providers.understanding import understand

from .endpoint import Endpoint, Endpoints, at


class Cards(Endpoints):
    """Endpoints of cards."""

    @at("GET", "/api/content/v1/datasources/{}/cards")
    def cards(self, here: Endpoint, dataset: str) -> tuple[Card, ...]:
        """002, 003: Get Cards for a Dataset ID, those in drill paths included."""
        answer = self.get(here, dataset, query={"drill": "true"})
        return understand(tuple[Card, ...], answer, "the list of cards")
