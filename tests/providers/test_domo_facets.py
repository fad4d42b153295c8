"""Each facet: read, write, read back, write again; in every world that is told apart in the notes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.plan import Step
from reconciler.core.principals import Principal
from reconciler.facets import BY_NAME
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.providers.domo import PROVIDER
from reconciler.providers.domo.binding import binding
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.session import Session
from reconciler.providers.http import Client
from reconciler.sandbox import World, documents_seed
from tests.providers.connected import CLIENTS, COVID, ROLES, Bench, Start, ref
from tests.providers.samples import DESIRED, OWN, WORLDS
from tests.providers.wired import TARGET


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("facet", DESIRED)
def test_what_is_written_is_read_back_and_not_written_again(start: Start, world: str, facet: str) -> None:
    """One step reaches the desired state; the same step on that state sends nothing."""
    bench = start(World.parse(world))
    own = [grant for grant in bench.elements(COVID, facet) if grant == OWN]
    for desired in DESIRED[facet]:
        bench.write(COVID, facet, *own, *desired)
        live = bench.elements(COVID, facet)
        assert set(live) == {*own, *desired}
        assert facet != "schema" or live == desired
        assert bench.write(COVID, facet, *live) == []


def test_what_it_cannot_do_is_said_for_every_facet() -> None:
    """Bound, or refused in a sentence."""
    can = PROVIDER.capabilities
    assert can.facets | set(can.refusals) == set(BY_NAME)
    assert not can.facets & set(can.refusals)
    assert all(callable(binding(facet).read) and callable(binding(facet).write) for facet in can.facets)


def test_tags_that_only_go_are_deleted_where_post_adds(bench: Bench) -> None:
    """Document 002: POST adds, so only DELETE can remove."""
    kept = [tag for tag in bench.elements(COVID, "tags") if tag.key != "covid-19"]
    assert bench.write(COVID, "tags", *kept) == [("DELETE", "/tags")]


def test_tags_are_posted_whole_where_post_replaces(start: Start) -> None:
    """Notes 1.7: POST is the complete new set."""
    bench = start(World.parse("observed"))
    assert bench.write(COVID, "tags", Tag("b"), Tag("a")) == [("POST", "/tags")]
    assert next(r.body for r in bench.sandbox.requests if r.method == "POST") == '["a","b"]'


def test_grants_go_out_in_one_request_and_mail_nobody(bench: Bench) -> None:
    """Whatever is added or has another level is shared at once; each that goes is revoked by type and id."""
    owner = [grant for grant in bench.elements(CLIENTS, "permissions") if getattr(grant, "access", "") == "OWNER"]
    wanted = [Grant(Principal("group", "55"), "CAN_EDIT"), Grant(Principal("user", "902"), "CAN_VIEW")]
    writes = bench.write(CLIENTS, "permissions", *owner, *wanted)
    assert [path for method, path in writes if method == "POST"] == ["/share"]
    assert {method for method, _ in writes} == {"POST", "DELETE"}
    assert '"sendEmail":false' in next(r.body for r in bench.sandbox.requests if r.method == "POST")


def test_a_revoked_grant_that_is_already_gone_is_no_failure(bench: Bench) -> None:
    """Some servers answer 404 to revoking what is not there."""
    found = bench.read(COVID, "permissions").facets["permissions"]
    gone = tuple(Drop(grant) for grant in found.elements if grant != OWN)
    step = Step(ref(COVID).address.of("permissions"), "revoke", gone, (OWN,))
    bench.session.write(ref(COVID), step, found)
    bench.session.write(ref(COVID), step, found)
    assert bench.elements(COVID, "permissions") == (OWN,)


def test_a_schedule_that_the_server_would_not_take_back_is_mended_on_the_way(bench: Bench) -> None:
    """Notes 2: it falls over an empty dayOfMonth beside a dayOfWeek, even when only the retries are to change."""
    stream = next(each for each in documents_seed()["domo"]["streams"] if each["dataSource"]["id"] == COVID)
    told = {"type": "ADVANCED", "dayOfMonth": [], "dayOfWeek": [1], "time": "06:29 AM", "timezone": "UTC"}
    stream |= {"advancedScheduleJson": json.dumps(told), "scheduleState": "ACTIVE"}
    bench.sandbox.seed({"domo": {"streams": [stream]}})
    (live,) = bench.elements(COVID, "schedule")
    assert isinstance(live, Schedule)
    bench.write(COVID, "schedule", replace(live, retry_count=3, retry_every="15 minutes"))
    assert bench.elements(COVID, "schedule") == (replace(live, retry_count=3, retry_every="15 minutes"),)


def test_a_version_that_is_already_gone_does_not_keep_the_others(start: Start) -> None:
    """Some servers refuse the whole request when one version of it is not there."""
    bench = start(World(missing_version="refused"))
    found = bench.read(CLIENTS, "retention").facets["retention"]
    bench.write(CLIENTS, "retention", *found.elements[1:])
    step = Step(ref(CLIENTS).address.of("retention"), "prune", tuple(map(Drop, found.elements)), ())
    bench.session.write(ref(CLIENTS), step, found)
    bench.session.write(ref(CLIENTS), step, found)
    assert bench.elements(CLIENTS, "retention") == ()


def test_a_new_dataset_has_its_columns_and_its_creator(bench: Bench) -> None:
    """Document 002, Create Dataset Copy."""
    columns = (Column("a", "LONG"), Column("b", "STRING"))
    step = Step(ref(ROLES).address.of("schema"), "create", tuple(map(Add, columns)), columns)
    created = bench.session.create(step)
    assert bench.elements(created, "schema") == columns
    assert bench.elements(created, "owner") == (Owner(Principal("user", "901")),)
    assert bench.elements(created, "permissions") == (Grant(Principal("user", "901"), "OWNER"),)


def rewriting(latest: Any, sent: list[Any]) -> Session:
    """A session with a server that has this schema and notes what is posted."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(json.loads(request.content))
            return httpx.Response(200, json={"schemaId": 2})
        return httpx.Response(200, json=latest)

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    return Session(DomoClient(http), TARGET.directory, {})


def test_hidden_columns_are_no_elements_and_keep_their_places() -> None:
    """A write that leaves them out would drop them; uploads have no header, so places matter."""
    shown = [{"name": name, "id": f"id-{name}", "type": "LONG", "visible": name != "h", "x": 1} for name in "ahb"]
    sent: list[Any] = []
    live = rewriting({"schema": {"columns": shown, "objects": [5]}}, sent)
    found = live.read(ref(COVID), frozenset({"schema"})).facets["schema"]
    assert found.elements == (Column("a", "LONG"), Column("b", "LONG"))
    assert found.taken == {"h"}
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
        }
    ]


@pytest.mark.parametrize(
    "rest",
    [{}, {"objects": [{"o": 1}], "views": [{"name": "v"}]}, {"upsertKeys": ["a"], "views": None, "unknown": {"a": 1}}],
    ids=json.dumps,
)
def test_a_schema_is_given_back_with_all_that_is_no_column(rest: dict[str, Any]) -> None:
    """What is left out is lost, and what was not there is not made up (notes 1.10)."""
    sent: list[Any] = []
    column = {"name": "a", "id": "a", "type": "LONG", "visible": True, "upsertKey": True}
    live = rewriting({"schema": {**rest, "columns": [column]}}, sent)
    found = live.read(ref(COVID), frozenset({"schema"})).facets["schema"]
    columns = (Column("a", "LONG"), Column("b", "LONG"))
    live.write(ref(COVID), Step(ref(COVID).address.of("schema"), "alter", (Add(columns[1]),), columns), found)
    added = {"name": "b", "id": "b", "type": "LONG", "visible": True, "order": 0}
    assert sent == [{**rest, "columns": [{**column, "order": 0}, added]}]


@pytest.mark.parametrize("world", ["documented", "observed"])
def test_objects_and_views_outlive_an_alteration(start: Start, world: str) -> None:
    """Whether the server tells of them or not."""
    bench = start(World.parse(world))
    rest = {"objects": [{"o": 1}], "views": [{"name": "v", "sql": "x"}]}
    column = {"name": "a", "id": "a", "type": "LONG", "visible": True}
    bench.sandbox.seed({"domo": {"datasets": [{"id": "views", "name": "v", "schema": {**rest, "columns": [column]}}]}})
    bench.write("views", "schema", Column("a", "LONG"), Column("b", "LONG"))
    (body,) = [json.loads(each.body) for each in bench.sandbox.requests if each.path.endswith("/schemas")]
    assert set(body) == {"columns", *(rest if world == "observed" else ())}
    held = bench.sandbox.snapshot()["domo"]["dataset"]["views"]["schema"]
    assert {name: held[name] for name in rest} == rest
