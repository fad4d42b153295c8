"""The wire: routing on raw paths, keep-alive, many connections, state that survives."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx

from reconciler.sandbox import Sandbox, documents_seed
from tests.sandbox.served import CLIENTS, ROLES, connect, error

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.served import Client

METADATA = f"/api/data/v3/datasources/{CLIENTS}"
TAGS = f"/api/data/ui/v3/datasources/{ROLES}/tags"


def test_unknown_paths_are_404_and_unknown_methods_405(domo: Client) -> None:
    """Both in the vendor's words."""
    assert domo.get("/api/nothing").json() == error(404, "Not Found", "/api/nothing", 1)
    assert domo.patch(METADATA).json() == error(405, "Request method 'PATCH' not supported", METADATA, 2)
    assert domo.get("/elsewhere").status_code == 404


def test_an_id_may_contain_a_slash(domo: Client) -> None:
    """Segments are decoded after matching."""
    bot = {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"}
    domo.sandbox.seed({"domo": {"datasets": [{"id": "a/b %ü", "name": "odd", "permissions": [bot]}]}})
    path = f"/api/data/v3/datasources/{quote('a/b %ü', safe='')}"
    assert domo.get(path).json()["id"] == "a/b %ü"
    assert domo.get("/api/data/v3/datasources/a/b").status_code == 404


def test_a_connection_is_kept(domo: Client) -> None:
    """HTTP/1.1 keep-alive: many requests, one socket, no delay."""
    address = urlsplit(str(domo.base_url))
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    sockets = set()
    for _ in range(20):
        connection.request("GET", METADATA, headers={"X-DOMO-Developer-Token": "sandbox-token"})
        assert json.loads(connection.getresponse().read())["id"] == CLIENTS
        sockets.add(connection.sock.getsockname() if connection.sock else None)
    connection.close()
    assert len(sockets) == 1


def test_a_body_may_come_in_chunks(domo: Client) -> None:
    """Transfer-Encoding: chunked."""
    parts = iter([b'["a', b'b"]'])
    assert domo.post(TAGS, content=parts, headers={"Content-Type": "application/json"}).status_code == 200
    assert domo.get(TAGS).json() == {"tags": ["ab"]}


def test_a_hundred_connections_at_once_lose_nothing(domo: Client) -> None:
    """Each adds its own tag over its own connection; all are there."""
    address = urlsplit(str(domo.base_url))
    gate = threading.Barrier(100)

    def add(number: int) -> int:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
        gate.wait()
        headers = {"X-DOMO-Developer-Token": "sandbox-token", "Content-Type": "application/json"}
        connection.request("POST", TAGS, json.dumps([f"tag {number}"]), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(100) as pool:
        assert set(pool.map(add, range(100))) == {200}
    assert set(domo.get(TAGS).json()["tags"]) == {f"tag {number}" for number in range(100)}
    assert len(domo.sandbox.requests) == 101


def test_a_file_keeps_the_state_over_a_restart(tmp_path: Path) -> None:
    """Spelling of numbers included; the log of requests too."""
    first = Sandbox(tmp_path / "sandbox.db")
    first.seed(documents_seed())
    with first.serve() as server:
        connect(first, server.url, "sandbox-token").post(TAGS, json=["gold"])
    before = first.snapshot()
    first.close()
    second = Sandbox(tmp_path / "sandbox.db")
    with second.serve() as server:
        client = connect(second, server.url, "sandbox-token")
        assert client.get(TAGS).json() == {"tags": ["gold"]}
        assert '"indexRequestKey":20220513224325.628' in client.get("/api/data/v1/streams/371").text
    assert second.snapshot() == before
    assert [(each.n, each.method) for each in second.requests] == [(1, "POST"), (2, "GET"), (3, "GET")]


def test_requests_are_recorded_without_tokens(domo: Client) -> None:
    """Number, method, path, query, body, status."""
    domo.get(METADATA + "?part=core")
    domo.post(TAGS, json=["gold"])
    shown = [(each.n, each.method, each.path, each.query, each.body, each.status) for each in domo.sandbox.requests]
    assert shown == [(1, "GET", METADATA, "part=core", "", 200), (2, "POST", TAGS, "", '["gold"]', 200)]
    assert "sandbox-token" not in str(domo.sandbox.requests) + str(domo.sandbox.snapshot())
    domo.sandbox.clear_requests()
    assert domo.sandbox.requests == []


def test_a_seed_merges_and_a_reset_empties(domo: Client) -> None:
    """What a seed does not name stays."""
    domo.sandbox.seed({"domo": {"users": [{"id": "1", "name": "New"}]}})
    assert {"1", "900"} < set(domo.sandbox.snapshot()["domo"]["user"])
    domo.sandbox.reset()
    assert domo.sandbox.snapshot() == {}
    assert domo.get(METADATA).status_code == 401


def test_the_answer_does_not_tell_who_gives_it(domo: Client) -> None:
    """Nothing in the headers says sandbox."""
    assert set(domo.get(METADATA).headers) == {"date", "content-type", "content-length"}


def test_hostile_bodies_are_answered(domo: Client) -> None:
    """Depth, half characters, bytes that are no text, a length that is no number."""
    kind = {"Content-Type": "application/json"}
    for content in (b"[" * 100_000, b'["\\ud800"]', b'["\xff"]', b"[" + b"1" * 5000 + b"]"):
        assert domo.post(TAGS, content=content, headers=kind).status_code == 400
    address = urlsplit(str(domo.base_url))
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    connection.request("POST", TAGS, headers={"Content-Length": "many"})
    assert connection.getresponse().status == 400
    connection.close()


def test_numbers_and_unknown_members_come_back_as_they_went(domo: Client) -> None:
    """Byte for byte, in their order."""
    sent = '{"z":1.50,"a":[1e5,-0.0,12345678901234567890,20220513224325.628],"ü":null}'
    body = '{"ours":' + sent + "}"
    domo.put(f"{METADATA}/properties", content=body.encode(), headers={"Content-Type": "application/json"})
    assert f'"properties":{body}' in domo.get(METADATA).text


def test_only_loopback_listens_and_a_closed_server_is_gone() -> None:
    """Open connections are cut, too."""
    sandbox = Sandbox()
    server = sandbox.serve()
    assert server.url.startswith("http://127.0.0.1:")
    address = urlsplit(server.url)
    with socket.create_connection(("127.0.0.1", int(address.port or 0))) as idle:
        with httpx.Client() as client:
            client.get(server.url)
        server.close()
        idle.settimeout(2)
        assert idle.recv(1) == b""
