"""domolibrary, which speaks with live instances, gets along with the sandbox in both of its worlds.

`python -m tests.independent domo` runs it. It builds its URLs itself; a transport leads them to the sandbox. It knows
neither owners, nor revoking, nor data versions (notes 5.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import httpx
import pytest

from reconciler.sandbox import DOCUMENTED, OBSERVED, Sandbox, World, documents_seed

auths: Any = import_module("domolibrary.client.DomoAuth")
datasets: Any = import_module("domolibrary.routes.dataset")
streams: Any = import_module("domolibrary.routes.stream")

ADMIN = "admin-token"
COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
DAILY = "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"
Use = Callable[[Any, httpx.AsyncClient], Awaitable[Any]]
WORLDS = pytest.mark.parametrize("world", [DOCUMENTED, OBSERVED], ids=["documented", "observed"])


class ToSandbox(httpx.AsyncHTTPTransport):
    """Sends what is meant for acme.domo.com to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = httpx.URL(url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host=self._url.host, port=self._url.port)
        return await super().handle_async_request(request)


def used(world: World, use: Use, *, token: str = ADMIN) -> tuple[Any, Sandbox]:
    """What `use` returns of a sandbox, and the sandbox afterwards."""
    sandbox = Sandbox(world=world)
    sandbox.seed(documents_seed())

    async def run(url: str) -> Any:
        auth = auths.DomoTokenAuth(domo_instance="acme", domo_access_token=token)
        async with httpx.AsyncClient(transport=ToSandbox(url)) as session:
            return await use(auth, session)

    with sandbox.serve() as server:
        return asyncio.run(run(server.url)), sandbox


@WORLDS
def test_metadata(world: World) -> None:
    """Name and owner of a dataset."""
    answer, _ = used(
        world, lambda auth, session: datasets.get_dataset_by_id(dataset_id=COVID, auth=auth, session=session)
    )
    assert answer.response["id"] == COVID
    assert answer.response["owner"]["id"] == "1345408759"


@WORLDS
def test_a_dataset_that_is_not_there(world: World) -> None:
    """404 becomes its DatasetNotFoundError."""
    with pytest.raises(datasets.DatasetNotFoundError):
        used(world, lambda auth, session: datasets.get_dataset_by_id(dataset_id="gone", auth=auth, session=session))


@WORLDS
def test_tags(world: World) -> None:
    """What it calls set, live instances replace, and the documents add."""
    _, sandbox = used(
        world,
        lambda auth, session: datasets.set_dataset_tags(
            auth=auth, tag_ls=["x", "y"], dataset_id=COVID, session=session
        ),
    )
    tags = sandbox.snapshot()["domo"]["dataset"][COVID]["tags"]
    assert {"x", "y"} <= set(tags)
    assert (len(tags) == 2) == (world.tags_post == "replaces")


@WORLDS
def test_permissions(world: World) -> None:
    """Read, and shared."""
    payload = datasets.generate_share_dataset_payload("USER", "902", datasets.ShareDataset_AccessLevelEnum.CAN_EDIT)

    async def use(auth: Any, session: httpx.AsyncClient) -> Any:
        await datasets.share_dataset(auth=auth, dataset_id=ROLES, session=session, body=payload)
        return await datasets.get_permissions(auth=auth, dataset_id=ROLES, session=session)

    answer, _ = used(world, use)
    assert {"id": "902", "type": "USER", "accessLevel": "CAN_EDIT", "name": "Sandbox Viewer"} in answer.response["list"]


@WORLDS
def test_schemas(world: World) -> None:
    """Altered, and read once it is indexed."""
    columns = {"columns": [{"name": "c", "type": "STRING"}]}

    async def use(auth: Any, session: httpx.AsyncClient) -> Any:
        await datasets.alter_schema(auth=auth, dataset_id=ROLES, schema_obj=columns, session=session)
        await datasets.index_dataset(auth=auth, dataset_id=ROLES, session=session)
        return await datasets.get_schema(auth=auth, dataset_id=ROLES, session=session)

    answer, _ = used(world, use)
    assert [column["name"] for column in answer.response["tables"][0]["columns"]] == ["c"]


@WORLDS
def test_streams(world: World) -> None:
    """Read, changed and run; the documents' PUT takes the whole stream, as live instances' clients send it."""

    async def use(auth: Any, session: httpx.AsyncClient) -> Any:
        stream = (await streams.get_stream_by_id(auth=auth, stream_id=371, session=session)).response
        body = {**stream, "scheduleState": "MANUAL", "advancedScheduleJson": '{"type":"MANUAL","timezone":"UTC"}'}
        await streams.update_stream(auth=auth, stream_id=371, body=body, session=session)
        await streams.execute_stream(auth=auth, stream_id=371, session=session)
        return stream

    stream, sandbox = used(world, use)
    assert stream["scheduleState"] == "ACTIVE"
    kept = sandbox.snapshot()["domo"]["stream"]["371"]
    assert kept["scheduleState"] == "MANUAL"
    assert kept["lastExecution"]["executionId"] == 34321


@WORLDS
def test_uploads(world: World) -> None:
    """Its three stages make a data version."""

    async def use(auth: Any, session: httpx.AsyncClient) -> Any:
        opened = await datasets.upload_dataset_stage_1(auth=auth, dataset_id=ROLES, session=session, return_raw=True)
        number = opened.response["uploadId"]
        await datasets.upload_dataset_stage_2_file(
            auth=auth, dataset_id=ROLES, upload_id=number, data_file="x,y\n", session=session
        )
        return await datasets.upload_dataset_stage_3(
            auth=auth, dataset_id=ROLES, upload_id=number, update_method="APPEND", session=session
        )

    _, sandbox = used(world, use)
    assert [version["numRows"] for version in sandbox.snapshot()["domo"]["dataset"][ROLES]["versions"]] == [1]


@WORLDS
def test_partitions(world: World) -> None:
    """Listed by pages."""
    answer, _ = used(
        world, lambda auth, session: datasets.list_partitions(auth=auth, dataset_id=DAILY, session=session)
    )
    assert {"partitionId", "dataId", "rowCount", "dateCompleted"} <= set(answer.response[0])


def test_a_wrong_token() -> None:
    """A refusal is its error, and nothing is read."""
    with pytest.raises(datasets.Dataset_GetError):
        used(
            DOCUMENTED,
            lambda auth, session: datasets.get_permissions(auth=auth, dataset_id=ROLES, session=session),
            token="wrong",
        )
