"""Clarifai's sandbox answers document 004, in the shapes of the vendor's protocol (Clarifai notes 1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.clarifai_served import DATASETS, IDS, KEYS, VERSIONS, Client, clarifai, made, status


@pytest.fixture
def client() -> Iterator[Client]:
    """Clarifai as documented, with a personal access token."""
    with clarifai() as client:
        yield client


@pytest.mark.parametrize("form", KEYS, ids=["long", "short"])
@pytest.mark.parametrize("slash", ["", "/"], ids=["", "slash"])
def test_004_add_list_get_change_delete(form: str, slash: str) -> None:
    """Document 004 from top to bottom, on both forms of its paths, with and without a slash at the end."""
    path = f"{form}/datasets/vehicles/versions"
    example: dict[str, Any] = {"id": "dataset-version-1633032674", "name": "foo", "dataset_filter": {"id": "labelled"}}
    renamed = {"id": example["id"], "name": "dataset version updated name"}
    with clarifai(key=KEYS[form]) as client:
        added = client.post(path + slash, json={"dataset_versions": [example]})
        listed = client.get(path + slash, params={"page": 1, "per_page": 100})
        found = client.get(f"{path}/{example['id']}{slash}")
        changed = client.patch(path + slash, json={"dataset_versions": [renamed], "action": "overwrite"})
        deleted = client.remove(path + slash, {"dataset_version_ids": [example["id"]]})
        ready = made(code=64015, **example)
        assert added.json() == {"status": status(1), "dataset_versions": [made(**example)]}
        assert [each["id"] for each in listed.json()["dataset_versions"]] == [*IDS, example["id"]]
        assert found.json() == {"status": status(3), "dataset_version": ready}
        assert changed.json() == {"status": status(4), "dataset_versions": [{**ready, **renamed}]}
        gone = "Dataset version 'dataset-version-1633032674' deleted"
        assert deleted.json() == {"status": status(5, details=gone)}
        assert client.ids(path) == IDS


def test_a_version_is_seeded_with_origin_status_and_exports(client: Client) -> None:
    """Enums are numbers, times have six digits and a zone, what is unset is left out (notes 1, Wire format)."""
    versions = client.get(VERSIONS, params={"per_page": 3}).json()["dataset_versions"]
    assert versions[1:] == [
        {
            "id": IDS[1],
            "created_at": "2021-07-31T18:00:00.125000Z",
            "modified_at": "2021-07-31T18:00:00.125000Z",
            "app_id": "catalog",
            "user_id": "acme",
            "dataset_id": "vehicles",
            "visibility": {"gettable": 10},
            "description": "July release",
            "status": {"code": 64015, "description": "Dataset version is ready"},
            "request_origin": 1,
            "export_info": {"coco": {"format": 2, "status": {"code": 64200, "description": "Export is ready"}}},
        },
        {
            "id": IDS[2],
            "created_at": "2021-08-15T04:12:09.731204Z",
            "modified_at": "2021-08-15T04:12:09.731204Z",
            "app_id": "catalog",
            "user_id": "acme",
            "dataset_id": "vehicles",
            "visibility": {"gettable": 10},
            "status": {"code": 64015, "description": "Dataset version is ready"},
            "request_origin": 2,
            "export_info": {},
        },
    ]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("page=2&per_page=3", IDS[3:6]),
        ("page=4&per_page=3", []),
        ("page=0&per_page=0", IDS),
        ("user_app_id.user_id=acme&user_app_id.app_id=catalog&page=1", IDS),
        ("request_origins=TRAINING&request_origins=3", [IDS[2], IDS[5]]),
    ],
)
def test_pages_end_with_an_empty_one(client: Client, query: str, ids: list[str]) -> None:
    """Notes 1, Pagination, with the oddities that the vendor's own client sends."""
    assert client.ids(f"{VERSIONS}?{query}") == ids


@pytest.mark.parametrize("query", ["per_page=1001", "page=-1", "page=x", "per_page=" + "9" * 5000])
def test_a_page_that_cannot_be_is_invalid(client: Client, query: str) -> None:
    """11102, and the list is there all the same."""
    answer = client.get(f"{VERSIONS}?{query}").json()
    assert (answer["status"]["code"], answer["dataset_versions"]) == (11102, [])


REFUSED = {
    "GET /nothing": (404, 11101),
    "GET /vehicles/versions/nothing": (404, 11101),
    "GET /nothing/versions": (404, 11101),
    'POST /vehicles/versions {"dataset_versions":[]}': (400, 11102),
    'POST /vehicles/versions {"dataset_versions":[1]}': (400, 11102),
    'POST /vehicles/versions {"dataset_versions":[{"id":1}]}': (400, 11100),
    'POST /vehicles/versions {"dataset_versions":[{"id":"vehicles-2021-06"}]}': (409, 40010),
    'POST /vehicles/versions {"dataset_versions":[{"id":"x"},{"id":"x"}]}': (409, 40010),
    'POST /vehicles/versions {"dataset_versions":[{"annotation_filter_config":{},"model_predict_config":{}}]}': (
        400,
        11102,
    ),
    'POST /vehicles/versions {"dataset_versions":[{"metadata":[]}]}': (400, 11100),
    'POST /vehicles/versions {"dataset_versions":[{"visibility":{"gettable":"UNKNOWN"}}]}': (400, 11102),
    "POST /vehicles/versions {": (400, 11100),
    'PATCH /vehicles/versions {"dataset_versions":[{"id":"nothing"}],"action":"overwrite"}': (404, 11101),
    'PATCH /vehicles/versions {"dataset_versions":[{"id":"vehicles-2021-06"}],"action":"merge"}': (400, 11102),
    'DELETE /vehicles/versions {"dataset_version_ids":[]}': (400, 11102),
    'DELETE /vehicles/versions {"dataset_version_ids":[""]}': (400, 11102),
    "DELETE /vehicles/versions ": (400, 11102),
    'PUT /vehicles/versions/vehicles-2021-06/exports {"exports":[{"format":"CSV"}]}': (400, 11102),
    'POST / {"datasets":[{"id":"vehicles"}]}': (409, 40010),
    'PATCH / {"datasets":[{"id":"nothing"}],"action":"merge"}': (404, 11101),
    'DELETE / {"dataset_ids":["vehicles","nothing"]}': (404, 11101),
}


@pytest.mark.parametrize("request_line", REFUSED)
def test_a_refused_request_changes_nothing(client: Client, request_line: str) -> None:
    """Whatever is wrong: the envelope says so, and the state is as it was."""
    before = client.sandbox.snapshot()
    method, path, body = [*request_line.split(" ", 2), ""][:3]
    answer = client.request(method, DATASETS + path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["status"]["code"]) == REFUSED[request_line]
    assert client.sandbox.snapshot() == before


def test_several_versions_are_added_together_or_not_at_all(client: Client) -> None:
    """Notes 1: one taken id refuses all; ids that are not given are made."""
    taken = {"dataset_versions": [{"id": "new"}, {"id": IDS[0]}]}
    assert client.post(VERSIONS, json=taken).json() == {
        "status": status(1, 40010, "Duplicate key", "dataset_version_id 'vehicles-2021-06' already exists."),
        "dataset_versions": [],
    }
    client.post(VERSIONS, json={"dataset_versions": [{}, {}]})
    assert (len(set(client.ids())), client.ids()[:8]) == (10, IDS)


def test_overwrite_replaces_what_is_sent_and_leaves_the_rest(client: Client) -> None:
    """Notes 1, PATCH semantics: an empty object clears, an empty string is as if it were not sent."""
    december = client.get(f"{VERSIONS}/{IDS[6]}").json()["dataset_version"]
    sent = {"id": IDS[6], "metadata": {}, "description": "", "visibility": {"gettable": "ORG"}, "request_origin": 2}
    client.patch(VERSIONS, json={"dataset_versions": [sent], "action": "overwrite"})
    expected = {
        **december,
        "metadata": {},
        "visibility": {"gettable": 30},
        "modified_at": "2023-11-14T22:13:20.000000Z",
    }
    assert client.get(f"{VERSIONS}/{IDS[6]}").json()["dataset_version"] == expected


def test_metadata_holds_doubles(client: Client) -> None:
    """Notes 1: every number of a Struct is one, so an integer above 2^53 comes back as another."""
    sent = {"n": 2**53 + 1, "list": [1, True, None, 0.5], "deep": {"m": -1}}
    client.patch(VERSIONS, json={"dataset_versions": [{"id": IDS[0], "metadata": sent}], "action": "overwrite"})
    found = client.get(f"{VERSIONS}/{IDS[0]}").json()["dataset_version"]["metadata"]
    assert found == {**sent, "n": 2**53}
