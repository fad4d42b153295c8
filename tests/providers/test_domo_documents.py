"""The documents' own examples, replayed through the client: requests as documented, answers understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import vcr  # type: ignore[import-untyped]

from reconciler.core.changes import Elements
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.providers.domo import owner, permissions, retention, schedule, schema, tags
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.client.everything import Everything
from reconciler.providers.domo.creating import created_id
from reconciler.providers.domo.dataset import Dataset
from reconciler.providers.domo.facts import Facts
from reconciler.providers.domo.wire import Stream
from reconciler.providers.http import Client
from reconciler.providers.understanding import understand
from tests.providers.connected import ALL, COVID, DIRECTORY, Start, instance, recordable, ref, seen_by_vcr
from tests.providers.wired import TARGET

CASSETTES = Path(__file__).parent.parent / "cassettes" / "documents"
CLIENTS = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
MATCH = ("method", "scheme", "host", "path", "query", "body")


@contextmanager
def replay(name: str) -> Iterator[Dataset]:
    """A dataset at a server that answers as the cassette says, and nothing else; every exchange has to happen."""
    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=seen_by_vcr())
    recorder = vcr.VCR(record_mode="none", match_on=MATCH)
    with recorder.use_cassette(str(CASSETTES / f"{name}.yaml")) as cassette:
        key = ROLES if "schema" in name else CLIENTS
        yield Dataset(DomoClient(http), Facts(), ref(key), DIRECTORY)
        assert cassette.all_played
    http.close()


def _schema(dataset: Dataset) -> Elements:
    answer: Any = dataset.api.indexed_schema(dataset.id)
    return schema.to_elements(answer["tables"][0]["columns"])


def _schedule(dataset: Dataset) -> Elements:
    return schedule.to_elements(understand(Stream, dataset.api.stream("371"), "the stream"))


def _metadata_owner(key: str) -> Callable[[Dataset], Elements]:
    def read(dataset: Dataset) -> Elements:
        party = dataset.api.metadata(key).owner
        assert party is not None
        return owner.to_elements(party, dataset)

    return read


def _access(dataset: Dataset) -> Elements:
    return permissions.to_elements(dataset.api.permissions(dataset.id), dataset)


EVERY_30 = Schedule.of({"type": "MINUTE", "timezone": "UTC", "interval": 30})
READS: dict[str, tuple[Callable[[Dataset], Elements], Elements]] = {
    "002-dataset-access-list": (
        _access,
        (Grant(Principal("user", "966365811"), "CAN_VIEW"), Grant(Principal("group", "group-12345"), "CAN_EDIT")),
    ),
    "003-dataset-access-list": (_access, (Grant(Principal("user", "966365811"), "OWNER"),)),
    "002-get-dataset-permissions": (_access, (Grant(Principal("user", "user_id"), "CO_OWNER"),)),
    "002-get-metadata": (_metadata_owner(CLIENTS), (Owner(Principal("user", "403368057")),)),
    "003-get-metadata": (_metadata_owner("dataset id"), (Owner(Principal("user", "User id")),)),
    "002-get-dataset-owner": (
        lambda dataset: owner.to_elements(dataset.api.owner(dataset.id), dataset),
        (Owner(Principal("user", "owner_id")),),
    ),
    "002-get-dataset-tags": (
        lambda dataset: tags.to_elements(dataset.api.tags(dataset.id)),
        (Tag("tag1"), Tag("tag2")),
    ),
    "002-get-dataset-schema": (_schema, (Column("Display Name", "STRING"), Column("Role", "STRING"))),
    "003-get-dataset-schema": (_schema, (Column("Display Name", "STRING"), Column("Role", "STRING"))),
    "002-stream-get": (_schedule, (EVERY_30,)),
    "003-stream-get": (_schedule, (EVERY_30,)),
}

ALTERED = [Column("name", "STRING"), Column("id", "LONG"), Column("alertId", "LONG")]
WRITES: dict[str, Callable[[Dataset], object]] = {
    "000-deleting-dataset-versions": lambda d: Everything(d.api.http).delete_versions(d.id, ["2"], index=False),
    "002-add-dataset-tags": lambda d: d.api.post_tags(d.id, ["tag1", "tag2"]),
    "002-remove-dataset-tags": lambda d: d.api.delete_tags(d.id, ["tag1", "tag2"]),
    "002-update-dataset-owner": lambda d: d.api.put_owner(d.id, "USER", "new_owner_id"),
    "002-share-dataset": lambda d: d.api.share(
        d.id, [permissions.to_wire(Grant(Principal("user", "ownerId1"), "CO_OWNER"))]
    ),
    "002-revoke-dataset-access": lambda d: d.api.revoke(d.id, "GROUP", "group-12345"),
    "003-revoke-dataset-access": lambda d: d.api.revoke(d.id, "USER", "966365811"),
    "002-alter-dataset-schema": lambda d: d.api.alter_schema(
        d.id, {"columns": schema.to_wire(ALTERED, [], {}), "objects": [], "views": []}
    ),
}


@pytest.mark.parametrize("name", READS)
def test_the_documents_examples_are_understood(name: str) -> None:
    """Every documented answer leads to the elements that it shows."""
    read, expected = READS[name]
    with replay(name) as dataset:
        assert read(dataset) == expected


def test_the_documents_versions_are_understood() -> None:
    """Document 000: two uploads, the newer one live where a run replaced the other."""
    with replay("000-listing-dataset-versions") as dataset:
        listed = Everything(dataset.api.http).versions(dataset.id)
        versions = retention.to_elements(map(retention.version_of, listed), replaced=True)
    assert [str(version) for version in versions] == [
        "version 3 of 2023-03-31, 18 rows, 458 bytes",
        "version 4 of 2023-03-31, 499 rows, 6,890 bytes, live data",
    ]


@pytest.mark.parametrize("name", WRITES)
def test_what_is_written_is_what_the_documents_show(name: str) -> None:
    """Method, path, query and body match the example; its notation as an answer does no harm."""
    with replay(name) as dataset:
        WRITES[name](dataset)


def test_the_documents_creation_is_what_is_sent() -> None:
    """Document 002, Create Dataset Copy."""
    columns = schema.create((Column("Friend", "STRING"), Column("Attending", "STRING")))
    with replay("002-create-dataset-copy") as dataset:
        answer = dataset.api.create("hello world", columns)
    assert created_id(answer.value) == "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"


def test_a_session_can_be_recorded_and_replayed(start: Start, tmp_path: Path) -> None:
    """Over httpx's own transport vcrpy sees every exchange; the replay needs no server; the token can be kept out."""
    bench = start()
    place = instance(bench.url)
    cassette = str(tmp_path / "covid.yaml")
    recorder = vcr.VCR(match_on=MATCH, filter_headers=["X-DOMO-Developer-Token"])
    with recorder.use_cassette(cassette):
        recorded = recordable(place, "read").read(ref(COVID), ALL)
    bench.sandbox.clear_requests()
    with recorder.use_cassette(cassette, record_mode="none"):
        assert recordable(place, "read").read(ref(COVID), ALL) == recorded
    assert bench.asked() == []
    assert "admin-token" not in (tmp_path / "covid.yaml").read_text("utf-8")
