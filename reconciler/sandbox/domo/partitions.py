"""The partitions of a dataset: listing them, deleting their data and their tags."""

from __future__ import annotations

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import principals, rights, versions
from reconciler.sandbox.domo.datasets import Dataset, Json, load, save
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_FIELDS = {"datecompleted": "dateCompleted", "partitionid": "partitionId", "dataid": "dataId", "rowcount": "rowCount"}


def get_partitions(call: Call) -> Answer:
    """Document 002, GET Partition List: without row counts, and with partitions whose data is marked as deleted."""
    listed = [{name: each[name] for name in ("partitionId", "dateCompleted")} for each in load(call).partitions]
    return json_answer(call.unordered(listed))


def post_partition_list(call: Call) -> Answer:
    """Document 002, Search Partition List: not those whose data is marked as deleted."""
    dataset = load(call)
    body = call.json_object()
    found = [each for each in dataset.partitions if _has_data(dataset, each)]
    for field in reversed(shapes.mappings(body.get("paginationFields") or [], "paginationFields")):
        found = _sorted(found, field)
    offset, limit = principals.cut(body.get("offset", 0), body.get("limit", 100))
    return json_answer(found[offset : offset + limit])


def delete_data(call: Call) -> Answer:
    """Document 002, Delete Data Version: of a partition tag, which stays; the row count stays until the next index."""
    dataset = load(call, rights.EDIT)
    tag = _find(call, dataset)["partitionId"]
    going = [each for each in dataset.versions if each["sandbox"]["partition"] == tag]
    versions.remove_versions(call, dataset, going, reindex=False)
    save(call, dataset, f"Data of partition {tag} deleted.")
    return wrote(call)


def delete_partition(call: Call) -> Answer:
    """Document 002, Delete Partition Tag."""
    dataset = load(call, rights.EDIT)
    gone = _find(call, dataset)
    dataset.partitions = [each for each in dataset.partitions if each is not gone]
    save(call, dataset, f"Partition {gone['partitionId']} deleted.")
    return wrote(call)


def _find(call: Call, dataset: Dataset) -> Json:
    for partition in dataset.partitions:
        if partition["partitionId"] == call.params["partition"]:
            return partition
    raise Refusal(404, "Partition not found")


def _has_data(dataset: Dataset, partition: Json) -> bool:
    return any(str(each["dataId"]) == str(partition["dataId"]) for each in dataset.versions)


def _sorted(partitions: list[Json], field: Json) -> list[Json]:
    name = _FIELDS.get(str(field.get("fieldName", "")).lower())
    if name is None:
        raise Refusal(400, "Unknown fieldName")
    limits = shapes.mapping(field.get("filterValues") or {}, "filterValues")
    low, high = limits.get("MIN"), limits.get("MAX")
    within = [
        each for each in partitions if (low is None or each[name] >= low) and (high is None or each[name] <= high)
    ]
    return sorted(within, key=lambda each: str(each[name]), reverse=field.get("sortOrder") == "DESC")
