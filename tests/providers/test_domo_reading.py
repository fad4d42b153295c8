"""What a read rests on: how many requests, what is learned of the server, and when nothing may be concluded."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from connected import CLIENTS, COVID, DIRECTORY, ROLES, Bench, Start, ref

from reconciler.core.changes import Modify
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError, Target
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.retention import Version
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.providers.domo import PROVIDER
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.session import Session, created_id
from reconciler.providers.http import Client
from reconciler.sandbox import OBSERVED, World

FOUR = ("owner", "schema", "tags", "permissions")
Bodies = dict[str, Any]


def session(bodies: Bodies, statuses: dict[str, int] | None = None) -> Session:
    """A session with a server that knows these paths, told by how they end."""

    def answer(request: httpx.Request) -> httpx.Response:
        for end, body in bodies.items():
            if request.url.path.endswith(end):
                return httpx.Response((statuses or {}).get(end, 200), json=body)
        return httpx.Response(404, json={"message": "Not Found"})

    target = Target("acme", "domo", "https://acme.domo.com", "t", requests_per_second=1000, directory=DIRECTORY)
    http = Client(target, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    return Session(DomoClient(http), target.directory, PROVIDER.newborn(None))


def read(bodies: Bodies, facet: str) -> Any:
    """One facet's elements from a server that knows these paths."""
    return session(bodies).read(ref(COVID), frozenset({facet})).facets[facet].elements


@pytest.mark.parametrize(("world", "requests"), [(World(), 4), (OBSERVED, 3)], ids=["documented", "observed"])
def test_each_thing_is_asked_for_once(start: Start, world: World, requests: int) -> None:
    """Owner and tags share the metadata where it holds both; what was asked to know the server is asked once."""
    bench = start(world)
    for dataset in (ROLES, CLIENTS):
        assert bench.read(dataset, *FOUR).requests == requests
    bench.sandbox.clear_requests()
    bench.read(CLIENTS, *FOUR)
    assert len(bench.asked()) == requests


def test_all_six_facets_take_six_requests(bench: Bench) -> None:
    """Metadata, schema, tags, permissions, stream, versions."""
    assert bench.read(CLIENTS).requests == 6


def test_threads_learn_about_a_server_once(start: Start) -> None:
    """Eight threads, one question."""
    bench = start(OBSERVED)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bench.read(ROLES, "tags"), range(24)))
    assert bench.asked().count(f"GET /api/data/ui/v3/datasources/{ROLES}/tags") == 1


@pytest.mark.parametrize("facet", ["schema", "tags", "permissions", "owner", "schedule", "retention"])
@pytest.mark.parametrize("world", [World(), OBSERVED], ids=["documented", "observed"])
def test_a_missing_dataset_is_told_from_a_missing_endpoint(start: Start, world: World, facet: str) -> None:
    """A 404 teaches nothing about the server unless the dataset is there."""
    bench = start(world)
    with pytest.raises(ProviderError) as caught:
        bench.read("no-such-dataset", facet)
    assert caught.value.missing
    assert "acme" in caught.value.summary
    assert bench.read(COVID).diagnostics == ()


def test_a_dataset_without_a_stream_says_so(bench: Bench) -> None:
    """A schedule that cannot be is an error with a way out, not a silent skip."""
    snapshot = bench.read(ROLES)
    assert "schedule" not in snapshot.facets
    (diagnostic,) = snapshot.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("schedule-without-stream", "error")
    assert diagnostic.hint


def test_principals_have_the_names_of_the_directory(bench: Bench) -> None:
    """Ids are the vendor's, names are the manifests'."""
    grants = bench.elements(COVID, "permissions")
    assert "user:viewer" in {str(grant.principal) for grant in grants if isinstance(grant, Grant)}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"list": [], "totalUserCount": 1, "totalGroupCount": 0}, "the access list has 0 of 1 user entries"),
        ({}, "the access list came in a form this version does not know (list: Field required)"),
        ({"list": [{"id": "1", "type": "USER"}]}, "(list.0.accessLevel: Field required)"),
        ([], "the access list came in a form this version does not know"),
    ],
    ids=["truncated", "empty", "half an entry", "not an object"],
)
def test_an_access_list_is_whole_or_an_error(body: Any, reason: str) -> None:
    """A grant that is not seen would be planned as missing."""
    with pytest.raises(ProviderError) as caught:
        read({"/permissions": body}, "permissions")
    assert reason in caught.value.summary


def test_entries_of_others_than_people_are_left_alone_and_told() -> None:
    """Domo shares with cards and apps too."""
    entries = [{"id": 7, "type": "CARD", "accessLevel": "CAN_VIEW"}, {"id": 8, "type": "USER", "accessLevel": "NONE"}]
    body = {"permissions": [*entries, {"id": 9, "type": "GROUP", "accessLevel": "FEDERATED"}]}
    snapshot = session({"/permissions": body}).read(ref(COVID), frozenset({"permissions"}))
    assert snapshot.facets["permissions"].elements == (Grant(Principal("group", "9"), "FEDERATED"),)
    assert [diagnostic.code for diagnostic in snapshot.diagnostics] == ["ungoverned-access"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ('["b","a"]', ("a", "b")),
        (["b", "a", "b"], ("a", "b")),
        ("", ()),
        ("[]", ()),
    ],
    ids=["encoded", "list", "empty text", "empty list"],
)
def test_tags_are_read_in_every_form(tags: Any, expected: tuple[str, ...]) -> None:
    """Notes 1.1."""
    assert tuple(tag.name for tag in read({COVID: {"id": COVID, "tags": tags}}, "tags")) == expected


@pytest.mark.parametrize("tags", ["gold", '{"a":1}', [1], 7], ids=str)
def test_tags_in_no_known_form_are_an_error(tags: Any) -> None:
    """Nothing may be concluded from what is not understood."""
    with pytest.raises(ProviderError):
        read({COVID: {"id": COVID, "tags": tags}}, "tags")


def test_hidden_columns_are_no_elements_and_keep_their_places() -> None:
    """A write that leaves them out would drop them; uploads have no header, so places matter."""
    shown = [{"name": name, "id": f"id-{name}", "type": "LONG", "visible": name != "h", "x": 1} for name in "ahb"]
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(json.loads(request.content))
            return httpx.Response(200, json={"schemaId": 2})
        if request.url.path.endswith("/schemas/latest"):
            return httpx.Response(200, json={"schema": {"columns": shown, "objects": [5]}})
        return httpx.Response(404)

    target = Target("acme", "domo", "https://acme.domo.com", "t", requests_per_second=1000)
    http = Client(target, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    live = Session(DomoClient(http), target.directory, {})
    found = live.read(ref(COVID), frozenset({"schema"})).facets["schema"]
    assert found.elements == (Column("a", "LONG"), Column("b", "LONG"))
    change = Modify(Column("a", "LONG"), Column("A", "STRING"), ("name", "type"))
    step = Step(ref(COVID).address.of("schema"), "alter", (change,), (Column("A", "STRING"), Column("b", "LONG")))
    live.write(ref(COVID), step, found)
    assert sent == [
        {
            "columns": [
                {"name": "A", "id": "id-a", "type": "STRING", "visible": True, "order": 0, "x": 1},
                {"name": "h", "id": "id-h", "type": "LONG", "visible": False, "x": 1},
                {"name": "b", "id": "id-b", "type": "LONG", "visible": True, "order": 0, "x": 1},
            ],
            "objects": [5],
            "views": [],
        }
    ]


METADATA = {COVID: {"id": COVID, "streamId": 7}}


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (
            {"advancedScheduleJson": '{ "timezone":"UTC", "type":"MANUAL" }', "scheduleState": "MANUAL"},
            Schedule.of({"type": "MANUAL", "timezone": "UTC"}),
        ),
        (
            {"advancedScheduleJson": '{"type":"DAY","at":"7:00 am"}', "scheduleState": "INACTIVE"},
            Schedule.of({"type": "DAY", "at": "07:00 AM", "scheduleState": "INACTIVE"}),
        ),
        ({"advancedScheduleJson": None, "scheduleState": "MANUAL"}, Schedule.of({"type": "MANUAL"})),
        (
            {"scheduleExpression": "0 13/30 * * * ?", "scheduleState": "ACTIVE"},
            Schedule.of({"type": "EXPRESSION", "expression": "0 13/30 * * * ?"}),
        ),
        (
            {"advancedScheduleJson": '{"type":"DAY"}', "scheduleRetryCount": 2, "scheduleRetryExpression": "5 minutes"},
            Schedule.of({"type": "DAY"}, 2, "5 minutes"),
        ),
    ],
    ids=["spelling", "paused", "no json", "expression only", "retries"],
)
def test_schedules_are_read_by_meaning(stream: dict[str, Any], expected: Schedule) -> None:
    """The JSON, unless the state says that it does not hold."""
    assert read({**METADATA, "/streams/7": {"id": 7, **stream}}, "schedule") == (expected,)


def test_a_missing_stream_is_not_a_missing_dataset() -> None:
    """The dataset names a stream that is not there: an error, but not one that calls for another id."""
    with pytest.raises(ProviderError) as caught:
        read(METADATA, "schedule")
    assert not caught.value.missing


VERSIONS = [
    {"dataId": 1, "uploadStatus": "success", "recordedDate": "2025-01-01T00:00:00Z", "numRows": 1, "numBytes": 2},
    {"dataId": "2", "uploadStatus": "success", "recordedDate": "2025-01-02T00:00:00Z"},
    {"dataId": 3, "uploadStatus": "error", "recordedDate": "2025-01-03T00:00:00Z"},
    {"dataId": 4, "uploadStatus": "processing", "recordedDate": "2025-01-04"},
    {"dataId": 5, "uploadStatus": "mystery", "recordedDate": None},
]


@pytest.mark.parametrize(
    ("method", "live"),
    [("REPLACE", {"2"}), ("APPEND", {"1", "2"}), ("UPSERT", {"1", "2"}), (None, {"1", "2"})],
    ids=str,
)
def test_what_is_live_depends_on_how_the_stream_writes(method: str | None, live: set[str]) -> None:
    """Where every version is a chunk of the live data, deleting one deletes rows."""
    bodies = {COVID: {"id": COVID, "streamId": 7} if method else {"id": COVID}, "/dataversions": VERSIONS}
    versions: tuple[Version, ...] = read({**bodies, "/streams/7": {"id": 7, "updateMethod": method}}, "retention")
    assert {version.id for version in versions if version.live} == live
    assert [version.status for version in versions] == ["ready", "ready", "failed", "unsettled", "unsettled"]
    assert [version.created is None for version in versions] == [False, False, False, True, True]


def test_version_details_stand_in_for_the_list() -> None:
    """Where document 000's list is missing, that of 002 has the same in other words (notes 1.17)."""
    detail = {"dataVersionId": 122, "datetimeRecorded": 1750189687000, "rowCount": 134, "sizeBytes": 10183}
    bodies = {"/dataversions/details": [{**detail, "status": "success"}], COVID: {"id": COVID}}
    (version,) = read(bodies, "retention")
    assert (version.id, version.rows, version.bytes, version.live) == ("122", 134, 10183, True)
    assert str(version.created) == "2025-06-17 19:48:07+00:00"


def test_the_owner_is_found_wherever_it_is_named() -> None:
    """In the metadata, at /owner, or in the access list; nowhere is an error."""
    bare = {COVID: {"id": COVID}}
    owner = {"owner": {"id": 55, "type": None, "group": True}}
    entry = {"list": [{"id": "901", "type": "USER", "accessLevel": "OWNER"}]}
    assert read({COVID: {**bare[COVID], **owner}}, "owner") == (Owner(Principal("group", "55")),)
    assert read({"/owner": owner, **bare}, "owner") == (Owner(Principal("group", "55")),)
    assert read({"/permissions": entry, **bare}, "owner") == (Owner(Principal("user", "901")),)
    with pytest.raises(ProviderError, match="names no owner"):
        read({"/permissions": {"list": []}, **bare}, "owner")


@pytest.mark.parametrize(
    "answer",
    [{"dataSource": {"dataSourceId": "x"}}, {"dataSourceId": "x"}, {"id": "x"}, {"dataSource": {"id": "x"}, "id": "y"}],
    ids=str,
)
def test_the_new_id_is_found_in_every_form(answer: Any) -> None:
    """Notes 1.11; the documents show no answer."""
    assert created_id(answer) == "x"


@pytest.mark.parametrize("answer", [None, {}, [], {"dataSource": None}, {"id": ""}], ids=str)
def test_a_creation_without_an_id_is_uncertain(answer: Any) -> None:
    """It may exist; creating it again might make a second one."""
    with pytest.raises(ProviderError) as caught:
        created_id(answer)
    assert caught.value.uncertain


@pytest.mark.parametrize("identifier", ["", ".", ".."], ids=repr)
def test_an_id_cannot_lead_to_another_path(bench: Bench, identifier: str) -> None:
    """A URL's dots would be resolved away."""
    with pytest.raises(ProviderError):
        bench.read(identifier, "tags")
    assert bench.asked() == []


def test_an_id_is_one_segment_of_a_path(bench: Bench) -> None:
    """Slashes and question marks in it are encoded."""
    with pytest.raises(ProviderError):
        bench.read("a/../b?c#d", "owner")
    assert bench.asked()[0] == "GET /api/data/v3/datasources/a%2F..%2Fb%3Fc%23d"
