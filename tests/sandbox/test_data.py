"""Data comes in by uploads, goes by versions and partitions, and is seen by queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconciler.sandbox import World
from tests.sandbox.served import CLIENTS, COVID, DAILY, ROLES, error

if TYPE_CHECKING:
    from tests.sandbox.served import Client, Serve

V2, V3 = "/api/data/v2/datasources", "/api/data/v3/datasources"
UPLOADS = f"{V3}/{ROLES}/uploads"
EXECUTE = f"/api/query/v1/execute/{ROLES}"
CSV = {"Content-Type": "text/csv"}


def people(client: Client) -> list[list[str]]:
    """The rows that queries see."""
    rows: list[list[str]] = client.post(EXECUTE, json={"sql": "SELECT * FROM table"}).json()["rows"]
    return rows


def upload(client: Client, text: str, action: str, *, index: bool | str = True, query: str = "") -> None:
    """All three stages."""
    number = client.post(UPLOADS + query, json={"action": None, "appendId": None}).json()["uploadId"]
    client.put(f"{UPLOADS}/{number}/parts/1", content=text, headers=CSV)
    client.put(f"{UPLOADS}/{number}/commit", json={"action": action, "index": index})


def test_an_upload_has_three_stages(serve: Serve) -> None:
    """Document 002, Upload CSV - APPEND or REPLACE; parts are joined in the order of their numbers."""
    domo = serve(clock=lambda: 1700000000.0)
    opened = domo.post(UPLOADS, json={"action": None, "appendId": None})
    assert opened.json() == {"dataSourceId": ROLES, "uploadId": 1, "requestedAsOf": 1700000000000}
    for part, text in ((2, "Bob,Editor"), (1, "Ann,Admin\n")):
        domo.put(f"{UPLOADS}/1/parts/{part}", content=text, headers=CSV)
    committed = domo.put(f"{UPLOADS}/1/commit", json={"action": "APPEND", "index": "true"})
    assert committed.json() == {
        "dataSourceId": ROLES,
        "uploadId": 1,
        "status": "success",
        "size": {"rowCount": 2, "columnCount": 2},
        "indexing": {
            "requestKey": "20231114221320.000",
            "requested": True,
            "requestedOn": 1700000000000,
            "dataTag": None,
        },
        "dataTag": None,
    }
    assert people(domo) == [["Ann", "Admin"], ["Bob", "Editor"]]
    again = domo.put(f"{UPLOADS}/1/commit", json={"action": "APPEND", "index": True})
    assert again.json() == error(409, "The upload is committed", f"{UPLOADS}/1/commit", 6)


def test_append_adds_and_replace_takes_the_place(domo: Client) -> None:
    """And an index of everything does not bring back what was replaced."""
    for text, action in (("Ann,Admin", "APPEND"), ("Bob,Editor", "APPEND")):
        upload(domo, text, action)
    assert people(domo) == [["Ann", "Admin"], ["Bob", "Editor"]]
    upload(domo, "Cid,Viewer", "REPLACE")
    upload(domo, "Dan,Viewer", "APPEND")
    domo.post(f"{V3}/{ROLES}/indexes", json={"dataIds": []})
    assert people(domo) == [["Cid", "Viewer"], ["Dan", "Viewer"]]


@pytest.mark.parametrize(("leaves", "kept"), [("empties", []), ("leaves", [["Ann", "Admin"]])])
def test_a_replace_without_rows(serve: Serve, leaves: str, kept: list[list[str]]) -> None:
    """It may leave the data as it was (notes 4.13), also when all is indexed; either way it is listed."""
    domo = serve(World.parse(f"empty_replace={leaves}"))
    upload(domo, "Ann,Admin", "REPLACE")
    upload(domo, "", "REPLACE")
    assert people(domo) == kept
    domo.post(f"{V3}/{ROLES}/indexes", json={"dataIds": []})
    assert people(domo) == kept
    assert [each["numRows"] for each in domo.get(f"{V2}/{ROLES}/dataversions").json()] == [1, 0]
    upload(domo, "Bob,Editor", "REPLACE")
    assert people(domo) == [["Bob", "Editor"]]


def test_data_that_is_not_indexed_is_not_seen(domo: Client) -> None:
    """Document 002, Index Dataset."""
    upload(domo, "Ann,Admin", "APPEND", index=False)
    assert people(domo) == []
    domo.post(f"/api/query/v1/datasources/{ROLES}")
    assert people(domo) == [["Ann", "Admin"]]


@pytest.mark.parametrize("query", ["/?restateDataTag=2024-01", "?dataTag=2024-01"])
def test_an_upload_may_restate_a_partition(domo: Client, query: str) -> None:
    """Document 002, Upload CSV - APPEND with Partitioning, also with the slash it prints."""
    for text in ("Ann,Admin", "Bob,Editor"):
        upload(domo, text, "REPLACE", query=query)
    upload(domo, "Cid,Viewer", "REPLACE", query="?dataTag=2024-02")
    assert people(domo) == [["Bob", "Editor"], ["Cid", "Viewer"]]
    listed = domo.post(f"/api/query/v1/datasources/{ROLES}/partition/list", json={}).json()
    assert [(each["partitionId"], each["rowCount"]) for each in listed] == [("2024-01", 1), ("2024-02", 1)]


def test_rows_are_appended_at_once(domo: Client) -> None:
    """Document 002, Append Row to Dataset, and the delimited values of document 003."""
    domo.post(UPLOADS, json={"data": [{"Display Name": "Ann", "Role": "Admin"}]})
    domo.post(UPLOADS, json={"values": "Bob;Editor", "delimiter": ";"})
    assert people(domo) == [["Ann", "Admin"], ["Bob", "Editor"]]
    assert domo.post(UPLOADS, json={"data": [{"Nobody": 1}]}).status_code == 400


def test_a_query_answers_as_in_002(domo: Client) -> None:
    """Document 002, Query with SQL, with its body within the body."""
    domo.put(f"{V2}/{ROLES}/data", json={"data": [{"Display Name": "Ann", "Role": "Admin"}]})
    column = {"dataSourceId": ROLES, "maxLength": -1, "minLength": -1, "aggregated": False, "analytic": False}
    sql = "SELECT `Role`, COUNT(*) AS n FROM your_table WHERE `Role` = 'Admin' GROUP BY 1"
    assert domo.post(EXECUTE, json={"body": {"sql": sql}}).json() == {
        "datasource": ROLES,
        "device": "device-01",
        "columns": ["Role", "n"],
        "metadata": [{"type": "STRING", **column}, {"type": "STRING", **column}],
        "fromcache": "false",
        "numColumns": 2,
        "rows": [["Admin", 1]],
        "numRows": 1,
        "duration": "1",
    }
    for wrong in ("DELETE FROM t", "SELECT", ""):
        assert domo.post(EXECUTE, json={"sql": wrong}).status_code == 400


def test_data_is_read_and_replaced(domo: Client) -> None:
    """Document 002, Get and Update Dataset Data."""
    rows = [{"Display Name": name, "Role": "Admin"} for name in ("Ann", "Bob")]
    assert domo.put(f"{V2}/{ROLES}/data", json={"data": rows}).json() == {}
    assert domo.put(f"{V2}/{ROLES}/data", json={"data": rows[:1]}).json() == {}
    expected = {"columns": ["Display Name", "Role"], "rows": [["Ann", "Admin"]]}
    assert domo.get(f"{V2}/{ROLES}/data").json() == expected


def test_magic_lists_versions(domo: Client) -> None:
    """Document 002, Data Version List from Magic."""
    path = "/api/dataprocessing/v2/dataflows/data-version-hydrate?engine=MAGIC&limit=1&offset=1"
    window = {"type": "EXPRESSION", "expression": "1=1"}
    body = {"id": "", "type": "LoadFromVault", "dataSourceId": CLIENTS, "versionWindow": window}
    assert [each["dataVersionId"] for each in domo.post(path, json=body).json()] == [4]


def test_deleting_versions_with_index_takes_rows_out_of_a_dataset_that_grows(domo: Client) -> None:
    """Document 000, Deleting Dataset Versions: answers nothing."""
    path = f"{V2}/{CLIENTS}/dataversions"
    answer = domo.request("DELETE", path + "?index=true", json=[3])
    assert (answer.status_code, answer.content) == (200, b"")
    assert [each["dataId"] for each in domo.get(path).json()] == [4]
    assert domo.get(f"{V3}/{CLIENTS}?part=rowcolcount").json() == {"id": CLIENTS, "rowCount": 499}
    assert domo.request("DELETE", path, json=["x"]).status_code == 400


def test_a_partition_goes_in_three_steps(domo: Client) -> None:
    """Documents 002: delete the data, then the tag, then index (notes 1.18)."""
    base, rows = f"/api/query/v1/datasources/{DAILY}", f"{V3}/{DAILY}?part=rowcolcount"
    assert domo.delete(f"{base}/tag/2013-07-02/data").json() == {}
    assert len(domo.get(base + "/partition").json()) == 3
    assert len(domo.post(base + "/partition/list", json={}).json()) == 2
    assert domo.delete(f"{base}/partition/2013-07-02").json() == {}
    assert len(domo.get(base + "/partition").json()) == 2
    assert domo.get(rows).json()["rowCount"] == 6
    domo.post(f"{V3}/{DAILY}/indexes", json={"dataIds": []})
    assert domo.get(rows).json()["rowCount"] == 5
    assert domo.delete(f"{base}/partition/2013-07-02").status_code == 404


def test_definitions_are_kept(domo: Client) -> None:
    """Document 002, Get and Update Dataset Query and SQL, Get Dataset Dataflow."""
    for name in ("query", "sql"):
        assert domo.get(f"{V2}/{COVID}/{name}").status_code == 404
        assert domo.put(f"{V2}/{COVID}/{name}", json={name: "SELECT 1"}).json() == {}
        assert domo.get(f"{V2}/{COVID}/{name}").json() == {name: "SELECT 1"}
    assert domo.get(f"{V2}/{COVID}/dataflow").status_code == 404


def test_what_is_appended_beside_a_stream_that_replaces_is_added(domo: Client) -> None:
    """Document 002: the action is the upload's own. Of what the last run replaced, nothing comes back."""
    uploads = f"{V3}/{CLIENTS}/uploads"
    for number in (1, 2):
        domo.post(uploads, json={"data": [{"client_id": number}]})
        assert domo.get(f"{V3}/{CLIENTS}").json()["rowCount"] == 499 + number
    domo.post(f"{V3}/{CLIENTS}/indexes", json={"dataIds": []})
    assert domo.get(f"{V3}/{CLIENTS}").json()["rowCount"] == 501
    domo.put(f"{V2}/{CLIENTS}/data", json={"data": [{"client_id": 3}]})
    assert domo.get(f"{V3}/{CLIENTS}").json()["rowCount"] == 1


def test_what_is_appended_without_a_stream_is_added(domo: Client) -> None:
    """To the newest of what was seeded, which is all that was live."""
    versions = [{"dataId": each, "numRows": each, "recordedDate": f"2026-0{each}-01T00:00:00Z"} for each in (1, 2)]
    domo.sandbox.seed({"domo": {"datasets": [{"id": "d", "name": "d", "versions": versions}]}})
    admin = domo.of("admin-token")
    admin.post(f"{V3}/d/uploads", json={"data": [{}]})
    assert admin.get(f"{V3}/d").json()["rowCount"] == 3
