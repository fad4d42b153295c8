"""Every shape in which Domo is known to answer, and the shapes from which nothing may be concluded."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.core.ports import ProviderError
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.retention import Version
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.providers.domo import PROVIDER
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.creating import created_id
from reconciler.providers.domo.schema import to_wire
from reconciler.providers.domo.session import Session
from reconciler.providers.http import Client
from tests.providers.connected import COVID, ref
from tests.providers.wired import TARGET

Bodies = dict[str, Any]


def session(bodies: Bodies) -> Session:
    """A session with a server that knows these paths, told by how they end."""

    def answer(request: httpx.Request) -> httpx.Response:
        for end, body in bodies.items():
            if request.url.path.endswith(end):
                return httpx.Response(200, json=body)
        return httpx.Response(404, json={"message": "Not Found"})

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    return Session(DomoClient(http), TARGET.directory, PROVIDER.newborn(None))


def read(bodies: Bodies, facet: str) -> Any:
    """One facet's elements from a server that knows these paths."""
    return session(bodies).read(ref(COVID), frozenset({facet})).facets[facet].elements


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"list": [], "totalUserCount": 1, "totalGroupCount": 0}, "the access list has 0 of 1 user entries"),
        (
            {"list": [{"id": "1", "type": "USER", "accessLevel": "CAN_VIEW"}] * 2, "totalUserCount": 2},
            "the access list has 1 of 2 user entries",
        ),
        ({}, "the access list came in a form this version does not know (list: Field required)"),
        ({"list": [{"id": "1", "type": "USER"}]}, "(list.0.accessLevel: Field required)"),
        ([], "the access list came in a form this version does not know"),
    ],
    ids=["truncated", "doubled", "empty", "half an entry", "not an object"],
)
def test_an_access_list_is_whole_or_an_error(body: Any, reason: str) -> None:
    """A grant that is not seen would be planned as missing."""
    with pytest.raises(ProviderError) as caught:
        read({"/permissions": body}, "permissions")
    assert reason in caught.value.summary


@pytest.mark.parametrize("levels", [("CO_OWNER", "CAN_VIEW"), ("CAN_VIEW", "CO_OWNER"), ("CAN_VIEW", "CAN_VIEW")])
def test_somebody_who_is_in_an_access_list_twice_is_an_error(levels: tuple[str, str]) -> None:
    """Whichever entry were taken, the other would be there unseen; where totals are told or not (002, tail)."""
    entries = [{"id": "5", "type": "USER", "accessLevel": level} for level in levels]
    owner = {"id": "1", "type": "USER", "accessLevel": "OWNER"}
    with pytest.raises(ProviderError, match=r"the access list has 2 entries of user:#5"):
        read({"/permissions": {"permissions": [owner, *entries]}}, "permissions")
    nothing = {"id": "5", "type": "USER", "accessLevel": "NONE"}
    assert read({"/permissions": {"permissions": [owner, entries[0], nothing]}}, "permissions") == (
        Grant(Principal("user", "1"), "OWNER"),
        Grant(Principal("user", "5"), levels[0]),
    )


def test_no_column_is_written_in_place_of_a_hidden_one() -> None:
    """Whoever planned it did not know that there is one: it was hidden meanwhile, or the plan takes back a change."""
    found: list[dict[str, object]] = [{"name": "a", "type": "LONG"}, {"name": "pay", "type": "LONG", "visible": False}]
    with pytest.raises(ProviderError, match='the dataset has a column "pay" already, which is hidden'):
        to_wire([Column("a", "LONG"), Column("pay", "LONG")], found, {})


@pytest.mark.parametrize("visible", [True, False], ids=["shown", "hidden"])
@pytest.mark.parametrize("end", ["/schemas/latest", "/schema/indexed"])
def test_a_schema_with_two_columns_of_one_name_is_an_error(end: str, *, visible: bool) -> None:
    """Told apart by nothing, one of them would be dropped with the other's change."""
    columns = [{"name": name, "type": "LONG", "visible": True} for name in "xa"]
    columns.append({"name": "x", "type": "STRING", "visible": visible})
    whole = {"columns": columns}
    body = {"schema": whole} if end == "/schemas/latest" else {"tables": [whole]}
    with pytest.raises(ProviderError, match='the schema has 2 columns called "x", hidden ones included'):
        read({end: body, COVID: {"id": COVID}}, "schema")


def test_entries_of_others_than_people_are_left_alone_and_told() -> None:
    """Domo shares with cards and apps too."""
    entries = [{"id": 7, "type": "CARD", "accessLevel": "CAN_VIEW"}, {"id": 8, "type": "USER", "accessLevel": "NONE"}]
    body = {"permissions": [*entries, {"id": 9, "type": "GROUP", "accessLevel": "FEDERATED"}]}
    answers = {"/permissions": body, COVID: {"id": COVID, "owner": {"id": 6}}}
    snapshot = session(answers).read(ref(COVID), frozenset({"permissions"}))
    owner = Grant(Principal("user", "6"), "OWNER")
    assert snapshot.facets["permissions"].elements == (owner, Grant(Principal("group", "9"), "FEDERATED"))
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


@pytest.mark.parametrize("tags", ["gold", '{"a":1}', [1], 7, "[" * 100_000], ids=lambda tags: str(tags)[:9])
def test_tags_in_no_known_form_are_an_error(tags: Any) -> None:
    """Nothing may be concluded from what is not understood."""
    with pytest.raises(ProviderError):
        read({COVID: {"id": COVID, "tags": tags}}, "tags")


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
            {"scheduleExpression": "0 13/30 * * * ?", "advancedScheduleJson": None, "scheduleState": "MANUAL"},
            Schedule.of({"type": "EXPRESSION", "expression": "0 13/30 * * * ?", "scheduleState": "MANUAL"}),
        ),
        (
            {"advancedScheduleJson": '{"type":"DAY"}', "scheduleRetryCount": 2, "scheduleRetryExpression": "5 minutes"},
            Schedule.of({"type": "DAY"}, 2, "5 minutes"),
        ),
    ],
    ids=["spelling", "paused", "no json", "expression only", "paused expression", "retries"],
)
def test_schedules_are_read_by_meaning(stream: dict[str, Any], expected: Schedule) -> None:
    """The JSON, unless the state says that it does not hold."""
    assert read({**METADATA, "/streams/7": {"id": 7, **stream}}, "schedule") == (expected,)


@pytest.mark.parametrize(
    "settings", ["[" * 100_000, "[]", "{", '{"type":NaN}', '{"type":1e999}', "7"], ids=lambda text: text[:12]
)
def test_a_schedule_in_no_known_form_is_an_error(settings: str) -> None:
    """It is JSON in a string, and may be spoiled by itself."""
    stream = {"id": 7, "advancedScheduleJson": settings}
    with pytest.raises(ProviderError, match=r"^advancedScheduleJson came in a form this version does not know"):
        read({**METADATA, "/streams/7": stream}, "schedule")


def test_a_schedule_may_hold_a_fraction() -> None:
    """Compared as the number that a manifest would say."""
    stream = {"id": 7, "advancedScheduleJson": '{"type":"HOUR","interval":1.50}'}
    assert read({**METADATA, "/streams/7": stream}, "schedule") == (Schedule.of({"type": "HOUR", "interval": 1.5}),)


@pytest.mark.parametrize("member", ["numRows", "numBytes"])
@pytest.mark.parametrize("count", [2**63, -(2**63) - 1, 10**4000], ids=["above", "below", "unprintable"])
def test_a_version_of_more_than_can_be_is_an_error(member: str, count: int) -> None:
    """Sums of such numbers may have too many digits to be printed."""
    listed = [{"dataId": 1, "uploadStatus": "success", "recordedDate": "2025-01-01T00:00:00Z", member: count}]
    with pytest.raises(ProviderError, match=rf"\(0\.{member}: Input should be "):
        read({COVID: {"id": COVID}, "/dataversions": listed}, "retention")


def test_a_stream_without_a_word_of_its_schedule_is_not_whole() -> None:
    """Read as MANUAL it would be "No changes", or be written back without most of its members."""
    seven = {"id": 7, "userId": 1, "name": "a", "displayName": "a", "type": "b", "dataProviderType": "c", "valid": True}
    with pytest.raises(ProviderError, match="stream 7 came without its schedule"):
        read({**METADATA, "/streams/7": seven}, "schedule")


def test_a_list_of_datasets_whose_total_changes_is_not_whole() -> None:
    """A dataset of the first page goes: the first of the second page moves up, and is on none."""
    kept = [{"id": str(number), "name": "x"} for number in range(60)]
    pages = {"0": (kept[:50], 60), "50": (kept[51:], 59)}

    def answer(request: httpx.Request) -> httpx.Response:
        found, total = pages[request.url.params["offset"]]
        return httpx.Response(200, json={"dataSources": found, "_metaData": {"totalCount": total}})

    http = Client(TARGET, "read", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    with pytest.raises(ProviderError, match="the list of datasets has 59 of 60 entries"):
        Session(DomoClient(http), TARGET.directory, None).datasets()


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
    ids=["REPLACE", "APPEND", "UPSERT", "unknown"],
)
def test_what_is_live_depends_on_how_the_stream_writes(method: str | None, live: set[str]) -> None:
    """Where every version is a chunk of the live data, deleting one deletes rows."""
    bodies = {COVID: {"id": COVID, "streamId": 7} if method else {"id": COVID}, "/dataversions": VERSIONS}
    run = {"updateMethod": method, "startedAt": 1735775990.5, "endedAt": 1735776000}
    stream = {"id": 7, "updateMethod": method, "lastSuccessfulExecution": run}
    versions: tuple[Version, ...] = read({**bodies, "/streams/7": stream}, "retention")
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
