"""Runs of a stream: starting one, and what earlier ones did."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.domo import principals, rights, streams, times
from reconciler.sandbox.domo.datasets import load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

Json = dict[str, Any]

_AGGREGATED = (
    *("streamId", "executionId", "currentState", "rowsInserted", "bytesInserted"),
    *("startedAt", "endedAt", "updateMethod", "peakMemoryUsedBytes"),
)


def get_history(call: Call) -> Answer:
    """Document 002, Stream Execution History: newest first."""
    shown = [{name: each[name] for name in _AGGREGATED if name in each} for each in _runs(call, streams.find(call))]
    return json_answer(principals.page(call, shown, 1000))


def get_executions(call: Call) -> Answer:
    """Observed, notes 1.13: the runs with all that is known of them."""
    return json_answer(principals.page(call, _runs(call, streams.find(call)), 50))


def post_execution(call: Call) -> Answer:
    """Document 002, Execute Dataset Stream; no body is needed (notes 1.13)."""
    stream = streams.find(call, rights.EDIT)
    if call.request.body:
        call.json_object()
    runs = _runs(call, stream)
    last = stream.get("lastExecution") or {}
    number = max([0, int(last.get("executionId", 0)), *(int(run["executionId"]) for run in runs)]) + 1
    now = times.seconds(call.world, call.now)
    run: Json = {"streamId": stream["id"], "executionId": number, "startedAt": now, "endedAt": None}
    run |= {"updateMethod": stream["updateMethod"], "currentState": "ACTIVE", "runType": "MANUAL"}
    run |= {"rowsInserted": 0, "bytesInserted": 0, "startedBy": call.actor, "errors": []}
    finished = {**run, "endedAt": now, "currentState": "SUCCESS"}
    call.store.put(VENDOR, "execution", _key(stream, number), finished)
    stream |= {"lastExecution": finished, "lastSuccessfulExecution": finished, "currentExecutionState": "SUCCESS"}
    call.store.put(VENDOR, "stream", str(stream["id"]), stream)
    save(call, load(call, key=str(stream["dataSource"]["id"])), f"Stream {stream['id']} executed.")
    return json_answer(run, 201) if call.world.stream_answer == "stream" else wrote(call)


def put_abort(call: Call) -> Answer:
    """Observed, notes 1.13: stop a run; here every run has already ended."""
    stream = streams.find(call, rights.EDIT)
    number = call.params["execution"]
    if not number.isdigit() or call.store.get(VENDOR, "execution", _key(stream, int(number))) is None:
        raise Refusal(404, "Not Found")
    raise Refusal(409, "The execution is not active")


def _runs(call: Call, stream: Json) -> list[Json]:
    runs = call.store.all(VENDOR, "execution", f"{stream['id']}/")
    return sorted(runs, key=lambda run: int(run["executionId"]), reverse=True)


def _key(stream: Json, number: int) -> str:
    return f"{stream['id']}/{number:09}"
