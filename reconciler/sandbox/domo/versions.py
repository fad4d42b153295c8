"""The data versions of a dataset: listing and deleting them."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.domo import principals, rights, times
from reconciler.sandbox.domo.datasets import Dataset, Json, count_rows, load, method_of, save
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


def get_versions(call: Call) -> Answer:
    """Document 000, Listing Dataset Versions; the whole list, there is no paging (notes 1.17)."""
    versions = load(call).versions
    if wanted := call.arguments("statusFilter"):
        versions = [each for each in versions if each["uploadStatus"] in wanted]
    return json_answer(call.unordered([_shown(call, each) for each in versions]))


def get_version_details(call: Call) -> Answer:
    """Document 002, GET Data Versions; shape and filters are those of notes 1.17."""
    dataset = load(call)
    found = dataset.versions
    if call.flag("limitToIndexed", call.world.limit_to_indexed):
        found = [each for each in found if each["sandbox"]["indexed"]]
    if wanted := call.arguments("dataVersionIds"):
        found = [each for each in found if str(each["dataId"]) in wanted]
    if wanted := call.arguments("statuses"):
        found = [each for each in found if each["uploadStatus"] in wanted]
    limit = call.number_of("limit", -1)
    offset, limit = principals.cut(call.number_of("offset", 0), len(found) + 1 if limit == -1 else limit)
    return json_answer([_detailed(dataset, each) for each in found[offset : offset + limit]])


def post_hydrate(call: Call) -> Answer:
    """Document 002, Data Version List from Magic; the shape of the answer is not documented."""
    if call.argument("engine", "MAGIC") != "MAGIC":
        raise Refusal(400, "Unknown engine")
    dataset = load(call, key=str(call.json_object("dataSourceId")["dataSourceId"]))
    return json_answer(principals.page(call, [_detailed(dataset, each) for each in dataset.versions], 500))


def delete_versions(call: Call) -> Answer:
    """Document 000, Deleting Dataset Versions: cannot be undone, answers nothing."""
    dataset = load(call, rights.EDIT)
    reindex = call.flag("index", call.world.index_default)
    wanted = {_version_id(each) for each in call.json_list()}
    going = [each for each in dataset.versions if str(each["dataId"]) in wanted]
    if len(going) < len(wanted) and call.world.missing_version == "refused":
        raise Refusal(404, "Data version not found")
    if any(each["uploadStatus"] == "processing" for each in going):
        raise Refusal(409, "A data version is being processed")
    remove_versions(call, dataset, going, reindex=reindex)
    save(call, dataset, f"Data versions deleted: {', '.join(sorted(wanted))}.")
    return Answer(200, b"", None)


def remove_versions(call: Call, dataset: Dataset, going: list[Json], *, reindex: bool) -> None:
    """Take versions out of the vault; with `reindex` their rows leave the live data too."""
    dataset.versions = [each for each in dataset.versions if each not in going]
    if reindex and going:
        count_rows(dataset, method_of(call, dataset))


def _version_id(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not str(value).isdigit():
        raise Refusal(400, f"Not a data version: {value}")
    return str(value)


def _shown(call: Call, version: Json) -> Json:
    shown = {name: value for name, value in version.items() if name != "sandbox"}
    kind = int if call.world.version_ids == "int" else str
    return shown | {"schemaId": kind(shown["schemaId"]), "dataId": kind(shown["dataId"])}


def _detailed(dataset: Dataset, version: Json) -> dict[str, Any]:
    completed = version.get("uploadCompletedDate")
    return {
        "dataSourceId": dataset.id,
        "dataVersionId": int(version["dataId"]),
        "datetimeRecorded": times.millis_of_iso(version["recordedDate"]),
        "datetimeUploadCompleted": times.millis_of_iso(completed) if completed else None,
        "rowCount": version["numRows"],
        "runDurationSeconds": 0,
        "schemaId": int(version["schemaId"]),
        "sizeBytes": version["numBytes"],
        "status": version["uploadStatus"],
        "statusMessage": "",
    }
