"""A vendor that answers every request after the same time: bare asyncio, so that it is never what is measured.

`python -m tests.bench.server MILLISECONDS [bulk]` prints its port, then serves until it is ended; with `bulk` it reads
up to 100 datasets at once. `GET /log` tells when each request came, what it was, and how it was answered.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

OWNER = {"id": "900", "type": "USER", "name": "bot"}
BULK = "/api/data/v3/datasources/bulk"
TAGS: dict[str, list[str]] = {}
"""The tags of the datasets that have been written to; the others are gold and daily."""


class Vendor(asyncio.Protocol):
    """One connection: requests with or without a body, answers in JSON."""

    log: list[tuple[float, str, str, int]] = []  # noqa: RUF012 - one list for all connections is the point
    delay = 0.0
    bulk = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            head = self._rest[:end].decode("latin-1")
            length = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
            )
            if len(self._rest) < end + 4 + length:
                return
            body, self._rest = self._rest[end + 4 : end + 4 + length], self._rest[end + 4 + length :]
            method, path, _ = head.split(" ", 2)
            if path == "/log":
                self._answer(200, self.log)
                continue
            status, value = answer(method, path.partition("?")[0], body, bulk=self.bulk)
            self.log.append((time.monotonic(), method, path, status))
            asyncio.get_running_loop().call_later(self.delay, self._answer, status, value)

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head + body)


def answer(method: str, path: str, body: bytes, *, bulk: bool) -> tuple[int, object]:
    """What a Domo instance would say of any dataset: owned by the bot, tagged gold and daily until told otherwise."""
    if path == BULK:
        found = {"dataSources": [metadata(each) for each in json.loads(body)]}
        return (200, found) if bulk else (404, {"status": 404})
    parts = path.split("/")
    identifier = parts[-2] if parts[-1] == "tags" else parts[-1]
    if method != "GET":
        given, there = set(json.loads(body)), set(tags(identifier))
        TAGS[identifier] = sorted(there | given if method == "POST" else there - given)
    return 200, tags(identifier) if parts[-1] == "tags" else metadata(identifier)


def tags(identifier: str) -> list[str]:
    """The tags of a dataset."""
    return TAGS.get(identifier, ["gold", "daily"])


def metadata(identifier: str) -> dict[str, object]:
    """The metadata of a dataset."""
    return {"id": identifier, "name": identifier, "owner": OWNER, "type": "api", "tags": json.dumps(tags(identifier))}


async def serve(milliseconds: float, *, bulk: bool) -> None:
    """Serve on a port of the system's choice."""
    Vendor.delay, Vendor.bulk = milliseconds / 1000, bulk
    server = await asyncio.get_running_loop().create_server(Vendor, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), bulk="bulk" in sys.argv))
