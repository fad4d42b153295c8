"""Every endpoint has a function, every function speaks to its endpoint, and the page of them is as the code is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.providers.domo.client import READING_POSTS, endpoints_of
from reconciler.providers.domo.client.everything import Everything
from reconciler.providers.domo.client.indexes import IndexRequest
from reconciler.providers.http import Client
from reconciler.sandbox import OBSERVED, World
from reconciler.sandbox.domo.routes import ROUTES
from tests.providers.connected import CANARY, CLIENTS, COVID, ROLES, Start
from tests.providers.endpoints import TABLE, text
from tests.providers.wired import TARGET

FUNCTIONS = endpoints_of(Everything)
ID = re.compile(r"\{\w*\}")
DAILY = "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"
ACTIVITY = "61c4e63d-0627-41f7-b138-74968ebd7634"


def places(path: str) -> str:
    return ID.sub("{}", path).removesuffix("/")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_endpoint_of_documents_and_notes_has_a_function(route: Any) -> None:
    """The sandbox has them all; nothing deletes a dataset."""
    mine = [
        each for each, _ in FUNCTIONS.values() if (each.method, places(each.path)) == (route.method, places(route.path))
    ]
    if (route.method, route.path) == ("DELETE", "/api/data/v3/datasources/{id}"):
        assert mine == []
        return
    lean, live = route.when(World()), route.when(OBSERVED)
    reading = "both" if lean and live else "documented" if lean else "observed"
    assert reading in {each.reading for each in mine}


def test_the_page_of_endpoints_is_as_the_code_is() -> None:
    """Written by `python -m tests.providers.endpoints`."""
    assert TABLE.read_text("utf-8") == text()


def test_a_reader_may_only_post_what_reads() -> None:
    """The gate lets exactly these through, but for those that governance has no use for."""
    reads = {name for name, (each, _) in FUNCTIONS.items() if each.method == "POST" and each.reads}
    assert reads == {
        *("bulk_check", "bulk_tag_check", "metadata_of", "owned_by", "page_of_partitions", "permissions_of"),
        *("query", "search", "search_users", "versions_in_magic"),
    }
    barred = {FUNCTIONS[name][0].pattern for name in ("query", "search_users", "versions_in_magic")}
    assert set(READING_POSTS) == {FUNCTIONS[name][0].pattern for name in reads} - barred


def key(request: IndexRequest | None) -> str:
    assert request is not None
    return request.request_key


def made(api: Everything) -> str:
    answer: Any = api.create("new", [{"name": "a", "type": "LONG"}]).value
    return str(answer["dataSource"]["dataSourceId"])


ENTRY = {"id": "902", "type": "USER", "accessLevel": "CAN_EDIT"}
USED: dict[str, Callable[[Everything], object]] = {
    "abort": lambda api: api.abort("371", "34320", "enough"),
    "alter_schema": lambda api: api.alter_schema(ROLES, {"columns": [{"name": "a", "type": "LONG"}]}),
    "append_rows": lambda api: api.append_rows(ROLES, [{"Role": "x"}]),
    "append_values": lambda api: api.append_values(ROLES, "x;y", ";"),
    "bulk_add_tags": lambda api: api.bulk_add_tags([ROLES], ["a"]),
    "bulk_check": lambda api: api.bulk_check("share", [ROLES]),
    "bulk_delete_tags": lambda api: api.bulk_delete_tags(ROLES, ["a"]),
    "bulk_reassign": lambda api: api.bulk_reassign([ROLES], "GROUP", "55"),
    "bulk_share": lambda api: api.bulk_share([ROLES], [ENTRY]),
    "bulk_tag_check": lambda api: api.bulk_tag_check("delete", [ROLES]),
    "cards": lambda api: api.cards(ACTIVITY)[0].owners[0].display_name,
    "changes": lambda api: (api.post_tags(ROLES, ["a"]), api.changes(ROLES)[0].user),
    "commit": lambda api: api.commit(ROLES, api.open_upload(ROLES).upload_id, "APPEND", index=True, partition="p"),
    "copy_log": lambda api: api.copy_log(made(api)),
    "copy_status": lambda api: api.copy_status(made(api)).status,
    "create": made,
    "data": lambda api: api.data(DAILY).columns,
    "dataflow": lambda api: api.dataflow(ROLES),
    "delete_partition": lambda api: api.delete_partition(DAILY, api.page_of_partitions(DAILY, 0, 9)[0].partition_id),
    "delete_partition_data": lambda api: api.delete_partition_data(
        DAILY, api.page_of_partitions(DAILY, 0, 9)[0].partition_id
    ),
    "delete_tags": lambda api: api.delete_tags(COVID, ["covid-19"]),
    "delete_versions": lambda api: api.delete_versions(CLIENTS, ["3"], index=False),
    "details": lambda api: api.details(ROLES)["id"],
    "execute": lambda api: api.execute("371"),
    "executions": lambda api: api.executions("371", 0, 10)[0].current_state,
    "group": lambda api: api.group("55").name,
    "groups_of": lambda api: api.groups_of("966365811")[0].id,
    "index": lambda api: key(api.index(ROLES)),
    "index_all": lambda api: api.index_all(ROLES),
    "index_status": lambda api: api.index_status(ROLES, key(api.index(ROLES))).progress.status,
    "indexed_schema": lambda api: api.indexed_schema(ROLES),
    "latest_schema": lambda api: api.latest_schema(ROLES),
    "me": lambda api: api.me().id,
    "metadata": lambda api: api.metadata(ROLES, ["core", "permission"]).id,
    "metadata_of": lambda api: [each.id for each in api.metadata_of([ROLES, "gone", COVID])],
    "open_partition_upload": lambda api: api.open_partition_upload(ROLES, "p").upload_id,
    "open_upload": lambda api: api.open_upload(ROLES).upload_id,
    "own_right": lambda api: api.own_right(ROLES),
    "owned_by": lambda api: api.owned_by("USER", "403368057"),
    "owner": lambda api: api.owner(ROLES).id,
    "page_of_audits": lambda api: (api.post_tags(ROLES, ["a"]), api.page_of_audits(0, 10**14, 0, 10)[0].user_id),
    "page_of_datasets": lambda api: api.page_of_datasets("", 0),
    "page_of_groups": lambda api: api.page_of_groups("e", 0, 10)[0].id,
    "page_of_partitions": lambda api: api.page_of_partitions(DAILY, 0, 10)[0].row_count,
    "page_of_permissions": lambda api: api.page_of_permissions(0, 10)[0].data_source_id,
    "page_of_streams": lambda api: api.page_of_streams(0, 10)[0]["id"],
    "page_of_users": lambda api: api.page_of_users(0, 10)[0].email_address,
    "page_of_users_v2": lambda api: api.page_of_users_v2(0, 10)[0].active,
    "partition_tags": lambda api: api.partition_tags(DAILY)[0].date_completed,
    "permissions": lambda api: api.permissions(ROLES).entries[0].access_level,
    "permissions_of": lambda api: api.permissions_of([ROLES])[0].data_source_id,
    "post_schedule_state": lambda api: api.post_schedule_state("371", "MANUAL"),
    "post_schedule_states": lambda api: api.post_schedule_states("deactivate", ["371"]),
    "post_stream": lambda api: api.post_stream(
        {name: value for name, value in api.stream("371").items() if name != "id"}
    ),
    "post_tags": lambda api: api.post_tags(ROLES, ["a"]),
    "put_data": lambda api: api.put_data(ROLES, [{"Role": "x"}]),
    "put_index": lambda api: api.put_index(ROLES, key(api.index(ROLES))),
    "put_owned_by": lambda api: api.put_owned_by("USER", "902", [ROLES]),
    "put_owner": lambda api: api.put_owner(ROLES, "USER", "902"),
    "put_part": lambda api: api.put_part(ROLES, api.open_upload(ROLES).upload_id, 1, "x,y\nä,1"),
    "put_permission": lambda api: api.put_permission(ROLES, ENTRY),
    "put_permissions": lambda api: api.put_permissions(ROLES, [ENTRY]),
    "put_properties": lambda api: api.put_properties(ROLES, {"dataProviderType": "new_type"}),
    "put_provider": lambda api: api.put_provider(ROLES, "new_type"),
    "put_query_text": lambda api: api.put_query_text(ROLES, "SELECT 1"),
    "put_responsible": lambda api: api.put_responsible(ROLES, "GROUP", "55"),
    "put_responsible_for": lambda api: api.put_responsible_for("902", [ROLES, COVID]),
    "put_schedule": lambda api: api.put_schedule("371", {"type": "MANUAL"}),
    "put_sql_text": lambda api: api.put_sql_text(ROLES, "SELECT 1"),
    "put_stream": lambda api: api.put_stream("371", api.stream("371")),
    "query": lambda api: api.query(DAILY, "SELECT * FROM table"),
    "query_text": lambda api: (api.put_query_text(ROLES, "SELECT 2"), api.query_text(ROLES)),
    "remove_user": lambda api: (api.share(ROLES, [ENTRY]), api.remove_user(ROLES, "902")),
    "remove_users": lambda api: api.remove_users(ROLES, ["902"]),
    "revoke": lambda api: (api.share(ROLES, [ENTRY]), api.revoke(ROLES, "USER", "902")),
    "runs": lambda api: api.runs("371", 10)[0].current_state,
    "search": lambda api: api.search([], 0, 10),
    "search_users": lambda api: api.search_users("scott", 0, 10).users[0].display_name,
    "share": lambda api: api.share(ROLES, [ENTRY]),
    "sql_text": lambda api: (api.put_sql_text(ROLES, "SELECT 2"), api.sql_text(ROLES)),
    "stream": lambda api: api.stream("371")["id"],
    "stream_of": lambda api: api.stream_of(COVID),
    "streams_by_id": lambda api: api.streams_by_id(["371", "27286"])[1]["id"],
    "streams_of": lambda api: api.streams_of(COVID)[0]["id"],
    "tags": lambda api: api.tags(COVID),
    "user": lambda api: api.user("902").id,
    "user_v3": lambda api: api.user_v3("902").id,
    "version_details": lambda api: api.version_details(CLIENTS)[0].id,
    "versions": lambda api: api.versions(CLIENTS)[0].id,
    "versions_in_magic": lambda api: api.versions_in_magic(CLIENTS),
}
REFUSED = {"dataflow": "404", "abort": "409"}
"""The documents' own datasets have no dataflow, and every run in them has ended."""


def test_every_function_is_used() -> None:
    """The table below leaves none out."""
    assert set(USED) == set(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(USED))
def test_a_function_reaches_its_endpoint_and_understands_the_answer(start: Start, name: str) -> None:
    """In a world that has them all; PUT of permissions takes one entry or a list, as the function does."""
    put = "single" if name == "put_permission" else "replaces"
    bench = start(World.parse(f"documented,endpoints=both,permissions_put={put}"))
    target = type(TARGET)("acme", "domo", bench.url, CANARY, requests_per_second=10_000)
    http = Client(target, "write", header="X-DOMO-Developer-Token")
    endpoint = FUNCTIONS[name][0]
    if name in REFUSED:
        with pytest.raises(Exception, match=REFUSED[name]):
            USED[name](Everything(http))
    else:
        assert USED[name](Everything(http)) not in ("", ())
    http.close()
    last = bench.sandbox.requests[-1]
    assert last.method == endpoint.method
    assert re.fullmatch(endpoint.pattern, last.path), last.path
