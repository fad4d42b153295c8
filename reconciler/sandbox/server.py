"""The sandbox's HTTP/1.1 server on loopback: bytes in, `Request`; `Answer` out, bytes."""

from __future__ import annotations

import contextlib
import http.client
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from reconciler.sandbox.exchange import Answer, Request

Respond = Callable[[Request], Answer]


class Server:
    """A running sandbox: its address, and how to stop it. Stopping also cuts the connections that are open."""

    def __init__(self, respond: Respond, port: int = 0) -> None:
        self._listener = _Listener(respond, port)
        self.url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        """Itself: it listens since it was made."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    # Hundreds of clients may connect in the same instant.
    request_queue_size = 1024

    def __init__(self, respond: Respond, port: int) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._over = False
        super().__init__(("127.0.0.1", port), _Connection)

    def server_bind(self) -> None:
        """Bind without asking for the host's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        with contextlib.suppress(OSError):
            # A socket that lingers for zero seconds is about to be reset: a shutdown would say goodbye first.
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER):
                request.close()
                return
        super().shutdown_request(request)

    def server_close(self) -> None:
        self._over = True
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that hang up, and once all is over; the rest is the sandbox's mistake, and told."""
        if not self._over and not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; without this the second waits for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    server: _Listener

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing: requests are recorded, and headers hold tokens."""

    def _exchange(self) -> None:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            body = self._body()
        except ValueError:
            self._send(Answer(400, b"Bad Request", "text/plain"))
            self.close_connection = True
            return
        self._send(self.server.respond(Request(self.command, target.path, target.query, headers, body)))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _exchange  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        http.client.parse_headers(self.rfile)
        return b"".join(chunks)

    def _send(self, answer: Answer) -> None:
        match answer.wire:
            case "send":
                self._write(answer, answer.body)
            case "cut":
                self._write(answer, answer.body[: len(answer.body) // 2])
                self.close_connection = True
            case "close":
                self.close_connection = True
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True

    def _write(self, answer: Answer, body: bytes) -> None:
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        if answer.content_type and answer.body:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
