"""Every documented endpoint is there, under its documented path, and no body makes the sandbox fall over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import OBSERVED, World, documents_seed
from reconciler.sandbox.domo.routes import ROUTES
from tests.sandbox.served import CLIENTS

if TYPE_CHECKING:
    from tests.sandbox.served import Serve

SEED = documents_seed()

# Method and path as documents 000, 002 and 003 print them, with one spelling for parameters.
DOCUMENTED = """
GET /api/data/v2/datasources/{}/dataversions
DELETE /api/data/v2/datasources/{}/dataversions
POST /api/query/v1/execute/{}
GET /api/data/v3/datasources/{}/permissions
DELETE /api/data/v3/datasources/{}/permissions/{}/{}
GET /api/data/v3/datasources/{}
POST /api/data/v3/datasources/{}/uploads
POST /api/data/v1/streams
GET /api/data/v1/streams/{}
PUT /api/data/v1/streams/{}
GET /api/data/v1/streams/{}/history/aggregate
POST /api/data/v1/streams/{}/executions
POST /api/data/ui/v3/datasources/{}/tags
POST /api/data/v3/datasources/{}/share
DELETE /api/data/v3/datasources/{}/USERS/{}
DELETE /api/data/v3/datasources/{}/users
PUT /api/data/v3/datasources/{}/uploads/{}/parts/{}
PUT /api/data/v3/datasources/{}/uploads/{}/commit
GET /api/data/v3/datasources/{}/dataversions/details
GET /api/query/v1/datasources/{}/partition
POST /api/query/v1/datasources/{}/partition/list
POST /api/dataprocessing/v2/dataflows/data-version-hydrate
DELETE /api/query/v1/datasources/{}/tag/{}/data
DELETE /api/query/v1/datasources/{}/partition/{}
POST /api/data/v3/datasources/{}/indexes
POST /api/data/v2/datasources
GET /api/query/v1/datasources/{}/schema/indexed
POST /api/data/v2/datasources/{}/schemas
GET /api/content/v1/datasources/{}/cards
PUT /api/data/v3/datasources/{}/indexes/{}
GET /api/data/v3/datasources/{}/indexes/{}/statuses
PUT /api/data/v3/datasources/{}/properties
GET /api/data/v2/datasources/{}/copy/status
GET /api/data/v2/datasources/{}/copy/log
GET /api/data/v2/datasources/{}
GET /api/data/v2/datasources/{}/history
GET /api/data/ui/v3/datasources/{}/tags
DELETE /api/data/ui/v3/datasources/{}/tags
PUT /api/data/v3/datasources/{}/permissions
GET /api/data/v3/datasources/{}/owner
PUT /api/data/v3/datasources/{}/owner
GET /api/data/v2/datasources/{}/data
PUT /api/data/v2/datasources/{}/data
GET /api/data/v2/datasources/{}/query
PUT /api/data/v2/datasources/{}/query
GET /api/data/v2/datasources/{}/sql
PUT /api/data/v2/datasources/{}/sql
GET /api/data/v2/datasources/{}/dataflow
POST /api/query/v1/datasources/{}
"""


def test_the_documented_world_has_exactly_the_documents_endpoints() -> None:
    served = {f"{route.method} {re.sub('{[^}]*}', '{}', route.path)}" for route in ROUTES if route.when(World())}
    assert served == set(DOCUMENTED.split("\n")) - {""}


def test_the_observed_world_lacks_what_only_the_documents_have() -> None:
    """Notes 0."""
    lacking = {
        re.sub("{[^}]*}", "{}", route.path) for route in ROUTES if route.when(World()) and not route.when(OBSERVED)
    }
    assert lacking == {
        "/api/data/ui/v3/datasources/{}/tags",
        "/api/data/v3/datasources/{}/owner",
        "/api/data/v3/datasources/{}/USERS/{}",
        "/api/data/v3/datasources/{}/users",
        "/api/data/v3/datasources/{}/indexes/{}",
        "/api/query/v1/datasources/{}",
        "/api/data/v2/datasources/{}/copy/status",
        "/api/data/v2/datasources/{}/copy/log",
        "/api/data/v2/datasources/{}/history",
        "/api/data/v2/datasources/{}/dataflow",
        "/api/data/v2/datasources/{}/data",
        "/api/data/v2/datasources/{}/query",
        "/api/data/v2/datasources/{}/sql",
    }


WORDS = [
    "permissions",
    "sendEmail",
    "id",
    "type",
    "accessLevel",
    "owner",
    "columns",
    "schema",
    "userDefinedType",
    "dataSourceName",
    "transport",
    "configuration",
    "account",
    "updateMethod",
    "dataProvider",
    "dataSource",
    "advancedScheduleJson",
    "action",
    "index",
    "dataIds",
    "data",
    "values",
    "sql",
    "query",
    "limit",
    "offset",
    "paginationFields",
    "bulkItems",
    "dataSourceShareEntity",
    "tags",
    "ids",
    "userId",
    "responsibleUserId",
    "body",
    "filters",
    "delimiter",
    "scheduleState",
    "restateDataTag",
    "count",
    "dataSourceDescription",
    "entityIdentifier",
    "dataSourceIds",
]

ODD: list[Any] = [
    None,
    0,
    -1,
    True,
    1.5,
    "",
    "x",
    [],
    ["x"],
    [None],
    [[]],
    {},
    [{}],
    {"id": []},
    [{"id": 1, "type": []}],
]


@pytest.mark.parametrize("world", ["endpoints=both", "endpoints=both,permissions_put=single,stream_put=merges"])
def test_no_body_makes_the_sandbox_fall_over(serve: Serve, world: str) -> None:
    """Whatever is sent, an answer comes back, and it is not the server's fault."""
    domo = serve(World.parse(world))
    bodies: list[Any] = [*ODD, *(dict.fromkeys(WORDS, value) for value in ODD)]
    wrong = []
    for route in ROUTES:
        if route.method == "GET":
            continue
        key = "371" if "/streams" in route.path else CLIENTS
        path = re.sub("{[^}]*}", "1", route.path.replace("{id}", key))
        for body in bodies:
            answer = domo.request(route.method, path, json=body)
            if answer.status_code >= 500:
                wrong.append((route.method, path, body))
            domo.sandbox.clear_requests()
            if answer.status_code < 300:
                domo.sandbox.seed(SEED)
    assert wrong == []


@pytest.mark.parametrize("query", ["limit=x", "limit=-1", "offset=-1", "index=perhaps", "part=x", "orderBy=x", "q=x"])
def test_no_query_makes_the_sandbox_fall_over(serve: Serve, query: str) -> None:
    domo = serve(World(endpoints="both"))
    for route in ROUTES:
        if route.method == "GET":
            key = "371" if "/streams" in route.path else CLIENTS
            assert domo.get(re.sub("{[^}]*}", "1", route.path.replace("{id}", key)) + "?" + query).status_code < 500
