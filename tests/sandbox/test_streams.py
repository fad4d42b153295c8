"""Streams: their schedule is a string, their times are seconds, their numbers keep their spelling."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import OBSERVED
from tests.sandbox.served import CLIENTS, COVID

if TYPE_CHECKING:
    from tests.sandbox.served import Client, Serve

STREAM = "/api/data/v1/streams/371"
DAILY_AT_SEVEN = '{"at": "07:00 AM",  "type":"DAY","timezone":"UTC"}'


def whole(client: Client) -> dict[str, Any]:
    """The stream's document."""
    document: dict[str, Any] = client.get(STREAM).json()
    return document


def test_a_schedule_is_stored_as_it_was_spelled(domo: Client) -> None:
    """Document 002, Stream (Connector) - Update: the JSON is a string, the Quartz expression follows it."""
    assert domo.put(STREAM, json={**whole(domo), "advancedScheduleJson": DAILY_AT_SEVEN}).json() == {}
    after = whole(domo)
    assert (after["advancedScheduleJson"], after["scheduleExpression"]) == (DAILY_AT_SEVEN, "0 0 7 * * ?")


def test_a_whole_put_brings_back_the_same_document(serve: Serve) -> None:
    """Read, send back, read: only who and when have changed, byte for byte."""
    domo = serve(clock=lambda: 1700000000.0)
    before = domo.get(STREAM).text
    domo.put(STREAM, content=before, headers={"Content-Type": "application/json"})
    after = domo.get(STREAM).text
    after = after.replace('"modifiedAt":1700000000,"modifiedBy":900', '"modifiedAt":1652481875,"modifiedBy":1893952720')
    assert after == before.replace('"lastTouched":1652481876000', '"lastTouched":1700000000000')


def test_the_server_keeps_its_own_fields(domo: Client) -> None:
    """A client cannot write executions, ids or times; unknown fields are kept."""
    domo.put(STREAM, json={**whole(domo), "id": 1, "lastExecution": None, "createdAt": 0, "ours": {"x": [1.0]}})
    after = whole(domo)
    assert (after["id"], after["lastExecution"]["executionId"], after["createdAt"]) == (371, 32360, 1594224796)
    assert after["ours"] == {"x": [1.0]}


def test_a_put_renames_the_dataset_and_leaves_owner_and_tags(domo: Client) -> None:
    """`dataSource` stands for name and description."""
    stream = whole(domo)
    domo.put(STREAM, json={**stream, "dataSource": {"name": "Covid", "tags": "[]", "owner": {"id": "900"}}})
    after = whole(domo)["dataSource"]
    assert (after["name"], after["tags"], after["owner"]["id"]) == ("Covid", stream["dataSource"]["tags"], "1345408759")


def test_a_provider_named_by_its_key_stays_whole(domo: Client) -> None:
    """Clients send `{"key": ...}`, the server answers all it knows."""
    stream = whole(domo)
    domo.put(STREAM, json={**stream, "dataProvider": {"key": "covid-19"}})
    assert whole(domo)["dataProvider"] == stream["dataProvider"]


def test_a_put_that_replaces_loses_what_is_not_sent(domo: Client) -> None:
    """As documented, six fields are required and the schedule is not: without it the stream is MANUAL."""
    sent = {
        name: whole(domo)[name] for name in ("transport", "configuration", "account", "updateMethod", "dataProvider")
    }
    assert domo.put(STREAM, json=sent).json()["message"] == "Missing required parameter: dataSource"
    domo.put(STREAM, json={**sent, "dataSource": {}})
    after = whole(domo)
    told = [after[name] for name in ("advancedScheduleJson", "scheduleExpression", "scheduleState")]
    assert told == ['{"type":"MANUAL","timezone":"UTC"}', None, "MANUAL"]


def test_a_put_that_merges_keeps_what_is_not_sent(serve: Serve) -> None:
    """As observed; the answer is the stream, and state and JSON change apart."""
    domo = serve(OBSERVED, clock=lambda: 1700000000.25)
    before = whole(domo)
    answer = domo.put(STREAM, json={"advancedScheduleJson": '{"type":"MANUAL","timezone":"UTC"}'}).json()
    assert answer == whole(domo)
    assert (answer["scheduleState"], answer["scheduleExpression"]) == ("ACTIVE", None)
    assert answer["configuration"] == before["configuration"]
    assert '"modifiedAt":1700000000.25' in domo.get(STREAM).text


@pytest.mark.parametrize(
    "schedule", ["", "DAY", "[]", '{"type":"SOMETIMES"}', '{"type":"DAY","at":"25:00"}', {"type": "DAY"}]
)
def test_what_is_no_schedule_is_refused(domo: Client, schedule: object) -> None:
    """400, and nothing has changed."""
    before = domo.sandbox.snapshot()
    assert domo.put(STREAM, json={**whole(domo), "advancedScheduleJson": schedule}).status_code == 400
    assert domo.sandbox.snapshot() == before


def test_the_server_falls_over_an_empty_day_of_month(domo: Client) -> None:
    """Notes 2, the ADVANCED gotcha."""
    schedule = json.dumps({"type": "ADVANCED", "dayOfMonth": [], "dayOfWeek": [1], "timezone": "UTC"})
    assert domo.put(STREAM, json={**whole(domo), "advancedScheduleJson": schedule}).status_code == 500


def test_a_created_stream_makes_its_dataset(serve: Serve) -> None:
    """Document 002, Stream (Connector) - Create: {} as documented, 201 and the stream as observed."""
    body = {
        "transport": {"type": "CONNECTOR", "description": "com.domo.connector.snowflakeunloadv2", "version": "1"},
        "configuration": [{"name": "query", "value": "SELECT * FROM table", "type": "string", "category": "METADATA"}],
        "account": {"id": 3},
        "updateMethod": "APPEND",
        "dataProvider": {"key": "snowflake-unload-v2"},
        "dataSource": {"name": "hello world", "description": "config works?"},
        "advancedScheduleJson": '{"type": "MANUAL", "timezone": "UTC"}',
    }
    documented, observed = serve(), serve(OBSERVED)
    assert documented.post("/api/data/v1/streams", json=body).json() == {}
    answer = observed.post("/api/data/v1/streams", json=body)
    made = answer.json()
    assert (answer.status_code, made["id"], made["scheduleState"]) == (201, 100000, "MANUAL")
    assert made["configuration"] == [{"streamId": 100000, **body["configuration"][0]}]  # type: ignore[index]
    dataset = observed.get(f"/api/data/v3/datasources/{made['dataSource']['id']}").json()
    assert (dataset["name"], dataset["streamId"], dataset["owner"]["id"]) == ("hello world", 100000, "900")


def test_each_execution_is_another(serve: Serve) -> None:
    """Document 002, Execute Dataset Stream; not idempotent."""
    domo = serve(OBSERVED, clock=lambda: 1700000000.5)
    started = domo.post(f"{STREAM}/executions")
    assert (started.status_code, started.json()["executionId"]) == (201, 34321)
    domo.post(f"{STREAM}/executions", json={"action": "MANUAL"})
    history = domo.get(f"{STREAM}/history/aggregate").json()
    assert [run["executionId"] for run in history] == [34322, 34321, 34320, 34319]


def test_streams_are_found_on_a_live_instance(serve: Serve) -> None:
    """Notes 3, Streams."""
    domo, base = serve(OBSERVED), "/api/data/v1/streams"
    assert [each["id"] for each in domo.get(base + "?limit=1&offset=1").json()] == [27286]
    assert domo.get(f"{base}/lookup?dataSourceId={COVID}").json() == 371
    assert [each["id"] for each in domo.get(f"{base}/search?q=dataSource.id:{CLIENTS}").json()] == [27286]
    assert [each["id"] for each in domo.get(f"{base}/bulk?streamId=371&streamId=27286").json()] == [371, 27286]
    assert domo.get(base + "?limit=0").status_code == 416


def test_a_schedule_can_be_set_alone_on_a_live_instance(serve: Serve) -> None:
    """Notes 1.13, schedule-only operations."""
    domo = serve(OBSERVED)
    assert domo.put(f"{STREAM}/schedule", json=DAILY_AT_SEVEN).json()["advancedScheduleJson"] == DAILY_AT_SEVEN
    assert domo.post(f"{STREAM}/scheduleState/MANUAL").json()["scheduleState"] == "MANUAL"
    assert domo.get(f"/api/data/v3/datasources/{COVID}").json()["scheduleActive"] is False
    assert domo.post("/api/data/v1/streams/scheduleState/bulk/activate", json=[371]).content == b""
    assert whole(domo)["scheduleState"] == "ACTIVE"
