"""What the sandbox tells is what the documents print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.served import CLIENTS, COVID, DAILY, LOG, ROLES

if TYPE_CHECKING:
    from tests.sandbox.served import Client


def test_metadata_is_the_example_of_002(domo: Client) -> None:
    """Document 002, Get Metadata."""
    assert domo.get(f"/api/data/v3/datasources/{CLIENTS}").json() == {
        "id": CLIENTS,
        "displayType": "file-upload-new",
        "dataProviderType": "file-upload-new",
        "type": "file-upload-new",
        "name": "mock_clients",
        "description": "Mock data for testing",
        "owner": {"id": "403368057", "name": "Jonathan Tiritilli", "type": "USER", "group": False},
        "created": 1755706042000,
        "lastTouched": 1755717169000,
        "lastUpdated": 1755717169005,
        "cardInfo": {"cardCount": 5, "cardViewCount": 0},
        "state": "SUCCESS",
        "validConfiguration": True,
        "validAccount": True,
        "streamId": 27286,
        "transportType": "CONNECTOR",
        "cloudId": "domo",
        "cloudName": "Domo",
        "permissions": "READ_WRITE_DELETE_SHARE_ADMIN",
        "hidden": False,
        "scheduleActive": True,
        "cardCount": 5,
        "cloudEngine": "domo",
    }


def test_parts_narrow_the_metadata(domo: Client) -> None:
    """Document 002, Get Metadata, `part`."""
    asked = domo.get(f"/api/data/v3/datasources/{CLIENTS}?part=permission,status")
    assert asked.json() == {
        "id": CLIENTS,
        "state": "SUCCESS",
        "validConfiguration": True,
        "validAccount": True,
        "permissions": "READ_WRITE_DELETE_SHARE_ADMIN",
    }
    assert domo.get(f"/api/data/v3/datasources/{CLIENTS}?part=nonsense").status_code == 400


def test_access_list_is_the_example_of_002_with_owner_and_bot(domo: Client) -> None:
    """Document 002, Dataset Access List; the list has the owner's own entry (notes 1.2)."""
    assert domo.get(f"/api/data/v3/datasources/{CLIENTS}/permissions").json() == {
        "list": [
            {"accessLevel": "OWNER", "id": "403368057", "name": "Jonathan Tiritilli", "type": "USER"},
            {"accessLevel": "CO_OWNER", "id": "900", "name": "Governance Bot", "type": "USER"},
            {"accessLevel": "CAN_VIEW", "id": "966365811", "name": "John Doe", "type": "USER"},
            {"accessLevel": "CAN_EDIT", "id": "group-12345", "name": "Editors Group", "type": "GROUP"},
        ],
        "totalGroupCount": 1,
        "totalUserCount": 3,
    }


def test_versions_are_the_example_of_000(domo: Client) -> None:
    """Document 000, Listing Dataset Versions."""
    assert domo.get(f"/api/data/v2/datasources/{CLIENTS}/dataversions").json() == [
        {
            "schemaId": 5,
            "dataId": 3,
            "uploadStatus": "success",
            "recordedDate": "2023-03-31T14:21:13Z",
            "uploadCompletedDate": "2023-03-31T14:21:13Z",
            "numRows": 18,
            "numBytes": 458,
        },
        {
            "schemaId": 7,
            "dataId": 4,
            "uploadStatus": "success",
            "recordedDate": "2023-03-31T14:21:28Z",
            "uploadCompletedDate": "2023-03-31T14:21:28Z",
            "numRows": 499,
            "numBytes": 6890,
        },
    ]


def test_version_details_have_the_shape_of_the_notes(domo: Client) -> None:
    """Document 002, GET Data Versions; notes 1.17."""
    details = f"/api/data/v3/datasources/{CLIENTS}/dataversions/details"
    assert domo.get(details + "?offset=1").json() == [
        {
            "dataSourceId": CLIENTS,
            "dataVersionId": 4,
            "datetimeRecorded": 1680272488000,
            "datetimeUploadCompleted": 1680272488000,
            "rowCount": 499,
            "runDurationSeconds": 0,
            "schemaId": 7,
            "sizeBytes": 6890,
            "status": "success",
            "statusMessage": "",
        }
    ]
    assert [each["dataVersionId"] for each in domo.get(details + "?dataVersionIds=3").json()] == [3]
    assert domo.get(details + "?statuses=error").json() == []
    assert domo.get(details + "?limit=0").status_code == 416


def test_schema_is_the_example_of_002(domo: Client) -> None:
    """Document 002, Get Dataset Schema."""
    assert domo.get(f"/api/query/v1/datasources/{ROLES}/schema/indexed?includeHidden=false").json() == {
        "name": "schema",
        "tables": [
            {
                "columns": [
                    {"name": "Display Name", "id": "Display Name", "type": "STRING", "visible": True, "order": 0},
                    {"name": "Role", "id": "Role", "type": "STRING", "visible": True, "order": 0},
                ]
            }
        ],
        "dataSourceId": ROLES,
    }


def test_tags_owner_and_details_are_as_in_002(domo: Client) -> None:
    """Document 002, Get Dataset Tags, Get Dataset Owner, Get Dataset Details."""
    tags = ["s_covid-19", "udt_MINUTE at undefined", "um_REPLACE", "covid-19"]
    assert domo.get(f"/api/data/ui/v3/datasources/{COVID}/tags").json() == {"tags": tags}
    assert domo.get(f"/api/data/v3/datasources/{COVID}/owner").json() == {
        "owner": {"id": "1345408759", "name": "Alexis Lorenz (DataMaven)", "type": "USER", "group": False}
    }
    assert domo.get(f"/api/data/v2/datasources/{COVID}").json() == {
        "id": COVID,
        "name": "DOMO Covid Time Series Tracker Data",
        "type": "covid-19",
        "owner": "1345408759",
        "created": "2020-07-08T16:13:15Z",
        "lastUpdated": "2022-05-13T22:43:27Z",
        "rowCount": 283429,
        "columnCount": 22,
        "properties": {"dataProviderType": "covid-19", "description": ""},
        "schema": {"columns": [{"name": "date", "type": "DATE"}, {"name": "ISO3", "type": "STRING"}]},
    }


def test_cards_are_the_example_of_002(domo: Client) -> None:
    """Document 002, Get Cards for a Dataset ID."""
    cards = domo.get(f"/api/content/v1/datasources/{LOG}/cards?drill=true").json()
    assert [(card["id"], card["title"], card["owners"][0]["displayName"]) for card in cards] == [
        (93905300, "Page Views by User", "Bryan Riff"),
        (100292082, "DataFlow Creation", "Scott Wilson"),
    ]


def test_stream_is_printed_as_in_002_to_its_reader(domo: Client) -> None:
    """Document 002, Stream (Connector) - Get: the example was read by somebody who may READ_SHARE."""
    stream = domo.of("viewer-token").get("/api/data/v1/streams/371")
    dataset = stream.json()["dataSource"]
    assert dataset["permissions"] == "READ_SHARE"
    assert dataset["tags"] == '["s_covid-19","udt_MINUTE at undefined","um_REPLACE","covid-19"]'
    assert list(dataset)[-2:] == ["tags", "scheduleActive"]
    assert stream.text.count('"indexRequestKey":20220513224325.628,') == 2
    assert stream.json()["advancedScheduleJson"] == '{"type":"MINUTE","timezone":"UTC","between":null,"interval":30}'


def test_stream_history_is_the_example_of_002(domo: Client) -> None:
    """Document 002, Stream Execution History."""
    assert domo.get("/api/data/v1/streams/371/history/aggregate?limit=1").json() == [
        {
            "streamId": 371,
            "executionId": 34320,
            "currentState": "SUCCESS",
            "rowsInserted": 297164,
            "bytesInserted": 43584980,
            "startedAt": 1656009784,
            "endedAt": 1656009824,
            "updateMethod": "REPLACE",
            "peakMemoryUsedBytes": 200819808,
        }
    ]


def test_partitions_are_listed_by_pages(domo: Client) -> None:
    """Document 002, GET Partition List and Search Partition List."""
    base = f"/api/query/v1/datasources/{DAILY}/partition"
    assert [each["partitionId"] for each in domo.get(base).json()] == ["2013-07-02", "2013-07-03", "2013-07-04"]
    newest = {"fieldName": "datecompleted", "sortOrder": "DESC", "filterValues": {"MIN": None, "MAX": None}}
    page = domo.post(base + "/list", json={"paginationFields": [newest], "limit": 1, "offset": 2})
    assert page.json() == [
        {"dataId": 372, "partitionId": "2013-07-02", "dateCompleted": "2023-01-24T14:27:21.000+00:00", "rowCount": 1}
    ]
    assert domo.post(base + "/list", json={"offset": 3}).json() == []
    assert domo.post(base + "/list", json={"limit": 0}).status_code == 416
