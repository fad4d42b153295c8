"""Streams: how a connector brings data into a dataset, and when."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import rights, schedules, times
from reconciler.sandbox.domo.datasets import born, keep, load, save, show
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

Json = dict[str, Any]

REQUIRED = ("transport", "configuration", "account", "updateMethod", "dataProvider", "dataSource")
_METHODS = frozenset(["REPLACE", "APPEND", "UPSERT", "DELETE"])
# What the server knows better than any client, whatever a client sends back of it.
_SERVERS = frozenset(
    [
        *("id", "valid", "invalidExecutionId", "lastExecution", "lastSuccessfulExecution", "currentExecution"),
        *("currentExecutionState", "createdAt", "createdBy", "modifiedAt", "modifiedBy", "dataSource"),
    ]
)
# What is sent is compared with what was: a provider by its key, an account by its id, a schedule with its expression.
_REFERRED = ("dataProvider", "account", "advancedScheduleJson", "scheduleExpression")
# The vendor's specification gives these without ?fields=all (notes 1.13).
_FEW = ("id", "userId", "name", "displayName", "type", "dataProviderType", "valid")


def find(call: Call, needed: int = rights.READ, key: str | None = None) -> Json:
    """The stream named in the path; 404 without one, 403 when its dataset is out of reach."""
    found = call.store.get(VENDOR, "stream", call.params["id"] if key is None else key)
    if found is None:
        raise Refusal(404, "Not Found")
    load(call, needed, str(found["dataSource"]["id"]))
    return found


def shown(call: Call, stream: Json) -> Json:
    """The stream's document, with its dataset as it is now."""
    dataset = load(call, key=str(stream["dataSource"]["id"]))
    return {**stream, "dataSource": show(call, dataset, embedded=True)}


def get_stream(call: Call) -> Answer:
    """Document 002, Stream (Connector) - Get."""
    return json_answer(narrow(call, shown(call, find(call))))


def narrow(call: Call, body: Json) -> Json:
    """The fields of a stream that the request asks for, where the server cares."""
    if call.world.stream_fields == "all" or call.argument("fields") == "all":
        return body
    return {name: body[name] for name in call.arguments("fields") or _FEW if name in body}


def post_stream(call: Call) -> Answer:
    """Document 002, Stream (Connector) - Create: makes the dataset too, owned by the caller."""
    body = call.json_object(*REQUIRED)
    source, transport, provider = (
        shapes.mapping(body[name], name) for name in ("dataSource", "transport", "dataProvider")
    )
    number = call.store.count_up(VENDOR, "stream", 100_000)
    dataset = born(call, str(source.get("name", "")), str(provider.get("key", "")))
    dataset.metadata |= {"streamId": number, "transportType": transport.get("type", "CONNECTOR")}
    if "description" in source:
        dataset.metadata["description"] = source["description"]
    keep(call, dataset)
    stream = _empty(call, number, dataset.id)
    _write(call, stream, {"advancedScheduleJson": schedules.MANUAL, **body})
    store(call, stream, f"Stream {number} created.", "CREATE")
    if call.world.stream_answer == "stream":
        return json_answer(shown(call, stream), 201)
    return wrote(call)


def put_stream(call: Call) -> Answer:
    """Document 002, Stream (Connector) - Update: what is not sent is lost, or kept (notes 1.13)."""
    stream = find(call, rights.EDIT)
    if call.world.stream_put == "replaces":
        body = call.json_object(*REQUIRED)
        kept = {name: value for name, value in stream.items() if name in _SERVERS}
        before = {name: stream.get(name) for name in _REFERRED}
        stream = {**_empty(call, int(stream["id"]), stream["dataSource"]["id"]), **kept, **before}
        body = {"advancedScheduleJson": schedules.MANUAL, **body}
    else:
        body = call.json_object()
    _write(call, stream, body)
    store(call, stream, f"Stream changed: {', '.join(body)}.")
    if call.world.stream_answer == "stream":
        return json_answer(shown(call, stream))
    return wrote(call)


def store(call: Call, stream: Json, details: str, action: str = "UPDATE") -> None:
    """Keep a stream that the caller has changed, and tell its dataset's history."""
    stream |= {"modifiedAt": times.seconds(call.world, call.now), "modifiedBy": _person(call)}
    call.store.put(VENDOR, "stream", str(stream["id"]), stream)
    dataset = load(call, key=str(stream["dataSource"]["id"]))
    dataset.metadata["scheduleActive"] = stream["scheduleState"] == "ACTIVE"
    save(call, dataset, details, action)


def _write(call: Call, stream: Json, body: Json) -> None:
    if str(body.get("updateMethod", "REPLACE")) not in _METHODS:
        raise Refusal(400, f"Invalid updateMethod: {body['updateMethod']}")
    schedule_before = stream.get("advancedScheduleJson")
    number = int(stream["id"])
    for name, value in body.items():
        if name == "configuration":
            stream[name] = [{"streamId": number, **entry} for entry in shapes.mappings(value, name)]
        elif name in {"dataProvider", "account"} and isinstance(value, dict):
            stream[name] = _referred(stream.get(name), value)
        elif name == "dataSource":
            _describe(call, stream, shapes.mapping(value, name))
        elif name not in _SERVERS:
            stream[name] = value
    # An expression may stand alone: tools write either, and null stands for the other (notes 2, Schedules).
    alone = body.get("advancedScheduleJson", "") is None and bool(body.get("scheduleExpression"))
    if "advancedScheduleJson" in body and not alone:
        schedule = schedules.read(body["advancedScheduleJson"])
        if body["advancedScheduleJson"] != schedule_before:
            stream["scheduleExpression"] = schedules.quartz(schedule, number)
        if "scheduleState" not in body and call.world.stream_put == "replaces":
            stream["scheduleState"] = "MANUAL" if schedule["type"] == "MANUAL" else "ACTIVE"


def _referred(before: object, sent: Json) -> Json:
    """A provider or account: sent by its key alone, it stays the whole object it refers to."""
    name = "key" if "key" in sent else "id"
    same = isinstance(before, dict) and before.get(name) == sent.get(name)
    return {**before, **sent} if same and isinstance(before, dict) else sent


def _describe(call: Call, stream: Json, sent: Json) -> None:
    dataset = load(call, key=str(stream["dataSource"]["id"]))
    dataset.metadata |= {name: sent[name] for name in ("name", "description") if name in sent}
    keep(call, dataset)


def _person(call: Call) -> int | str:
    return int(call.actor) if call.actor.isdigit() else call.actor


def _empty(call: Call, number: int, dataset: str) -> Json:
    now = times.seconds(call.world, call.now)
    return {
        "id": number,
        "valid": True,
        "invalidExecutionId": None,
        "transport": None,
        "updateMethod": "REPLACE",
        "dataProvider": None,
        "account": None,
        "dataSource": {"id": dataset},
        "schemaDefinition": {"columns": []},
        "scheduleExpression": None,
        "scheduleStartDate": None,
        "advancedScheduleJson": None,
        "scheduleRetryExpression": None,
        "scheduleRetryCount": 0,
        "lastExecution": None,
        "lastSuccessfulExecution": None,
        "currentExecution": None,
        "currentExecutionState": "IDLE",
        "createdAt": now,
        "createdBy": _person(call),
        "modifiedAt": now,
        "modifiedBy": _person(call),
        "scheduleState": "MANUAL",
        "scheduleAssertion": False,
        "inactiveScheduleCode": None,
        "configuration": [],
    }
