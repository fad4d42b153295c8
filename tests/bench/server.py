"""A vendor that answers every request after the same time: bare asyncio, so that it is never what is measured.

`python -m tests.bench.server MILLISECONDS` prints its port, then serves until it is ended; `GET /starts` tells when
each request came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

OWNER = {"id": "900", "type": "USER", "name": "bot"}


class Vendor(asyncio.Protocol):
    """One connection: requests with or without a body, answers in JSON."""

    starts: list[float] = []  # noqa: RUF012 - one list for all connections is the point
    delay = 0.0

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
            loop = asyncio.get_running_loop()
            if path == "/starts":
                self._answer(self.starts)
            else:
                self.starts.append(time.monotonic())
                loop.call_later(self.delay, self._answer, answer(method, path, body))

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head + body)


TAGS: dict[str, list[str]] = {}


def answer(method: str, path: str, body: bytes) -> object:
    """What a Domo instance would say of any dataset: owned by the bot, tagged gold and daily until told otherwise."""
    parts = path.partition("?")[0].split("/")
    identifier = parts[-2] if parts[-1] == "tags" else parts[-1]
    tags = TAGS.get(identifier, ["gold", "daily"])
    if method != "GET":
        given = json.loads(body)
        tags = sorted({*tags, *given}) if method == "POST" else [tag for tag in tags if tag not in given]
        TAGS[identifier] = tags
    if parts[-1] == "tags":
        return tags
    return {"id": identifier, "name": identifier, "owner": OWNER, "type": "api", "tags": json.dumps(tags)}


async def serve(milliseconds: float) -> None:
    """Serve on a port of the system's choice."""
    Vendor.delay = milliseconds / 1000
    server = await asyncio.get_running_loop().create_server(Vendor, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
