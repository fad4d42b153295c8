"""Users and groups (notes 3, Principals). The documents have none."""

from pydantic import AliasChoices, Field

from reconciler.providers.domo.wire import Id, Wire
from reconciler.providers.understanding import understand

from .endpoint import Endpoint, Endpoints, at

USERS = "/api/content/v2/users"
GROUPS = "/api/content/v2/groups"


def _paged(offset: int, limit: int) -> dict[str, str]:
    return {"limit": str(limit), "offset": str(offset)}


class Member(Wire):
    """A user (notes 3, Principals)."""

    id: Id
    display_name: str | None = None
    email_address: str | None = None
    active: bool | None = None


class Found(Wire):
    """A page of users that were searched for."""

    users: tuple[Member, ...]
    count: int | None = None


class Team(Wire):
    """A group (notes 3, Principals)."""

    id: Id = Field(validation_alias=AliasChoices("groupId", "id"))
    name: str | None = None
    member_count: int | None = None


class Principals(Endpoints):
    """Endpoints of users and groups."""

    @at("GET", USERS + "/me", "observed")
    def me(self, here: Endpoint) -> Member:
        """Notes 3, Principals: the user whose token it is."""
        return understand(Member, self.get(here), "the user")

    @at("GET", USERS + "/{}", "observed")
    def user(self, here: Endpoint, user: str) -> Member:
        """Notes 3, Principals: one user."""
        return understand(Member, self.get(here, user), "the user")

    @at("GET", USERS, "observed")
    def page_of_users_v2(self, here: Endpoint, offset: int, limit: int) -> tuple[Member, ...]:
        """Notes 3, Principals: users by pages, at the older path."""
        return understand(tuple[Member, ...], self.get(here, query=_paged(offset, limit)), "the list of users")

    @at("GET", "/api/content/v3/users", "observed")
    def page_of_users(self, here: Endpoint, offset: int, limit: int) -> tuple[Member, ...]:
        """Notes 3, Principals: users by pages."""
        return understand(tuple[Member, ...], self.get(here, query=_paged(offset, limit)), "the list of users")

    @at("GET", "/api/content/v3/users/{}", "observed")
    def user_v3(self, here: Endpoint, user: str) -> Member:
        """Notes 3, Principals: one user, at the newer path."""
        return understand(Member, self.get(here, user), "the user")

    @at("POST", "/api/identity/v1/users/search", "observed", reads=True)
    def search_users(self, here: Endpoint, text: str, offset: int, limit: int) -> Found:
        """Notes 3, Principals: users whose name or address contains `text`."""
        body = {"filters": [{"filterType": "text", "text": text}], "offset": offset, "limit": limit}
        return understand(Found, self.get(here, body=body), "the list of users")

    @at("GET", GROUPS + "/grouplist", "observed")
    def page_of_groups(self, here: Endpoint, text: str, offset: int, limit: int) -> tuple[Team, ...]:
        """Notes 3, Principals: groups whose name contains `text`."""
        query = {"search": text, **_paged(offset, limit), "ascending": "true", "sort": "name"}
        return understand(tuple[Team, ...], self.get(here, query=query), "the list of groups")

    @at("GET", GROUPS + "/{}", "observed")
    def group(self, here: Endpoint, group: str) -> Team:
        """Notes 3, Principals: one group."""
        return understand(Team, self.get(here, group), "the group")

    @at("GET", USERS + "/{}/groups", "observed")
    def groups_of(self, here: Endpoint, user: str) -> tuple[Team, ...]:
        """Notes 3, Principals: the groups that a user is in."""
        return understand(tuple[Team, ...], self.get(here, user), "the list of groups")
