"""What the sandbox's tests share: the seeded datasets, a client, the vendor's error body."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

import httpx

from reconciler.sandbox import Sandbox

COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
CLIENTS = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
LOG = "61c4e63d-0627-41f7-b138-74968ebd7634"
DAILY = "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"

V2, V3 = "/api/data/v2/datasources", "/api/data/v3/datasources"
TAGS = f"/api/data/ui/v3/datasources/{COVID}/tags"
ACL, SHARE, OWNER = (f"{V3}/{CLIENTS}/{name}" for name in ("permissions", "share", "owner"))
VERSIONS = f"{V2}/{CLIENTS}/dataversions"
SCHEMA = f"/api/query/v1/datasources/{ROLES}/schema/indexed"
STREAM = "/api/data/v1/streams/371"
COVIDS = ["s_covid-19", "udt_MINUTE at undefined", "um_REPLACE", "covid-19"]
DOE = {"id": "966365811", "type": "USER", "accessLevel": "CO_OWNER"}


# Made once: each default context reads all certificates of the machine again.
_TLS = ssl.create_default_context()


class Client(httpx.Client):
    """Talks to one sandbox as one user."""

    sandbox: Sandbox

    def of(self, token: str) -> Client:
        """The same sandbox, as somebody else."""
        return connect(self.sandbox, str(self.base_url), token)


def connect(sandbox: Sandbox, url: str, token: str) -> Client:
    """A client of a served sandbox."""
    client = Client(base_url=url, headers={"X-DOMO-Developer-Token": token}, timeout=5, verify=_TLS)
    client.sandbox = sandbox
    return client


Serve = Callable[..., Client]


def levels(client: Client, dataset: str = CLIENTS) -> dict[str, str]:
    """Who has which level of access to a dataset."""
    entries = client.get(f"/api/data/v3/datasources/{dataset}/permissions").json()["list"]
    return {entry["id"]: entry["accessLevel"] for entry in entries}


def error(status: int, message: str, path: str, number: int, user: str | None = "900") -> dict[str, Any]:
    """The vendor's error body, whole."""
    names = {
        400: ("com.domo.exception.BadRequestException", "Bad Request"),
        401: ("com.domo.exception.UnauthorizedException", "Unauthorized"),
        403: ("com.domo.exception.ForbiddenException", "Forbidden"),
        404: ("com.domo.exception.NotFoundException", "Not Found"),
        405: ("org.springframework.web.HttpRequestMethodNotSupportedException", "Method Not Allowed"),
        409: ("com.domo.exception.ConflictException", "Conflict"),
        416: ("com.domo.exception.RequestedRangeException", "Requested Range Not Satisfiable"),
    }
    exception, reason = names[status]
    body = {"exception": exception, "message": message, "path": path, "status": status, "statusReason": reason}
    body["toe"] = f"{number:010}-00000-00000"
    return body | ({"userId": user} if user else {})
