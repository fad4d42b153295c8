"""Who changed a dataset, when and how."""

from __future__ import annotations

from reconciler.sandbox.domo import principals, times
from reconciler.sandbox.domo.datasets import load, readable
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_AUDITED = {"CREATE": "CREATED", "UPDATE": "UPDATED", "DELETE": "DELETED"}


def get_history(call: Call) -> Answer:
    """Document 002, Get Dataset History."""
    dataset = load(call)
    changes = [
        {
            "timestamp": times.iso(event["at"] / 1000),
            "action": event["action"],
            "user": event["user"],
            "details": event["details"],
        }
        for event in call.store.all(VENDOR, "event", f"{dataset.id}/")
    ]
    return json_answer({"changes": changes})


def get_audits(call: Call) -> Answer:
    """Observed, notes 3 Audit: newest first, of one type of object."""
    if not call.argument("objectType"):
        raise Refusal(400, "Missing required parameter: objectType")
    start, end = call.number_of("start", 0), call.number_of("end", times.millis(call.now) + 1)
    mine = {each.id for each in readable(call)}
    events = [] if call.argument("objectType") != "DATA_SOURCE" else call.store.all(VENDOR, "event")
    events = [event for event in events if event["dataset"] in mine and start <= event["at"] < end]
    shown = [
        {
            "actionType": _AUDITED[event["action"]],
            "objectId": event["dataset"],
            "objectName": event["name"],
            "objectType": "DATA_SOURCE",
            "userId": event["user"],
            "userName": principals.name_of(call, "USER", event["user"]),
            "time": event["at"],
            "eventText": event["details"],
            "additionalComment": "",
            "authenticationMethod": "ACCESS_TOKEN",
        }
        for event in reversed(events)
    ]
    return json_answer(principals.page(call, shown, 200, 200))
