"""Each switch of a world shows on the wire, and only there where it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reconciler.sandbox import DOCUMENTED, OBSERVED, World
from tests.sandbox.served import ACL, CLIENTS, COVIDS, OWNER, ROLES, SCHEMA, STREAM, TAGS, V2, V3, VERSIONS, levels

if TYPE_CHECKING:
    from tests.sandbox.served import Serve


def test_worlds_are_named_on_a_command_line() -> None:
    """A world, then switches; the documented one when none is named."""
    assert World.parse("") == World.parse("documented") == DOCUMENTED
    assert World.parse("observed, tags_post=adds") == replace(OBSERVED, tags_post="adds")
    assert World.parse("shuffle=7,work_seconds=0.5") == replace(DOCUMENTED, shuffle=7, work_seconds=0.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("imagined", "world: 'imagined' is neither documented nor observed"),
        ("tags_post=appends", "world: tags_post is one of adds, replaces, not 'appends'"),
        ("observed,colour=red", "world: there is no switch 'colour'; switches are endpoints, tags_post, "),
    ],
)
def test_a_wrong_world_is_said(text: str, message: str) -> None:
    """With what there is instead."""
    with pytest.raises(ValueError, match=r"^world: ") as caught:
        World.parse(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("world", "status"), [("documented", 200), ("observed", 405), ("endpoints=both", 200)])
def test_endpoints_of_the_documents_alone(serve: Serve, world: str, status: int) -> None:
    """Notes 0: GET of tags is a method that does not exist there, the owner a path that does not."""
    domo = serve(World.parse(world))
    assert domo.get(TAGS).status_code == status
    assert domo.request("DELETE", TAGS, json=["x"]).status_code == status
    assert domo.get(OWNER).status_code == (404 if status == 405 else 200)
    assert domo.get(f"{V2}/{CLIENTS}/history").status_code == (404 if status == 405 else 200)


@pytest.mark.parametrize(("world", "status"), [("documented", 404), ("observed", 200), ("endpoints=both", 200)])
def test_endpoints_of_live_instances_alone(serve: Serve, world: str, status: int) -> None:
    """Notes 1.9 and 3."""
    domo = serve(World.parse(world))
    assert domo.get(f"{V2}/{ROLES}/schemas/latest").status_code == status
    assert domo.get("/api/content/v2/users/me").status_code == status
    assert domo.put(f"{V2}/{ROLES}/responsibleUsers", json={"responsibleUserId": "901"}).status_code == status


def test_version_ids(serve: Serve) -> None:
    """Either spelling is taken for deletion."""
    for value, ids in (("int", [3, 4]), ("string", ["3", "4"])):
        domo = serve(World.parse(f"version_ids={value}"))
        assert [each["dataId"] for each in domo.get(VERSIONS).json()] == ids
        assert domo.request("DELETE", VERSIONS, json=["3"]).status_code == 200


def test_index_default(serve: Serve) -> None:
    """Without ?index= the rows stay live, or leave."""
    for value, shown in (("false", None), ("true", 499)):
        domo = serve(World.parse(f"index_default={value}"))
        domo.request("DELETE", VERSIONS, json=[3])
        assert domo.get(f"{V3}/{CLIENTS}").json().get("rowCount") == shown


def test_missing_version(serve: Serve) -> None:
    """404 deletes nothing of the rest either."""
    for value, status, left in (("ignored", 200, [4]), ("refused", 404, [3, 4])):
        domo = serve(World.parse(f"missing_version={value}"))
        assert domo.request("DELETE", VERSIONS, json=[3, 99]).status_code == status
        assert [each["dataId"] for each in domo.get(VERSIONS).json()] == left


def test_limit_to_indexed(serve: Serve) -> None:
    version = {"schemaId": 1, "dataId": 1, "uploadStatus": "success", "recordedDate": "2024-01-01T00:00:00Z"}
    bot = {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"}
    versions = [{**version, "numRows": 1, "numBytes": 1, "indexed": False}]
    for value, count in (("false", 1), ("true", 0)):
        domo = serve(World.parse(f"limit_to_indexed={value}"))
        domo.sandbox.seed({"domo": {"datasets": [{"id": "x", "permissions": [bot], "versions": versions}]}})
        details = f"{V3}/x/dataversions/details"
        assert len(domo.get(details).json()) == count
        assert len(domo.get(details + "?limitToIndexed=false").json()) == 1


@pytest.mark.parametrize(
    ("value", "body", "kind"),
    [
        ("json", "{}", "application/json"),
        ("empty", "", None),
        ("text", "OK", "text/plain;charset=utf-8"),
        ("notation", '{"HTTP/1.1":"200 OK","body":{}}', "application/json"),
    ],
)
def test_write_answer(serve: Serve, value: str, body: str, kind: str | None) -> None:
    answer = serve(World.parse(f"write_answer={value}")).post(TAGS, json=["gold"])
    assert (answer.status_code, answer.text, answer.headers.get("Content-Type")) == (200, body, kind)


def test_stream_fields(serve: Serve) -> None:
    domo = serve(World(stream_fields="asked"))
    assert domo.get(STREAM).json() == {"id": 371, "valid": True}
    assert domo.get(STREAM + "?fields=id,scheduleState").json() == {"id": 371, "scheduleState": "ACTIVE"}
    assert domo.get(STREAM + "?fields=all").json() == serve().get(STREAM).json()


def test_parts(serve: Serve) -> None:
    """The parameter that is not meant is not heard."""
    path = f"{V3}/{CLIENTS}"
    for value, part, requested in (("part", 2, 22), ("requestedParts", 22, 2), ("both", 2, 2)):
        domo = serve(World.parse(f"parts={value}"))
        assert len(domo.get(path + "?part=permission").json()) in {part, part + 1}
        assert len(domo.get(path + "?requestedParts=permission").json()) in {requested, requested + 1}


def test_missing_description(serve: Serve) -> None:
    for value, shown in (("kept", "Mock data for testing"), ("cleared", None)):
        domo = serve(World.parse(f"missing_description={value}"))
        domo.put(f"{V3}/{CLIENTS}/properties", json={"dataSourceName": "new"})
        assert domo.get(f"{V3}/{CLIENTS}").json().get("description") == shown


def test_schema_visible(serve: Serve) -> None:
    """After an index, or at once; what was written last is read from schemas/latest."""
    columns = [{"name": "a", "type": "LONG"}]
    for value, at_once in (("at_once", ["a"]), ("after_index", ["Display Name", "Role"])):
        domo = serve(World.parse(f"endpoints=both,schema_visible={value}"))
        domo.post(f"{V2}/{ROLES}/schemas", json={"columns": columns})
        assert [each["name"] for each in domo.get(SCHEMA).json()["tables"][0]["columns"]] == at_once
        latest = {"schema": {"columns": [{"type": "LONG", "name": "a", "id": "a", "visible": True}]}}
        assert domo.get(f"{V2}/{ROLES}/schemas/latest").json() == latest
        domo.post(f"{V3}/{ROLES}/indexes", json={"dataIds": []})
        assert [each["name"] for each in domo.get(SCHEMA).json()["tables"][0]["columns"]] == ["a"]


def test_work_seconds(serve: Serve) -> None:
    """An index takes its time, and is polled."""
    now = [1700000000.0]
    domo = serve(World(schema_visible="after_index", work_seconds=5), clock=lambda: now[0])
    domo.post(f"{V2}/{ROLES}/schemas", json={"columns": []})
    key = domo.post(f"{V3}/{ROLES}/indexes", json={"dataIds": []}).json()["requestKey"]
    assert key == "20231114221320.000"
    seen = []
    for _ in range(3):
        status = domo.get(f"{V3}/{ROLES}/indexes/{key}/statuses").json()["progress"]["status"]
        seen.append((status, len(domo.get(SCHEMA).json()["tables"][0]["columns"])))
        now[0] += 4
    assert seen == [("PROCESSING", 2), ("PROCESSING", 2), ("SUCCESS", 0)]


def test_details_shape(serve: Serve) -> None:
    shown = serve(World(details_shape="nested")).get(f"{V2}/{CLIENTS}").json()
    assert shown["dataSource"]["dataSourceName"] == "mock_clients"
    assert shown["_metaData"]["dataSourceStatus"]["status"] == "READY"


def test_append_row_and_sql_answer(serve: Serve) -> None:
    """Rows in the body of an upload are appended, or not; a query answers columns and rows, or objects."""
    row, sql = {"Display Name": "Ann", "Role": "Admin"}, {"sql": "SELECT `Role` FROM table"}
    for value, roles in (("appends", [{"Role": "Admin"}]), ("opens", [])):
        domo = serve(World.parse(f"append_row={value},sql_answer=rows"))
        domo.post(f"{V3}/{ROLES}/uploads", json={"data": [row]})
        assert domo.post(f"/api/query/v1/execute/{ROLES}", json=sql).json() == roles


def test_blocked(serve: Serve) -> None:
    """An address that is not allowed gets a page, with 200."""
    answer = serve(World(blocked="yes")).get(ACL)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert "<title>Domo - Blocked</title>" in answer.text


def test_shuffle(serve: Serve) -> None:
    """Another order at each request, the same ones for the same seed; never another content."""
    runs = []
    for _ in range(2):
        domo = serve(World(shuffle=7))
        runs.append([tuple(domo.get(TAGS).json()["tags"]) for _ in range(10)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 1
    assert {frozenset(tags) for tags in runs[0]} == {frozenset(COVIDS)}
    assert levels(domo) == levels(serve())
