"""Finding streams on a live instance, and setting their schedules without the whole document."""

from __future__ import annotations

from reconciler.sandbox import jsontext
from reconciler.sandbox.domo import principals, rights, schedules, streams
from reconciler.sandbox.domo.datasets import readable
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.domo.streams import Json
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_STATES = frozenset(["MANUAL", "ACTIVE", "INACTIVE"])
_BULK_STATES = {"activate": "ACTIVE", "deactivate": "INACTIVE"}


def get_streams(call: Call) -> Answer:
    """Observed, notes 3 Streams: a page of those whose dataset the caller may read."""
    page = principals.page(call, _readable(call), 50)
    return json_answer([streams.narrow(call, streams.shown(call, stream)) for stream in page])


def get_lookup(call: Call) -> Answer:
    """Observed, notes 3 Streams: the id of a dataset's stream."""
    for stream in _readable(call):
        if stream["dataSource"]["id"] == call.argument("dataSourceId"):
            return json_answer(stream["id"])
    raise Refusal(404, "Not Found")


def get_search(call: Call) -> Answer:
    """Observed, notes 3 Streams: those of a dataset, as ?q=dataSource.id:UUID."""
    field, _, key = call.argument("q").partition(":")
    if field != "dataSource.id":
        raise Refusal(400, f"Unknown field: {field}")
    found = [stream for stream in _readable(call) if stream["dataSource"]["id"] == key]
    return json_answer([streams.shown(call, stream) for stream in found])


def get_bulk(call: Call) -> Answer:
    """Observed, notes 3 Streams: those with the given ids."""
    wanted = call.arguments("streamId")
    found = [stream for stream in _readable(call) if str(stream["id"]) in wanted]
    return json_answer([streams.shown(call, stream) for stream in found])


def put_schedule(call: Call) -> Answer:
    """Observed, notes 1.13: the schedule alone; the body is a JSON string, or the schedule itself."""
    stream = streams.find(call, rights.EDIT)
    body = call.json()
    text = body if isinstance(body, str) else jsontext.write(body)
    stream["scheduleExpression"] = schedules.quartz(schedules.read(text), int(stream["id"]))
    stream["advancedScheduleJson"] = text
    return _changed(call, stream, "Schedule changed.")


def post_state(call: Call) -> Answer:
    """Observed, notes 1.13: MANUAL, ACTIVE or INACTIVE."""
    stream = streams.find(call, rights.EDIT)
    if call.params["state"] not in _STATES:
        raise Refusal(400, f"Invalid scheduleState: {call.params['state']}")
    stream["scheduleState"] = call.params["state"]
    return _changed(call, stream, f"Schedule set to {call.params['state']}.")


def post_state_bulk(call: Call) -> Answer:
    """Observed, notes 1.13: activate or deactivate many."""
    state = _BULK_STATES.get(call.params["state"])
    if state is None:
        raise Refusal(404, "Not Found")
    for key in call.json_list():
        stream = streams.find(call, rights.EDIT, str(key))
        stream["scheduleState"] = state
        streams.store(call, stream, f"Schedule set to {state}.")
    return wrote(call)


def _changed(call: Call, stream: Json, details: str) -> Answer:
    streams.store(call, stream, details)
    return json_answer(streams.shown(call, stream))


def _readable(call: Call) -> list[Json]:
    mine = {dataset.id for dataset in readable(call)}
    return [stream for stream in call.store.all(VENDOR, "stream") if stream["dataSource"]["id"] in mine]
