"""What the tests of Clarifai's sandbox share: the seeded dataset, a client, the vendor's envelope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from reconciler.sandbox import DOCUMENTED, Sandbox, World, documents_seed

LONG, SHORT = "/v2/users/acme/apps/catalog", "/v2"
KEYS = {LONG: "sandbox-token", SHORT: "sandbox-app-key"}
VERSIONS = f"{LONG}/datasets/vehicles/versions"
DATASETS = f"{LONG}/datasets"
IDS = [
    "vehicles-2021-06",
    "vehicles-2021-07",
    "a4b032e9083f4cbfbdfe5617b1a4d5e7",
    "dataset-version-1633032673",
    "vehicles-2021-10",
    "f1b3c1a7b2f84c6e9d7a5e0c3b2a1f40",
    "vehicles-2021-12",
    "vehicles-2022-01",
]
NOW = 1_700_000_000.0
STAMP = "2023-11-14T22:13:20.000000Z"


class Client(httpx.Client):
    """Talks to one sandbox with one key, and sets its clock."""

    sandbox: Sandbox
    now: float = NOW

    def remove(self, path: str, body: object) -> httpx.Response:
        """DELETE with a body."""
        return self.request("DELETE", path, json=body)

    def code(self, method: str, path: str, body: object = None) -> tuple[int, int]:
        """HTTP status and status code of an answer."""
        answer = self.request(method, path, json=body) if body is not None else self.request(method, path)
        return answer.status_code, answer.json()["status"]["code"]

    def ids(self, path: str = VERSIONS) -> list[str]:
        """The ids of the versions that a list answers."""
        return [each["id"] for each in self.get(path).json()["dataset_versions"]]


@contextmanager
def clarifai(world: World = DOCUMENTED, key: str = "sandbox-token") -> Iterator[Client]:
    """A sandbox with the documents' examples in it, on a clock that stands still."""
    client = Client(headers={"Authorization": f"Key {key}"}, timeout=5)
    sandbox = Sandbox(world=world, clock=lambda: client.now)
    sandbox.seed(documents_seed())
    with sandbox.serve() as server, client:
        client.sandbox, client.base_url = sandbox, httpx.URL(server.url)
        yield client
    sandbox.close()


def status(number: int, code: int = 10000, description: str = "Ok", details: str = "") -> dict[str, Any]:
    """The status of an answer, whole."""
    said = {"code": code, "description": description} | ({"details": details} if details else {})
    return said | {"req_id": f"{number:032x}"}


def made(id: str, code: int = 64005, **more: Any) -> dict[str, Any]:  # noqa: A002 - the vendor's name
    """A version that was added just now, whole."""
    words = {64005: "is pending", 64010: "is in progress", 64015: "is ready"}
    return {
        "id": id,
        "created_at": STAMP,
        "modified_at": STAMP,
        "app_id": "catalog",
        "user_id": "acme",
        "dataset_id": "vehicles",
        "status": {"code": code, "description": f"Dataset version {words[code]}"},
        "visibility": {"gettable": 10},
        "export_info": {},
        "request_origin": 1,
        **more,
    }
