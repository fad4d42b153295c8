"""Who owns a dataset."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.providers.domo.wire import OwnerAnswer, Party
from reconciler.providers.understanding import understand

from .endpoint import UI, V2, V3, Endpoint, Endpoints, at


class Owners(Endpoints):
    """Endpoints of owners."""

    @at("GET", V3 + "/{}/owner", "documented")
    def owner(self, here: Endpoint, dataset: str) -> Party:
        """002: Get Dataset Owner."""
        return understand(OwnerAnswer, self.get(here, dataset), "the owner").owner

    @at("PUT", V3 + "/{}/owner", "documented")
    def put_owner(self, here: Endpoint, dataset: str, kind: str, principal: str) -> None:
        """002: Update Dataset Owner."""
        self.send(here, dataset, body={"owner": {"id": principal, "type": kind}})

    @at("PUT", V2 + "/{}/responsibleUsers", "observed")
    def put_responsible(self, here: Endpoint, dataset: str, kind: str, principal: str) -> None:
        """Notes 1.12: the owner, where the server has no `/owner`."""
        field = "responsibleGroupId" if kind == "GROUP" else "responsibleUserId"
        self.send(here, dataset, body={field: principal})

    @at("PUT", V2 + "/responsible-user/{}", "observed")
    def put_responsible_for(self, here: Endpoint, user: str, datasets: Sequence[str]) -> None:
        """Notes 1.12: one user as the owner of many datasets."""
        self.send(here, user, body=list(datasets))

    @at("POST", UI + "/ownedBy", "observed", reads=True)
    def owned_by(self, here: Endpoint, kind: str, principal: str) -> object:
        """Notes 3, Listing: the ids of the datasets that somebody owns."""
        return self.get(here, body=[{"id": principal, "type": kind}])

    @at("PUT", UI + "/ownedBy", "observed")
    def put_owned_by(self, here: Endpoint, kind: str, principal: str, datasets: Sequence[str]) -> None:
        """Notes 1.12: somebody as the owner of many datasets."""
        entity = {"id": principal, "type": kind}
        self.send(here, body=[{"dataSourceIds": list(datasets), "entityIdentifier": entity}])
