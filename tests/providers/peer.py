"""A server on loopback that does at each connection exactly what a test says."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Step = bytes | Callable[[socket.socket], None]
"""What is sent when the next request has come; or what is done with the connection, without waiting."""
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def said(body: bytes, *headers: bytes) -> bytes:
    """An answer with `body`, whose length it tells."""
    return b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"Content-Length: %d" % len(body), b"", body])


@dataclass
class Peer:
    """What a server heard."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    """Each request, as it came."""
    connections: list[socket.socket] = field(default_factory=list)
    """Each connection that was made."""
    open: bool = True

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def peer(*scripts: tuple[Step, ...], tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Peer]:
    """Serve a connection with each script, all further ones with the last; at its end a script keeps the connection."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        made = Peer(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, made, scripts, tls))
        thread.start()
        try:
            yield made
        finally:
            made.open = False
            for connection in made.connections:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
            # Only another connection wakes who waits for one on every system.
            socket.create_connection((host, made.port)).close()
            thread.join()


def close(connection: socket.socket) -> None:
    """Close it, as a server that has said everything."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)


def reset(connection: socket.socket) -> None:
    """Break it off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection: socket.socket) -> None:
    """Say nothing until the client goes."""
    while connection.recv(65536):
        pass


def hear(connection: socket.socket) -> bytes:
    """The next request, whole; what has come of it when the client goes."""
    came = b""
    while b"\r\n\r\n" not in came:
        if not (more := connection.recv(65536)):
            return came
        came += more
    head, _, body = came.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    while len(body) < length and (more := connection.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


def _serve(
    listening: socket.socket, made: Peer, scripts: tuple[tuple[Step, ...], ...], tls: ssl.SSLContext | None
) -> None:
    threads = []
    while True:
        connection, _ = listening.accept()
        if not made.open:
            break
        script = scripts[min(len(made.connections), len(scripts) - 1)]
        made.connections.append(connection)
        threads.append(threading.Thread(target=_talk, args=(connection, made, script, tls)))
        threads[-1].start()
    connection.close()
    for thread in threads:
        thread.join()


def _talk(connection: socket.socket, made: Peer, script: tuple[Step, ...], tls: ssl.SSLContext | None) -> None:
    connection.settimeout(10)
    # A client may go at any time, and a test may have seen enough.
    with suppress(OSError):
        if tls is not None:
            plain, connection = connection, tls.wrap_socket(connection, server_side=True)
            made.connections[made.connections.index(plain)] = connection
        for step in script:
            if not isinstance(step, bytes):
                step(connection)
                continue
            if not (request := hear(connection)):
                break
            made.heard.append(request)
            connection.sendall(step)
        silent(connection)
    connection.close()
