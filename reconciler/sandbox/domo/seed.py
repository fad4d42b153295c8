"""How a seed document becomes state.

Under `domo`, each list may be absent:

    users     {id, name, email, role: admin | member}
    groups    {id, name, members: [user ids]}
    datasets  the vendor's v3 object, and beside it
              schema {columns}, permissions [{type, id, accessLevel}], tags (a list, or encoded in a string), cards,
              versions [a version of document 000; also indexed, partition, rows], partitions, updateMethod,
              definition {query, sql, dataflow}
    streams   the vendor's object, of `dataSource` only the id; also history [executions]
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from reconciler.sandbox import jsontext
from reconciler.sandbox.domo import times
from reconciler.sandbox.domo.datasets import Dataset
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.seeding import each
from reconciler.sandbox.store import Store

Json = dict[str, Any]

# Members of a seeded dataset that are not part of the vendor's object.
_BESIDE = frozenset(["schema", "versions", "partitions", "cards", "definition", "updateMethod"])


def plant(store: Store, document: Mapping[str, Any], now: float) -> None:
    """Write users, groups, datasets and streams; one that is there already is written over."""
    each(document, "users", partial(_user, store))
    each(document, "groups", partial(_group, store))
    each(document, "datasets", partial(_dataset, store, times.millis(now)))
    each(document, "streams", partial(_stream, store))


def _user(store: Store, user: Json) -> None:
    whole = {"role": "member", "email": f"{user['id']}@example.com", **user, "id": str(user["id"])}
    store.put(VENDOR, "user", whole["id"], whole)


def _group(store: Store, group: Json) -> None:
    store.put(VENDOR, "group", str(group["id"]), {**group, "id": str(group["id"])})


def _dataset(store: Store, now: int, given: Json) -> None:
    # The access list stands where the vendor's object has the caller's rights; the place in the order is kept.
    metadata = {name: value for name, value in given.items() if name not in _BESIDE} | {"permissions": ""}
    if "created" not in metadata:
        metadata |= {"created": now, "lastTouched": now, "lastUpdated": now}
    tags = metadata.get("tags") or []
    owner = metadata.setdefault("owner", {"id": "0", "name": "Nobody", "type": "USER", "group": False})
    schema = given.get("schema", {"columns": []})
    dataset = Dataset(metadata, tags=jsontext.read(tags) if isinstance(tags, str) else list(tags), schema=schema)
    dataset.indexed = list(dataset.columns)
    dataset.permissions = [{"type": owner["type"], "id": str(owner["id"]), "accessLevel": "OWNER"}]
    dataset.permissions += [entry for entry in each(given, "permissions", _entry) if entry["accessLevel"] != "OWNER"]
    dataset.versions = each(given, "versions", partial(_version, store, dataset.id))
    dataset.schema_id = max([1, *(int(version["schemaId"]) for version in dataset.versions)])
    dataset.partitions = given.get("partitions", [])
    dataset.cards = given.get("cards", [])
    dataset.definition = given.get("definition", {})
    dataset.uploads = {"method": given["updateMethod"]} if "updateMethod" in given else {}
    store.put(VENDOR, "dataset", dataset.id, dataset.document())


def _entry(given: Json) -> Json:
    return {**given, "id": str(given["id"]), "accessLevel": given["accessLevel"]}


def _version(store: Store, dataset: str, given: Json) -> Json:
    version = {"schemaId": 1, "numRows": len(given.get("rows", [])), "numBytes": 0, "uploadStatus": "success"}
    version |= {name: value for name, value in given.items() if name not in {"indexed", "partition", "rows"}}
    if "rows" in given:
        store.put(VENDOR, "rows", f"{dataset}/{given['dataId']}", {"rows": given["rows"]})
    indexed = given.get("indexed", version["uploadStatus"] == "success")
    return version | {"sandbox": {"indexed": indexed, "replaced": False, "partition": given.get("partition")}}


def _stream(store: Store, given: Json) -> None:
    stream = {name: value for name, value in given.items() if name != "history"}
    key = str(stream["dataSource"]["id"])
    stream["dataSource"] = {"id": key}
    store.put(VENDOR, "stream", str(stream["id"]), stream)
    each(given, "history", partial(_execution, store, str(stream["id"])))
    found = store.get(VENDOR, "dataset", key)
    if found is not None:
        found["metadata"].setdefault("streamId", stream["id"])
        store.put(VENDOR, "dataset", key, found)


def _execution(store: Store, stream: str, given: Json) -> None:
    store.put(VENDOR, "execution", f"{stream}/{given['executionId']:09}", given)
