"""A dataset as the sandbox keeps it, and how it is found, shown and saved."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field, fields
from typing import Any

from reconciler.sandbox import jsontext
from reconciler.sandbox.domo import rights, times
from reconciler.sandbox.domo.rights import VENDOR
from reconciler.sandbox.exchange import Call, Refusal

Json = dict[str, Any]

ADDING = frozenset(["APPEND", "UPSERT"])
"""The actions that add to the live data; the others take its place."""


@dataclass(slots=True)
class Dataset:
    """Everything about one dataset. What `metadata`, the vendor's object, repeats of the rest is filled in on show."""

    metadata: Json
    tags: list[str] = field(default_factory=list)
    schema: Json = field(default_factory=lambda: {"columns": []})
    schema_id: int = 1
    indexed: list[Json] = field(default_factory=list)
    permissions: list[Json] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)
    partitions: list[Json] = field(default_factory=list)
    cards: list[Json] = field(default_factory=list)
    indexes: list[Json] = field(default_factory=list)
    uploads: Json = field(default_factory=dict)
    definition: Json = field(default_factory=dict)
    copied: int | None = None

    @property
    def id(self) -> str:
        """The vendor's id, a UUID."""
        return str(self.metadata["id"])

    @property
    def columns(self) -> list[Json]:
        """The columns as last written."""
        columns: list[Json] = self.schema["columns"]
        return columns

    def document(self) -> Json:
        """Itself as JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def load(call: Call, needed: int = rights.READ, key: str | None = None) -> Dataset:
    """The dataset named in the path, or by `key`; 404 when there is none, 403 when it is out of the caller's reach."""
    found = call.store.get(VENDOR, "dataset", call.params["id"] if key is None else key)
    if found is None:
        raise Refusal(404, "Not Found")
    dataset = Dataset(**found)
    rights.require(call, dataset.permissions, needed)
    if any(not each["done"] for each in dataset.indexes):
        settle(call, dataset)
    return dataset


def readable(call: Call) -> list[Dataset]:
    """All datasets that the caller may read."""
    found = [Dataset(**document) for document in call.store.all(VENDOR, "dataset")]
    if rights.is_admin(call):
        return found
    mine = rights.identities(call)
    return [each for each in found if rights.highest(mine, each.permissions) >= rights.READ]


def keep(call: Call, dataset: Dataset) -> None:
    """Store the dataset without a word in its history."""
    call.store.put(VENDOR, "dataset", dataset.id, dataset.document())


def save(call: Call, dataset: Dataset, details: str, action: str = "UPDATE") -> None:
    """Store the dataset after a write, and tell its history who did what."""
    dataset.metadata["lastTouched"] = times.millis(call.now)
    keep(call, dataset)
    number = call.store.count_up(VENDOR, "event")
    event = {"dataset": dataset.id, "name": dataset.metadata.get("name"), "at": times.millis(call.now)}
    event |= {"action": action, "user": call.actor, "details": details}
    call.store.put(VENDOR, "event", f"{dataset.id}/{number:09}", event)


def settle(call: Call, dataset: Dataset) -> None:
    """Let index requests whose time has come take effect."""
    for request in dataset.indexes:
        if not request["done"] and times.millis(call.now) >= request["at"] + times.millis(call.world.work_seconds):
            index(dataset, [str(each) for each in request["dataIds"]], method_of(call, dataset))
            request["done"] = True
    keep(call, dataset)


def index(dataset: Dataset, data_ids: list[str], method: str) -> None:
    """Make versions and the written schema visible to queries."""
    for version in dataset.versions:
        meant = str(version["dataId"]) in data_ids if data_ids else not version["sandbox"]["replaced"]
        if meant and version["uploadStatus"] == "success":
            version["sandbox"]["indexed"] = True
    dataset.indexed = list(dataset.columns)
    count_rows(dataset, method)


def live_versions(dataset: Dataset, method: str) -> list[Json]:
    """The versions whose rows queries see: all indexed ones where there are partitions, else from the last whole one.

    Whether a version is whole or adds to what was there, its upload said; of a seeded one, `method` says it.
    """
    indexed = [each for each in dataset.versions if each["sandbox"]["indexed"] and not each["sandbox"].get("void")]
    if any(each["sandbox"]["partition"] for each in indexed):
        return indexed
    whole = [place for place, each in enumerate(indexed) if each["sandbox"].get("action", method) not in ADDING]
    return indexed[max(whole, default=0) :]


def rows_of(dataset: Dataset, method: str) -> int:
    """How many rows queries see."""
    return sum(int(each["numRows"]) for each in live_versions(dataset, method))


def count_rows(dataset: Dataset, method: str) -> None:
    """Bring the row count of the metadata up to date."""
    dataset.metadata["rowCount"] = rows_of(dataset, method)


def method_of(call: Call, dataset: Dataset) -> str:
    """How data arrives: the stream's update method, or what the seed says."""
    stream = call.store.get(VENDOR, "stream", str(dataset.metadata.get("streamId"))) or {}
    return str(stream.get("updateMethod") or dataset.uploads.get("method") or "REPLACE")


def show(call: Call, dataset: Dataset, *, embedded: bool = False) -> Json:
    """The v3 object. Within a stream it always has owner and tags: that is how 002 prints stream 371."""
    body = dict(dataset.metadata)
    body["permissions"] = rights.callers_view(rights.rank(call, dataset.permissions))
    shape = "string" if embedded else call.world.metadata_tags
    tags = call.unordered(dataset.tags)
    body["tags"] = jsontext.write(tags) if shape == "string" else tags
    # Absent fields are omitted, never null or empty (notes 1.1).
    if shape == "absent" or not tags:
        del body["tags"]
    if call.world.metadata_owner == "absent" and not embedded:
        body.pop("owner", None)
    return body


def new_id(call: Call) -> str:
    """A fresh UUID; the n-th dataset of every sandbox gets the same, so that tests can compare whole texts."""
    number = call.store.count_up(VENDOR, "dataset")
    bits = random.Random(f"dataset {number}").getrandbits(128)  # noqa: S311 - no secret
    return str(uuid.UUID(int=bits, version=4))


def born(call: Call, name: str, provider: str) -> Dataset:
    """A new, empty dataset that belongs to the caller."""
    name_of_owner = (call.store.get(VENDOR, "user", call.actor) or {}).get("name", "")
    now = times.millis(call.now)
    metadata = {
        "id": new_id(call),
        "displayType": provider,
        "dataProviderType": provider,
        "type": provider,
        "name": name,
        "owner": {"id": call.actor, "name": name_of_owner, "type": "USER", "group": False},
        "status": "SUCCESS",
        "created": now,
        "lastTouched": now,
        "lastUpdated": now,
        "rowCount": 0,
        "columnCount": 0,
        "cardInfo": {"cardCount": 0, "cardViewCount": 0},
        "properties": {"formulas": {"formulas": {}}},
        "state": "SUCCESS",
        "validConfiguration": True,
        "validAccount": True,
        "transportType": "API",
        "cloudId": "domo",
        "cloudName": "Domo",
        "hidden": False,
        "scheduleActive": False,
        "cloudEngine": "domo",
    }
    return Dataset(metadata, permissions=[{"type": "USER", "id": call.actor, "accessLevel": "OWNER"}])
