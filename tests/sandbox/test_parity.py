"""The sandbox is held to the documents: each example's request, sent to it, has the example's status and shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from reconciler.sandbox import World

if TYPE_CHECKING:
    from tests.sandbox.served import Client, Serve

CASSETTES = sorted((Path(__file__).parents[1] / "cassettes" / "documents").glob("00[023]-*.yaml"))
CLIENTS = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
# Who and what the documents' examples speak of without showing it.
CAST = ("ownerId1", "new_owner_id", "userId1", "userId2", "User id")
PARTITION = {"dataId": 4, "partitionId": "2013-07-02", "dateCompleted": "2023-01-24T14:27:21.000+00:00", "rowCount": 1}
COLUMNS = ["column", "column1", "column2", "client_id", "client_name", "client_age", "client_email", "client_country"]
COLUMNS += ["client_gender", "client_type", "client_company", "client_rank", "client_last_active"]
DATAFLOW = {
    "id": "dataflow_id", "name": "Dataflow Name", "type": "TRANSFORM", "owner": "owner_id", "status": "SUCCESS",
    "created": "2023-01-01T00:00:00Z", "lastUpdated": "2023-01-02T00:00:00Z", "steps": [
        {"id": "step_id", "name": "Step Name", "type": "TRANSFORM", "status": "SUCCESS",
         "created": "2023-01-01T00:00:00Z", "lastUpdated": "2023-01-02T00:00:00Z"}],
}  # fmt: skip


def stage(domo: Client) -> None:
    """What the examples take for granted."""
    held = domo.sandbox.snapshot()["domo"]["dataset"][CLIENTS]
    seeded = {
        **held["metadata"],
        "tags": ["tag1", "tag2"],
        "permissions": [{"type": kind, "id": key, "accessLevel": "CAN_VIEW"} for kind, key in ALLOWED],
        "schema": {"columns": [{"name": name, "type": "STRING"} for name in COLUMNS]},
        "versions": [
            {"dataId": number, "recordedDate": "2023-03-31T14:21:13Z", "uploadCompletedDate": "2023-03-31T14:21:13Z",
             "rows": [["value"] * len(COLUMNS)], "partition": "2013-07-02" if number == 4 else None}
            for number in (2, 3, 4)
        ],
        "partitions": [PARTITION],
        "definition": {"query": "SELECT 1", "sql": "SELECT 1", "dataflow": DATAFLOW},
    }  # fmt: skip
    # Which members a dataset's metadata has is the dataset's; 003's example has its own.
    example = yaml.safe_load((CASSETTES[0].parent / "003-get-metadata.yaml").read_text("utf-8"))
    placeholder = json.loads(example["interactions"][0]["response"]["body"]["string"])
    placeholder |= {"tags": ["a"], "permissions": [], "created": 1755706042000}
    users = [{"id": key, "name": key} for key in CAST]
    domo.sandbox.seed({"domo": {"users": users, "datasets": [seeded, placeholder]}})
    # What a history tells of.
    domo.post(f"/api/data/ui/v3/datasources/{CLIENTS}/tags", json=["tag1"])


ALLOWED = (("USER", "966365811"), ("GROUP", "group-12345"), ("USER", "userId1"), ("USER", "userId2"))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_an_examples_request_gets_the_examples_status_and_shape(serve: Serve, path: Path) -> None:
    """In the documented world, whose writes answer in the documents' own notation."""
    key = "permissions" if path.stem == "002-get-dataset-permissions" else "list"
    domo = serve(World.parse(f"documented,write_answer=notation,permissions_key={key}")).of("admin-token")
    stage(domo)
    exchange = yaml.safe_load(path.read_text("utf-8"))["interactions"][0]
    request, response = exchange["request"], exchange["response"]
    where = request["uri"].removeprefix("https://acme.domo.com")
    where = where.replace("/uploads/10/", f"/uploads/{prepare(domo, path)}/")
    where = where.replace("20220513224325.628", prepared_index(domo, path))
    text = request["body"] or ""
    kind = "text/csv" if text and text[:1] not in "[{" else "application/json"
    answer = domo.request(request["method"], where, content=text.encode(), headers={"Content-Type": kind})
    assert answer.status_code == response["status"]["code"], answer.text
    shown = json.loads(response["body"]["string"] or "null")
    if shown not in ({}, None):
        assert differences(shown, answer.json() if answer.content else None) == []


@pytest.mark.parametrize(
    ("shown", "found", "said"),
    [
        ({"id": "1", "name": "a"}, {"id": "2"}, ["$.name is missing"]),
        ({"id": "1"}, {"id": 1}, ["$.id: 1 is not like '1'"]),
        ({"rows": [[1, "a"]]}, {"rows": [[1, 2]]}, []),
        ({"rows": [{"a": 1}]}, {"rows": []}, ["$.rows: nothing is listed"]),
        ({"rows": [{"a": 1}]}, {"rows": {"a": 1}}, ["$.rows: {'a': 1} is no list"]),
        ([{"a": True}], [{"a": "true"}], ["$[0].a: 'true' is not like True"]),
        ({"owner": {"id": "1"}}, {"owner": None}, ["$.owner: None is no object"]),
        ({"at": 1}, {"at": None}, ["$.at: None is not like 1"]),
        ({"at": 1}, {"at": 1.5, "more": 2}, []),
    ],
    ids=range(9),
)
def test_another_shape_is_seen(shown: Any, found: Any, said: list[str]) -> None:
    """What the comparison would say if the sandbox answered otherwise; more than an example shows is no difference."""
    assert differences(shown, found) == said


def prepare(domo: Client, path: Path) -> str:
    """An upload that is open, where the example goes on with one."""
    if "stage-2" in path.stem or "stage-3" in path.stem:
        opened = domo.post(f"/api/data/v3/datasources/{CLIENTS}/uploads", json={"action": None, "appendId": None})
        return str(opened.json()["uploadId"])
    if "copy" in path.stem:
        dataset = domo.sandbox.snapshot()["domo"]["dataset"][CLIENTS]
        domo.sandbox._store.put("domo", "dataset", CLIENTS, {**dataset, "copied": 0})  # noqa: SLF001 - no example makes it
    return "10"


def prepared_index(domo: Client, path: Path) -> str:
    """An index request, where the example is about one."""
    if "index" not in path.stem:
        return ""
    answer = domo.post(f"/api/data/v3/datasources/{CLIENTS}/indexes", json={"dataIds": []})
    return str(answer.json()["requestKey"])


def differences(shown: Any, found: Any, place: str = "$") -> list[str]:
    """Where `found` lacks what the document shows, or has it in another type. Placeholders and values do not count."""
    if isinstance(shown, dict):
        if not isinstance(found, dict):
            return [f"{place}: {found!r} is no object"]
        missing = [f"{place}.{name} is missing" for name in shown if name not in found]
        return missing + [
            each for name in shown if name in found for each in differences(shown[name], found[name], f"{place}.{name}")
        ]
    if isinstance(shown, list):
        if not isinstance(found, list):
            return [f"{place}: {found!r} is no list"]
        if shown and not found:
            return [f"{place}: nothing is listed"]
        return differences(shown[0], found[0], f"{place}[0]") if shown else []
    same = isinstance(found, type(shown)) or shown is None
    numbers = isinstance(shown, int | float) and isinstance(found, int | float)
    return [] if same or numbers else [f"{place}: {found!r} is not like {shown!r}"]
