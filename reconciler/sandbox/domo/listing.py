"""Finding datasets on a live instance: by pages, by ids, by words, by owner."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from reconciler.sandbox import shapes
from reconciler.sandbox.domo import owner, principals, rights, times
from reconciler.sandbox.domo.datasets import Dataset, Json, load, readable, show
from reconciler.sandbox.domo.errors import wrote
from reconciler.sandbox.domo.metadata import in_parts
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_PAGE = 50
_BULK = 100
_ORDERS = {"name": "name", "lastUpdated": "lastUpdated", "lastTouched": "lastTouched", "created": "created"}


def get_datasets(call: Call) -> Answer:
    """Observed, notes 3 Listing: at most 50 to a page; ?part= narrows what is told of each."""
    found = [each for each in readable(call) if _wanted(call, each.metadata)]
    order = call.argument("orderBy")
    if order:
        if order not in _ORDERS:
            raise Refusal(400, f"Unknown orderBy: {order}")
        found.sort(key=lambda each: (each.metadata.get(_ORDERS[order]) or "", each.id))
    shown = [in_parts(call, show(call, each)) for each in principals.page(call, found, _PAGE, _PAGE)]
    paging = {"totalCount": len(found), "limit": call.number_of("limit", _PAGE), "offset": call.number_of("offset", 0)}
    return json_answer({"_metaData": {**paging, "count": len(shown)}, "dataSources": shown})


def post_bulk(call: Call) -> Answer:
    """Observed, notes 3 Listing: datasets by id, at most 100; what is missing is left out without a word."""
    ids = shapes.ids(call.json_list(), "body")
    if len(ids) > _BULK:
        raise Refusal(400, f"At most {_BULK} ids")
    found = {each.id: each for each in _some(call, ids)}
    return json_answer({"dataSources": [in_parts(call, show(call, found[key])) for key in ids if key in found]})


def post_search(call: Call) -> Answer:
    """Observed, notes 3 Listing: the search of the user interface; a page of what matches all filters."""
    body = call.json_object()
    found = [each for each in readable(call) if all(_matches(each, rule) for rule in _rules(body))]
    offset, limit = principals.cut(body.get("offset", 0), body.get("count", 30))
    shown = [_found(call, each) for each in found[offset : offset + limit]]
    return json_answer({"_metaData": {"totalCount": len(found)}, "dataSources": shown})


def post_owned_by(call: Call) -> Answer:
    """Observed, notes 3 Listing: the datasets of each given owner."""
    answer = []
    for entry in shapes.mappings(call.json_list(), "body"):
        wanted = (str(entry.get("type")), str(entry.get("id")))
        mine = [each for each in readable(call) if (_owner(each)["type"], str(_owner(each)["id"])) == wanted]
        answer.append({"dataSourceIds": [each.id for each in mine], "dataSources": [], "entityIdentifier": entry})
    return json_answer(answer)


def put_owned_by(call: Call) -> Answer:
    """Observed, notes 1.12: hand over many datasets to many owners."""
    for entry in shapes.mappings(call.json_list(), "body"):
        identifier = shapes.mapping(entry.get("entityIdentifier"), "entityIdentifier")
        for key in shapes.ids(entry.get("dataSourceIds"), "dataSourceIds"):
            dataset = load(call, rights.ADMINISTER, key)
            owner.hand_over(call, dataset, identifier.get("type"), identifier.get("id"))
    return wrote(call)


def put_responsible_for(call: Call) -> Answer:
    """Observed, notes 1.12: hand over many datasets to one user."""
    for key in shapes.ids(call.json_list(), "body"):
        owner.hand_over(call, load(call, rights.ADMINISTER, key), "USER", call.params["user"])
    return wrote(call)


def get_permissions(call: Call) -> Answer:
    """Observed, notes 3 ACL in bulk: all entries of all access lists, by pages."""
    return json_answer(principals.page(call, _entries(readable(call)), _BULK))


def post_permissions(call: Call) -> Answer:
    """Observed, notes 3 ACL in bulk: the entries of the given datasets."""
    return json_answer(_entries(_some(call, shapes.ids(call.json_list(), "body"))))


def delete_dataset(call: Call) -> Answer:
    """Observed, notes 1.11: a dataset and its streams go."""
    dataset = load(call, rights.ADMINISTER)
    if call.argument("deleteMethod", "soft") not in {"soft", "hard"}:
        raise Refusal(400, "deleteMethod must be soft or hard")
    call.store.remove(VENDOR, "dataset", dataset.id)
    if "streamId" in dataset.metadata:
        call.store.remove(VENDOR, "stream", str(dataset.metadata["streamId"]))
    return wrote(call)


def _some(call: Call, ids: list[str]) -> list[Dataset]:
    found = [Dataset(**each) for key in ids if (each := call.store.get(VENDOR, "dataset", key))]
    return [each for each in found if rights.rank(call, each.permissions) >= rights.READ]


def _entries(datasets: list[Dataset]) -> list[Json]:
    return [
        {"dataSourceId": each.id, "id": entry["id"], "type": entry["type"], "accessLevel": entry["accessLevel"]}
        for each in datasets
        for entry in each.permissions
    ]


def _owner(dataset: Dataset) -> Json:
    found: Json = dataset.metadata["owner"]
    return found


def _wanted(call: Call, meta: Json) -> bool:
    name, mine = call.argument("nameLike").lower(), call.argument("ownerId")
    if name not in str(meta.get("name", "")).lower() or (mine and str(meta["owner"]["id"]) != mine):
        return False
    if any((asked := call.argument(key)) and meta.get(key) != asked for key in ("dataProviderType", "type")):
        return False
    if meta.get("hidden") and not call.flag("includeHidden", "false"):
        return False
    return int(meta.get("created", 0)) >= call.number_of("createdSince", 0)


def _rules(body: Json) -> list[Json]:
    query = str(body.get("query") or "*")
    return [
        *shapes.mappings(body.get("filters", []), "filters"),
        {"field": "name_sort", "query": query if "*" in query else f"*{query}*"},
    ]


def _matches(dataset: Dataset, rule: Any) -> bool:
    text = str(rule.get("query") or rule.get("value") or "*").lower()
    values = {
        "name_sort": [str(dataset.metadata.get("name", ""))],
        "owned_by_id": [str(_owner(dataset)["id"]), f"{_owner(dataset)['type']}:{_owner(dataset)['id']}"],
        "tags": dataset.tags,
        "dataprovidername_facet": [str(dataset.metadata.get("dataProviderType", ""))],
    }.get(str(rule.get("field")))
    if values is None:
        raise Refusal(400, f"Unknown field: {rule.get('field')}")
    return any(fnmatchcase(value.lower(), text) for value in values) != bool(rule.get("not"))


def _found(call: Call, dataset: Dataset) -> Json:
    shown = show(call, dataset)
    return {
        **shown,
        "tagsList": dataset.tags,
        "schema": dataset.schema,
        "createDate": times.iso_of_millis(shown["created"]),
    }
