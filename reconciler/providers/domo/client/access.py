"""Who has access to a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.providers.domo.wire import AccessList, Entry
from reconciler.providers.understanding import understand

from .endpoint import V3, Endpoint, Endpoints, at


class Access(Endpoints):
    """Endpoints of access lists."""

    @at("GET", V3 + "/{}/permissions")
    def permissions(self, here: Endpoint, dataset: str) -> AccessList:
        """002, 003: Dataset Access List; 002: Get Dataset Permissions."""
        return understand(AccessList, self.get(here, dataset), "the access list")

    @at("PUT", V3 + "/{}/permissions")
    def put_permissions(self, here: Endpoint, dataset: str, entries: Sequence[Mapping[str, str]]) -> None:
        """002: Update Dataset Permissions: replaces the list, or adds to it; at live instances see `put_permission`."""
        self.send(here, dataset, body={"permissions": list(entries)})

    @at("PUT", V3 + "/{}/permissions", "observed")
    def put_permission(self, here: Endpoint, dataset: str, entry: Mapping[str, str]) -> None:
        """Notes 1.3: one entry of the list, the others untouched."""
        self.send(here, dataset, body=dict(entry))

    @at("POST", V3 + "/{}/share")
    def share(self, here: Endpoint, dataset: str, entries: Sequence[Mapping[str, str]]) -> None:
        """002, 003: Share Dataset with Access permissions. Touches only who is named (notes 1.4); mails nobody."""
        self.send(here, dataset, body={"permissions": list(entries), "sendEmail": False})

    @at("DELETE", V3 + "/{}/permissions/{}/{}")
    def revoke(self, here: Endpoint, dataset: str, kind: str, principal: str) -> None:
        """002: Revoke Dataset Access by type and id; 003 has it for USER only, at the same path."""
        self.send(here, dataset, kind, principal)

    @at("DELETE", V3 + "/{}/USERS/{}", "documented")
    def remove_user(self, here: Endpoint, dataset: str, user: str) -> None:
        """002, 003: Remove user from dataset."""
        self.send(here, dataset, user)

    @at("DELETE", V3 + "/{}/users", "documented")
    def remove_users(self, here: Endpoint, dataset: str, users: Sequence[str]) -> None:
        """002, 003: Remove multiple users from dataset."""
        self.send(here, dataset, body=[{"id": user, "type": "USER"} for user in users])

    @at("GET", V3 + "/{}/permissions/currentUser", "observed")
    def own_right(self, here: Endpoint, dataset: str) -> str:
        """Notes 3, ACL in bulk: what the caller may do, such as READ_WRITE."""
        return understand(str, self.get(here, dataset), "the caller's right")

    @at("GET", V3 + "/bulk/permissions", "observed")
    def page_of_permissions(self, here: Endpoint, offset: int, limit: int) -> tuple[Entry, ...]:
        """Notes 3, ACL in bulk: entries of all datasets, each with its `dataSourceId`."""
        query = {"limit": str(limit), "offset": str(offset)}
        return understand(tuple[Entry, ...], self.get(here, query=query), "the list of permissions")

    @at("POST", V3 + "/bulk/directpermissions", "observed", reads=True)
    def permissions_of(self, here: Endpoint, datasets: Sequence[str]) -> tuple[Entry, ...]:
        """Notes 3, ACL in bulk: the entries of the given datasets, each with its `dataSourceId`."""
        return understand(tuple[Entry, ...], self.get(here, body=list(datasets)), "the list of permissions")
