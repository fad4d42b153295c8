"""Who may ask Clarifai's sandbox, and what it does with requests that make no sense."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reconciler.sandbox.clarifai.routes import ROUTES
from reconciler.sandbox.exchange import Request
from tests.sandbox.clarifai_served import IDS, LONG, VERSIONS, Client, clarifai, status


@pytest.fixture
def client() -> Iterator[Client]:
    """Clarifai as documented, with a personal access token."""
    with clarifai() as client:
        yield client


HEADERS = {
    "": (400, 11102),
    "key sandbox-token": (400, 11102),
    "Bearer sandbox-token": (400, 11102),
    "Key": (400, 11102),
    "Key nobody": (401, 11009),
    "Key sandbox-app-key": (200, 10000),
    "Key viewer-token": (200, 10000),
}


@pytest.mark.parametrize("header", HEADERS)
def test_keys(client: Client, header: str) -> None:
    """Notes 1: the scheme is case-sensitive; a key of the app also opens its long path."""
    answer = client.get(VERSIONS, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["status"]["code"]) == HEADERS[header]


def test_a_personal_token_needs_the_long_path(client: Client) -> None:
    """Recorded: pliers#403 (notes 0)."""
    answer = client.get("/v2/datasets/vehicles/versions")
    said = status(1, 11008, "API key invalid", "Must provide app external ID in API authorizer")
    assert (answer.status_code, answer.json()) == (401, {"status": said, "dataset_versions": []})


def test_a_key_opens_its_own_apps_only(client: Client) -> None:
    """Another user's app, and one that is not there, look the same; `me` is whoever asks."""
    assert client.code("GET", VERSIONS.replace("acme", "me")) == (200, 10000)
    assert client.code("GET", VERSIONS.replace("acme", "other")) == (404, 11101)
    assert client.code("GET", VERSIONS.replace("catalog", "other")) == (404, 11101)


def test_a_key_without_a_scope_is_told_so(client: Client) -> None:
    """Notes 1, required scopes."""
    client.headers["Authorization"] = "Key viewer-token"
    said = status(1, 11007, "Insufficient scopes", "Missing scope: Datasets_Delete")
    assert client.remove(VERSIONS, {"dataset_version_ids": [IDS[0]]}).json() == {"status": said}


def test_the_gateway_answers_without_an_envelope(client: Client) -> None:
    """Notes 1: google.rpc.Status, for what never reaches the API."""
    nowhere, wrong = client.get(f"{LONG}/nowhere"), client.put(VERSIONS)
    assert (nowhere.status_code, nowhere.json()) == (404, {"code": 5, "message": "Not Found", "details": []})
    assert (wrong.status_code, wrong.json()) == (405, {"code": 12, "message": "Method Not Allowed", "details": []})


VALUES: list[object] = [
    None,
    True,
    0,
    10**400,
    0.5,
    "",
    "x/../y",
    "\x00\U0001f600",
    [],
    [[]],
    [None],
    [{}],
    {},
    {"a": {}},
]
FIELDS = ["id", "description", "metadata", "visibility", "annotation_filter_config", "status", "image", "format", "odd"]
LISTS = ["dataset_versions", "dataset_version_ids", "datasets", "dataset_ids", "exports"]
BODIES = [
    b"",
    b"[]",
    b'"',
    b'{"dataset_versions":[{"id":"\\ud800"}]}',
    *(json.dumps({name: value, "action": value}).encode() for name in LISTS for value in VALUES),
    *(json.dumps({name: [{field: value}] for name in LISTS}).encode() for field in FIELDS for value in VALUES),
]


SEGMENTS = {"user": "acme", "app": "catalog", "dataset": "vehicles", "version": IDS[0]}


def test_no_body_brings_the_sandbox_down(client: Client) -> None:
    """Every answer has the envelope, whatever was sent and wherever."""
    for route in ROUTES:
        path = route.path.format_map(SEGMENTS)
        client.headers["Authorization"] = "Key sandbox-token" if path.startswith(LONG) else "Key sandbox-app-key"
        for body in BODIES if route.method != "GET" else []:
            request = Request(route.method, path, "", {**client.headers, "content-type": "application/json"}, body)
            assert client.sandbox.respond(request).body.startswith(b'{"status":{"code":'), (route.path, body)
