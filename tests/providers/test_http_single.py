"""A direct connection: what goes out, when it is kept, and what is said when it breaks."""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, closing

import httpx
import pytest

from reconciler.core.ports import Target
from reconciler.providers.http import Call, Client, HttpError, Mishap
from reconciler.providers.http.failures import NEVER_SENT
from reconciler.providers.http.line import Line
from reconciler.providers.http.single import Single
from tests.providers.peer import JSON, Peer, Step, close, hear, peer, reset, said, silent
from tests.providers.test_http_secrets import everything_about
from tests.providers.wired import CANARY, CREATE, GET

TIMEOUT = httpx.Timeout(5.0, read=0.5, write=0.5)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def connection() -> Iterator[Single]:
    made = Single()
    yield made
    made.close()


def request(server: Peer, method: str = "GET", content: bytes | None = None) -> httpx.Request:
    """A request to `server`."""
    return httpx.Request(method, f"{server.url}/a", content=content, extensions={"timeout": TIMEOUT.as_dict()})


def ask(connection: Single, server: Peer) -> bytes:
    """The body that `server` answers with."""
    with closing(connection.handle_request(request(server))) as response:
        return response.read()


def client(server: Peer) -> Client:
    """A client that writes to `server`."""
    target = Target("acme", "domo", f"{server.url}/base/", CANARY, requests_per_second=100_000)
    return Client(target, "write", header="X-Token")


HEAD = """\
{} HTTP/1.1
Host: 127.0.0.1:{}
{}Accept: application/json
Accept-Encoding: gzip
User-Agent: reconciler
{}X-Token: canary-7f3a9c

"""


@pytest.mark.parametrize(
    ("call", "line", "early", "late", "body"),
    [
        (Call("GET", "/a%2Fb%20c;x=1", {"q": "ä b", "e": ""}), "GET /base/a%2Fb%20c;x=1?q=%C3%A4+b&e=", "", "", ""),
        (Call("GET", "/a/~x!$&'()*+,;=:@"), "GET /base/a/~x!$&'()*+,;=:@", "", "", ""),
        (
            Call("PUT", "/a", body={"x": "ä"}),
            "PUT /base/a",
            "",
            "Content-Type: application/json\nContent-Length: 10\n",
            '{"x":"ä"}',
        ),
        (
            Call("POST", "/a", content=b"1,2\n", content_type="text/csv"),
            "POST /base/a",
            "",
            "Content-Type: text/csv\nContent-Length: 4\n",
            "1,2\n",
        ),
        (Call("POST", "/a"), "POST /base/a", "Content-Length: 0\n", "", ""),
        (Call("DELETE", "/a"), "DELETE /base/a", "", "", ""),
    ],
    ids=["get", "signs", "put", "csv", "post", "delete"],
)
def test_a_request_goes_out_as_httpx_has_it(call: Call, line: str, early: str, late: str, body: str) -> None:
    """Byte for byte: nothing is added, and nothing is escaped once more."""
    with peer((JSON,)) as server, closing(client(server)) as made:
        made.send(call)
    head = HEAD.format(line, server.port, early, late).replace("\n", "\r\n")
    assert server.heard == [(head + body).encode()]


def test_nothing_waits_for_more_to_send(connection: Single) -> None:
    """Head and body are two steps; with Nagle's algorithm the second waits 40 ms for an answer to the first."""
    with peer((JSON,)) as server:
        ask(connection, server)
        used = connection._line._socket  # type: ignore[union-attr]  # noqa: SLF001 - no server can see it
        assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_serves_one_request_after_the_other(connection: Single) -> None:
    """Making one takes as long as three requests, with TLS."""
    with peer((said(b"1"), said(b"2"), b"HTTP/1.1 204 No Content\r\n\r\n", said(b"3"))) as server:
        assert [ask(connection, server) for _ in range(4)] == [b"1", b"2", b"", b"3"]
    assert len(server.connections) == 1


@pytest.mark.parametrize(
    "ending",
    [
        (said(b"1", b"Connection: close"),),
        (said(b"1", b"Connection: close"), close),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1",),
        (OK + b"\r\n1", close),
        (said(b"1"), close),
        (said(b"1"), reset),
        (said(b"1") + said(b"2"),),
        (said(b"1"), lambda connection: connection.sendall(said(b"2"))),
        (said(b"1"), lambda connection: connection.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n"), close),
    ],
    ids=["said", "done", "1.0", "no length", "closed", "reset", "two at once", "one more", "timeout"],
)
def test_a_connection_that_is_of_no_more_use_is_not_used(connection: Single, ending: tuple[Step, ...]) -> None:
    """What a server said unasked is not taken for the answer to the next request."""
    with peer(ending, (said(b"3"),)) as server:
        assert ask(connection, server) == b"1"
        time.sleep(0.1)
        assert ask(connection, server) == b"3"
    assert len(server.connections) == 2


def test_an_empty_line_behind_an_answer_means_nothing(connection: Single) -> None:
    """Some servers end a body with one (RFC 9112, section 2.2, has it of clients)."""
    with peer((said(b"1") + b"\r\n", said(b"2"))) as server:
        assert [ask(connection, server) for _ in range(2)] == [b"1", b"2"]
    assert len(server.connections) == 1


def test_a_connection_does_not_rest_for_long() -> None:
    """After five seconds a firewall may have forgotten it without a word."""
    with peer((JSON, JSON)) as server, closing(Single(rest=0.05)) as connection:
        ask(connection, server)
        ask(connection, server)
        time.sleep(0.1)
        ask(connection, server)
    assert len(server.connections) == 2


@pytest.mark.parametrize("length", [b"Content-Length: 2", b"Transfer-Encoding: chunked"])
def test_a_connection_whose_answer_was_not_read_is_closed(connection: Single, length: bytes) -> None:
    """Its rest would be the beginning of the next one."""
    with peer((OK + length + b"\r\n\r\n1",), (said(b"2"),)) as server:
        connection.handle_request(request(server)).close()
        assert ask(connection, server) == b"2"
    assert len(server.connections) == 2


class Enough(BaseException):
    """Whatever ends a thread's work, such as Ctrl-C."""


def test_whatever_breaks_off_a_body_closes_its_connection(connection: Single) -> None:
    """Nobody knows how much of it was read."""
    with peer((OK + b"Content-Length: 2\r\n\r\n1",), (said(b"2"), said(b"3"))) as server:
        response = connection.handle_request(request(server))
        assert isinstance(response.stream, httpx.SyncByteStream)
        pieces = iter(response.stream)
        assert next(pieces) == b"1"
        with pytest.raises(Enough):
            pieces.throw(Enough)  # type: ignore[attr-defined]
        assert ask(connection, server) == b"2"
        # Long after: it has nothing to do with that connection any more.
        response.close()
        assert ask(connection, server) == b"3"
    assert len(server.connections) == 2


def test_whatever_breaks_off_the_waiting_closes_the_connection(connection: Single) -> None:
    """The answer comes all the same, and nobody must take it for another."""

    gone = threading.Event()

    def interrupt(waited: socket.socket) -> None:
        hear(waited)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        silent(waited)
        gone.set()

    def enough(_number: int, _frame: object) -> None:
        raise Enough

    before = signal.signal(signal.SIGUSR1, enough)
    try:
        with peer((interrupt,), (said(b"2"),)) as server:
            with pytest.raises(Enough) as caught:
                connection.handle_request(request(server))
            # While its traceback is held, so that no garbage collection closes it.
            assert gone.wait(5), caught.traceback
            assert ask(connection, server) == b"2"
    finally:
        signal.signal(signal.SIGUSR1, before)


def stop(connection: socket.socket) -> None:
    """Read nothing for as long as a client may take to send."""
    del connection
    time.sleep(1.5)


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ((silent,), httpx.ReadTimeout),
        ((b"HTTP/1.1 200 ",), httpx.ReadTimeout),
        ((OK + b"Content-Length: 2\r\n\r\n1",), httpx.ReadTimeout),
        ((OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n1",), httpx.ReadTimeout),
        ((b"", reset), httpx.ReadError),
        ((OK, reset), httpx.ReadError),
        ((OK + b"Content-Length: 2\r\n\r\n1", reset), httpx.ReadError),
        ((b"", close), httpx.RemoteProtocolError),
        ((OK + b"Content-Type: application/json\r\n", close), httpx.RemoteProtocolError),
        ((OK + b"Content-Length: 2\r\n\r\n1", close), httpx.RemoteProtocolError),
        ((OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n", close), httpx.RemoteProtocolError),
        ((b"220 mail.example ESMTP\r\n\r\n",), httpx.RemoteProtocolError),
        ((OK + b"X: " + b"x" * 10_000_000 + b"\r\n\r\n",), httpx.RemoteProtocolError),
    ],
)
def test_a_connection_breaks_behind_a_request(script: tuple[Step, ...], kind: type[httpx.TransportError]) -> None:
    """Each way has its error; none of them may say that nothing was sent."""
    with peer(script, (said(b"2"),)) as server, closing(Single()) as connection:
        with pytest.raises(kind) as caught:
            ask(connection, server)
        assert type(caught.value) is kind
        assert not isinstance(caught.value, NEVER_SENT)
        assert ask(connection, server) == b"2"


def drip(begin: bytes, piece: bytes) -> Step:
    """Begin an answer, and say a little more of it now and then, for as long as the client listens."""

    def say(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(begin)
        while True:
            connection.sendall(piece)
            time.sleep(0.05)

    return say


@pytest.mark.parametrize(
    "step",
    [
        drip(OK + b"Content-Length: 1000000\r\n\r\n", b" "),
        drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        drip(OK + b"X: ", b"x"),
        drip(OK, b"X: x\r\n"),
    ],
    ids=["body", "chunks", "header", "headers"],
)
def test_an_answer_that_does_not_end_is_given_up(step: Step) -> None:
    """Each piece comes in time; all of them never do. Nobody knows what became of the request."""
    with peer((step,), (said(b"2"),)) as server, closing(Single(whole=0.4)) as connection:
        begun = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            ask(connection, server)
        assert 0.4 <= time.monotonic() - begun < 2
        assert ask(connection, server) == b"2"


def test_a_body_that_is_taken_too_slowly_is_given_up() -> None:
    """The server reads a little now and then."""

    def sip(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while connection.recv(100_000):
            time.sleep(0.01)

    with peer((sip,)) as server, closing(Single(whole=0.4)) as connection, pytest.raises(httpx.WriteTimeout):
        connection.handle_request(request(server, "PUT", b"x" * 200_000_000))


def test_a_few_informational_answers_are_read_past(connection: Single) -> None:
    """Ten of them; a server that has more to say never comes to its answer."""
    informed = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    with peer((informed * 10 + said(b"1"),)) as server:
        assert ask(connection, server) == b"1"
    with peer((informed * 11 + said(b"1"),), (said(b"2"),)) as server:
        with pytest.raises(httpx.RemoteProtocolError, match="more than 10 informational answers"):
            ask(connection, server)
        assert ask(connection, server) == b"2"


def test_a_body_that_is_not_taken_in_time_is_given_up(connection: Single) -> None:
    """The server reads nothing."""
    with peer((stop,)) as server, pytest.raises(httpx.WriteTimeout):
        connection.handle_request(request(server, "PUT", b"x" * 50_000_000))


def test_a_connection_that_breaks_while_a_body_is_sent_is_said_so(connection: Single) -> None:
    """Some of it has left."""

    def end(connection: socket.socket) -> None:
        connection.recv(10)
        reset(connection)

    with peer((end,)) as server, pytest.raises(httpx.WriteError):
        connection.handle_request(request(server, "PUT", b"x" * 50_000_000))


def test_a_server_may_refuse_a_body_before_it_has_read_it(connection: Single) -> None:
    """Its answer is taken, and the connection is not used again: the rest of the body is still to come there."""

    def refuse(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}")
        connection.shutdown(socket.SHUT_RD)
        time.sleep(0.1)

    with peer((refuse,), (said(b"2"),)) as server:
        response = connection.handle_request(request(server, "PUT", b"x" * 50_000_000))
        assert (response.status_code, response.read()) == (413, b"{}")
        assert ask(connection, server) == b"2"
    assert len(server.connections) == 2


@pytest.mark.parametrize("script", [(b"", reset), (b"", close), (OK + b"Content-Length: 2\r\n\r\n{", close)])
def test_nobody_knows_about_a_write_whose_connection_broke(script: tuple[Step, ...]) -> None:
    """So it is not sent again."""
    with peer(script) as server, closing(client(server)) as made, pytest.raises(HttpError) as caught:
        made.send(CREATE)
    assert (caught.value.mishap, caught.value.uncertain, len(server.heard)) == (Mishap.LOST, True, 1)


def test_a_write_is_sent_once_over_a_connection_that_broke_while_it_rested() -> None:
    """It is seen before the write leaves, which is then sent over another one."""
    with peer((JSON, close), (JSON,)) as server, closing(client(server)) as made:
        made.send(GET)
        time.sleep(0.1)
        made.send(CREATE)
    assert [heard.split(b" ", 1)[0] for heard in server.heard] == [b"GET", b"POST"]


def test_what_cannot_be_sent_is_not_shown(connection: Single) -> None:
    """http.client's own error quotes the header."""
    with peer((JSON,)) as server:
        wrong = request(server)
        wrong.headers["X-Token"] = f"{CANARY}\r\nX: y"
        with pytest.raises(httpx.LocalProtocolError) as caught:
            connection.handle_request(wrong)
        assert CANARY not in "".join([*everything_about(caught.value), *traceback.format_exception(caught.value)])
        assert ask(connection, server) == b"{}"
    assert b"X: y" not in b"".join(server.heard)


def test_closing_breaks_off_a_request_of_another_thread(connection: Single) -> None:
    """Ctrl-C closes everything while others wait."""
    waiting, ended = threading.Event(), list[Exception]()

    def wait(_: socket.socket) -> None:
        hear(_)
        waiting.set()
        silent(_)

    def work() -> None:
        asked = httpx.Request("GET", server.url, extensions={"timeout": httpx.Timeout(60).as_dict()})
        try:
            connection.handle_request(asked)
        except httpx.TransportError as error:
            ended.append(error)

    with peer((wait,), (JSON,)) as server:
        thread = threading.Thread(target=work)
        thread.start()
        waiting.wait(10)
        connection.close()
        thread.join(10)
        assert len(ended) == 1
        assert not isinstance(ended[0], NEVER_SENT)


def test_a_closed_connection_keeps_nothing(connection: Single) -> None:
    """Nobody would close it again."""
    gone = threading.Event()

    def leave(_: socket.socket) -> None:
        silent(_)
        gone.set()

    with peer((JSON, leave), (JSON, JSON)) as server:
        ask(connection, server)
        connection.close()
        assert gone.wait(10)
        ask(connection, server)
        ask(connection, server)
    assert len(server.connections) == 3


def test_a_connection_that_another_thread_has_closed_is_not_used() -> None:
    """Ctrl-C may close it at the moment in which a request takes it: that is no defect."""
    with peer((silent,)) as server:
        line = Line.open(b"127.0.0.1", server.port, None, 5.0)
        assert line.is_silent()
        line.close()
        assert not line.is_silent()


def test_a_connection_may_have_any_number(connection: Single) -> None:
    """select.select knows files up to the 1023rd."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    try:
        with ExitStack() as files, peer((said(b"1"), said(b"2"), close), (said(b"3"),)) as server:
            for _ in range(1100):
                files.callback(os.close, os.open(os.devnull, os.O_RDONLY))
            assert [ask(connection, server) for _ in range(2)] == [b"1", b"2"]
            time.sleep(0.1)
            assert ask(connection, server) == b"3"
    finally:
        connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
