"""Opening a connection: what keeps it from being opened is said, and nothing was sent."""

from __future__ import annotations

import socket
import ssl
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
import trustme

from reconciler.core.ports import ProviderError, Target
from reconciler.providers.http import Call, Client, HttpError, Mishap
from reconciler.providers.http.gate import way_out
from reconciler.providers.http.single import Single
from reconciler.providers.http.through import AstrayError
from tests.providers.peer import JSON, Step, close, hear, peer, reset, said, silent
from tests.providers.test_http_secrets import everything_about
from tests.providers.wired import CANARY, CREATE, GET

TIMEOUT = httpx.Timeout(5.0, connect=0.5).as_dict()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who vouches for certificates here, if anybody is told to trust it."""
    return trustme.CA()


@pytest.fixture
def serving(authority: trustme.CA) -> ssl.SSLContext:
    """How a server speaks TLS that could speak HTTP/2, too, and is called by two names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "acme.example").configure_cert(context)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names the authority."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def refused(url: str) -> str:
    """Why `url` cannot be reached."""
    asked = httpx.Request("GET", url, extensions={"timeout": TIMEOUT})
    with closing(way_out(asked.url, 1)) as out, pytest.raises(httpx.ConnectError) as caught:
        out.handle_request(asked)
    return str(caught.value)


@pytest.mark.usefixtures("trusted")
def test_tls_is_spoken_with_who_can_prove_the_name(serving: ssl.SSLContext) -> None:
    """HTTP/1.1, whatever else the server offers; over one connection."""
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    with peer((said(b"1"), said(b"2")), tls=serving) as server:
        url = httpx.URL(f"https://localhost:{server.port}/a")
        with closing(way_out(url, 1)) as out:
            for body in (b"1", b"2"):
                with closing(out.handle_request(httpx.Request("GET", url))) as response:
                    assert response.read() == body
            (connection,) = server.connections
            assert isinstance(connection, ssl.SSLSocket)
            assert connection.selected_alpn_protocol() == "http/1.1"
    assert names == ["localhost"]


@pytest.mark.usefixtures("trusted")
def test_much_goes_both_ways_over_tls(serving: ssl.SSLContext) -> None:
    """In many pieces, each of which may have to wait for the other side."""
    much = bytes(range(256)) * 20_000
    with peer((said(much), said(b"2"), close), (said(b"3"),), tls=serving) as server:
        url = httpx.URL(f"https://localhost:{server.port}/a")
        with closing(way_out(url, 1)) as out:
            for body in (much, b"2", b"3"):
                with closing(out.handle_request(httpx.Request("PUT", url, content=much))) as response:
                    assert response.read() == body
                if body == b"2":
                    time.sleep(0.1)
    assert [heard.endswith(b"\r\n\r\n" + much) for heard in server.heard] == [True] * 3
    assert len(server.connections) == 2


@pytest.mark.usefixtures("trusted")
def test_a_connection_over_which_a_part_of_something_has_come_is_not_used(serving: ssl.SSLContext) -> None:
    """Of a record over TLS nobody can read the beginning; taken for silence, its rest would be the next answer."""

    def first(connection: socket.socket) -> None:
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        inside = serving.wrap_bio(came, goes, server_side=True)

        def done(act: Callable[[], object]) -> None:
            while True:
                try:
                    act()
                except ssl.SSLWantReadError:
                    connection.sendall(goes.read())
                    came.write(connection.recv(65536))
                    continue
                return connection.sendall(goes.read())

        done(inside.do_handshake)
        done(lambda: inside.read(65536))
        done(lambda: inside.write(said(b"1")))
        inside.write(said(b"unasked"))
        connection.sendall(goes.read(7))

    def second(connection: socket.socket) -> None:
        with serving.wrap_socket(connection, server_side=True) as inside:
            hear(inside)
            inside.sendall(said(b"2"))

    with peer((first,), (second,)) as server:
        url = httpx.URL(f"https://localhost:{server.port}/a")
        with closing(way_out(url, 1)) as out:
            for body in (b"1", b"2"):
                with closing(out.handle_request(httpx.Request("PUT", url))) as response:
                    assert response.read() == body
                time.sleep(0.1)


@pytest.mark.usefixtures("trusted")
def test_what_is_closed_while_it_is_opened_sends_nothing(serving: ssl.SSLContext) -> None:
    """Ctrl-C may come in the middle of a handshake."""
    with peer((JSON,), tls=serving) as server, closing(Single(ssl.create_default_context())) as connection:
        serving.sni_callback = lambda *_: connection.close()
        with pytest.raises(httpx.ConnectError, match="closed"):
            connection.handle_request(httpx.Request("PUT", f"https://localhost:{server.port}"))
        serving.sni_callback = lambda *_: None
        assert connection.handle_request(httpx.Request("PUT", f"https://localhost:{server.port}")).read() == b"{}"
    assert len(server.heard) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(serving: ssl.SSLContext) -> None:
    """The sentence names the reason; the token has not left."""
    with peer((JSON,), tls=serving) as server:
        assert "certificate verify failed: unable to get local issuer" in refused(f"https://localhost:{server.port}")
    assert server.heard == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_refused(serving: ssl.SSLContext) -> None:
    """It is trusted, and not who was asked for."""
    with peer((JSON,), tls=serving) as server:
        assert "certificate is not valid for '127.0.0.1'" in refused(f"https://127.0.0.1:{server.port}")
    assert server.heard == []


@pytest.mark.usefixtures("trusted")
def test_an_answer_over_tls_that_is_cut_short_is_no_answer(serving: ssl.SSLContext) -> None:
    """Who breaks the connection need not be the server."""
    script = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
        lambda each: socket.socket.shutdown(each, socket.SHUT_WR),
    )
    with peer(script, tls=serving) as server:
        url = httpx.URL(f"https://localhost:{server.port}/a")
        with closing(way_out(url, 1)) as out, pytest.raises(httpx.RemoteProtocolError):
            out.handle_request(httpx.Request("GET", url)).read()


def test_a_server_that_speaks_no_tls_is_said_so() -> None:
    """It may answer in clear, or close."""
    with peer((lambda each: each.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), close)) as server:
        assert "SSL" in refused(f"https://localhost:{server.port}")
    with peer((close,)) as server:
        assert refused(f"https://localhost:{server.port}")


def test_whether_tls_is_spoken_the_url_says() -> None:
    """A connection that was made without knowing how does not speak in clear instead."""
    with peer((JSON,)) as server, closing(Single()) as connection, pytest.raises(httpx.ConnectError):
        connection.handle_request(httpx.Request("GET", f"https://localhost:{server.port}"))
    assert server.heard == []


def test_a_handshake_that_takes_too_long_is_a_connection_that_was_not_made() -> None:
    """Nothing was sent."""
    with peer((silent,)) as server, closing(Single(ssl.create_default_context())) as connection:
        asked = httpx.Request("GET", f"https://localhost:{server.port}", extensions={"timeout": TIMEOUT})
        with pytest.raises(httpx.ConnectTimeout):
            connection.handle_request(asked)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:9", "127.0.0.1:70000", "no-such-host.invalid", f"{'a' * 64}.invalid", "a..invalid", "[::1]:9"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_cannot_be_reached_is_said_so(scheme: str, host: str) -> None:
    """Nothing listens, or there is no such thing."""
    assert refused(f"{scheme}://{host}/a")


PROXIES = {
    "socks5://user:canary@proxy.corp:1080": "HTTPS_PROXY asks for a SOCKS proxy, which needs socksio",
    **dict.fromkeys(
        [
            "http://user:canary@proxy.corp:web",
            "http://user:canary@proxy.corp:99999",
            "ftp://user:canary@proxy.corp",
            "http://user:canary@:8080",
            "http://user:canary@[::1",
            f"http://user:canary@{'a' * 64}.corp",
            "http://user:canary@\u2100.corp",
        ],
        "HTTPS_PROXY is no address of a proxy",
    ),
}


@pytest.mark.parametrize("proxy", PROXIES, ids=ascii)
def test_a_proxy_that_cannot_be_is_named_by_its_variable(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never by what it holds: that may be a password."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(ProviderError) as caught:
        way_out(httpx.URL("https://acme.example"), 1)
    assert (caught.value.summary, caught.value.uncertain) == (PROXIES[proxy], False)
    told = "".join([*everything_about(caught.value), *traceback.format_exception(caught.value), str(caught.value.hint)])
    assert "canary" not in told


@pytest.mark.parametrize("name", ["https_proxy", "ALL_PROXY"])
def test_a_proxy_may_be_named_without_a_scheme(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As curl and pip take it."""
    monkeypatch.setenv("NO_PROXY", "")
    with peer((b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",)) as proxy:
        monkeypatch.setenv(name, f"user:secret@127.0.0.1:{proxy.port}")
        with closing(way_out(httpx.URL("https://acme.example"), 1)) as out, pytest.raises(httpx.ProxyError):
            out.handle_request(httpx.Request("GET", "https://acme.example"))
    assert proxy.heard[0].startswith(b"CONNECT acme.example:443 HTTP/1.1\r\n")


ASTRAY: dict[str, tuple[tuple[Step, ...], str]] = {
    "refuses": (
        (b"HTTP/1.1 407 No, canary\r\nContent-Length: 0\r\n\r\n",),
        "refuses to lead there (407)",
    ),
    "mail": ((b"220 canary ESMTP\r\n\r\n",), "does not answer as one"),
    "closes": ((close,), "does not answer as one"),
    "says nothing": ((silent,), "does not answer in time"),
    "breaks off": ((b"", reset), "does not answer as one"),
}
"""What a proxy that leads nowhere does, and how it is told."""


def led(call: Call, timeout: float = 5.0) -> HttpError:
    """Why `call` did not get through a proxy."""
    target = Target("acme", "domo", "https://acme.example", CANARY, requests_per_second=100_000)
    out = Client(target, "write", header="X-Token", timeout=httpx.Timeout(timeout))
    with closing(out) as client, pytest.raises(HttpError) as caught:
        client.send(call)
    told = [*everything_about(caught.value), *traceback.format_exception(caught.value), str(caught.value.hint)]
    assert not any(secret in each for secret in ("password", CANARY) for each in told)
    return caught.value


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_cannot_be_reached_is_named_by_its_variable(
    name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The url of the target is right; who looks for the mistake there does not find it."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv(name, f"{scheme}://user:password@127.0.0.1:9")
    error = led(CREATE)
    reason = "[Errno 111] Connection refused" if sys.platform == "linux" else error.summary.partition("reached: ")[2]
    assert error.summary == f"target acme cannot be reached: {name} names a proxy that cannot be reached: {reason}"
    assert (
        error.hint == f"Check {name}, or name the host of target acme in NO_PROXY if it can be reached without a proxy."
    )
    assert (error.mishap, error.uncertain) == (Mishap.UNSENT, False)


@pytest.mark.parametrize("exempt", ["no_proxy", "NO_PROXY"])
def test_of_variables_in_both_cases_the_one_that_counts_is_named(exempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small letters it counts, even where it is empty: what is written into the other one would change nothing."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://user:password@127.0.0.1:9")
    for name in {"NO_PROXY", exempt}:
        monkeypatch.setenv(name, "" if name == "no_proxy" else "other.example")
    hint = f"Check https_proxy, or name the host of target acme in {exempt} if it can be reached without a proxy."
    assert led(CREATE).hint == hint


@pytest.mark.parametrize("what", ASTRAY)
def test_a_proxy_that_leads_nowhere_is_named_by_its_variable(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent to the target: a creation is not uncertain. What a stranger says is not repeated."""
    script, told = ASTRAY[what]
    monkeypatch.setenv("NO_PROXY", "")
    with peer(script) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:password@127.0.0.1:{proxy.port}")
        error = led(CREATE, 0.3)
    assert error.summary == f"target acme cannot be reached: HTTPS_PROXY names a proxy that {told}"
    assert (
        error.hint
        == "Check HTTPS_PROXY, or name the host of target acme in NO_PROXY if it can be reached without a proxy."
    )
    assert (error.mishap, error.uncertain) == (Mishap.UNSENT, False)


@pytest.mark.parametrize("trusting", [False, True])
def test_what_breaks_behind_a_proxy_is_not_its_fault(
    *, trusting: bool, monkeypatch: pytest.MonkeyPatch, serving: ssl.SSLContext, request: pytest.FixtureRequest
) -> None:
    """It led there; nobody vouches for who is there, or who is there breaks off."""

    def through(connection: socket.socket) -> None:
        with suppress(OSError), serving.wrap_socket(connection, server_side=True) as inside:
            hear(inside)

    if trusting:
        request.getfixturevalue("trusted")
    monkeypatch.setenv("NO_PROXY", "")
    with peer((b"HTTP/1.1 200 OK\r\n\r\n", through)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        error = led(CREATE)
    if trusting:
        assert (error.summary, error.uncertain) == ("the connection to target acme broke: POST /a", True)
    else:
        assert error.summary.startswith("target acme cannot be reached: [SSL: CERTIFICATE_VERIFY_FAILED]")
        assert error.hint == "Check the url of target acme and the network."


def test_a_tunnel_without_tls_keeps_no_later_request_waiting(
    monkeypatch: pytest.MonkeyPatch, serving: ssl.SSLContext
) -> None:
    """Each attempt asks the proxy anew, and says why it failed."""

    def through(connection: socket.socket) -> None:
        with suppress(OSError):
            serving.wrap_socket(connection, server_side=True).close()

    monkeypatch.setenv("NO_PROXY", "")
    with peer((b"HTTP/1.1 200 OK\r\n\r\n", through)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        target = Target("acme", "domo", "https://acme.example", CANARY, requests_per_second=100_000)
        client = Client(target, "write", header="X-Token", timeout=httpx.Timeout(5.0, pool=0.1))
        with closing(client), pytest.raises(HttpError) as caught:
            client.send(CREATE)
    assert caught.value.summary.startswith("target acme cannot be reached: [SSL: CERTIFICATE_VERIFY_FAILED]")
    assert len(proxy.heard) == 3


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("SSL_CERT_FILE", None, "No such file or directory"),
        ("SSL_CERT_FILE", "no certificate", "no certificate in it can be read"),
        ("SSLKEYLOGFILE", None, "No such file or directory"),
    ],
)
def test_certificates_that_are_none_are_named_by_their_variable(
    name: str, content: str | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is to guess which of the machine's settings it is."""
    path = tmp_path / "nowhere" / "authority.pem"
    if content is not None:
        path.parent.mkdir()
        path.write_text(content)
    monkeypatch.setenv(name, str(path))
    with pytest.raises(ProviderError) as caught:
        way_out(httpx.URL("https://acme.example"), 1)
    assert (caught.value.summary, caught.value.hint) == (
        f"what {name} names cannot be used: {why}",
        f"Correct {name}, or unset it.",
    )


@pytest.mark.usefixtures("trusted")
def test_an_answer_through_a_proxy_that_does_not_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, serving: ssl.SSLContext
) -> None:
    """Each piece comes in time; all of them never do."""

    def through(connection: socket.socket) -> None:
        with serving.wrap_socket(connection, server_side=True) as inside:
            hear(inside)
            inside.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                inside.sendall(b" ")
                time.sleep(0.05)

    with peer((b"HTTP/1.1 200 OK\r\n\r\n", through)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        url = httpx.URL("https://acme.example")
        with closing(way_out(url, 1, whole=0.4)) as out:
            slow = out.handle_request(httpx.Request("GET", url))
            with closing(slow), pytest.raises(httpx.ReadTimeout):
                slow.read()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("piece", [b"x", b"HTTP/1.1 102 Processing\r\n\r\n"], ids=["head", "informed"])
@pytest.mark.parametrize("inside", [True, False], ids=["server", "proxy"])
def test_a_head_through_a_proxy_that_does_not_end_is_given_up(
    piece: bytes,
    inside: bool,  # noqa: FBT001 - a parameter
    monkeypatch: pytest.MonkeyPatch,
    serving: ssl.SSLContext,
) -> None:
    """Whether it is the server's or the proxy's own, and whether it is one or one after the other."""

    def endless(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: " if piece == b"x" else piece)
            while True:
                time.sleep(0.05)
                connection.sendall(piece)

    def through(connection: socket.socket) -> None:
        with serving.wrap_socket(connection, server_side=True) as within:
            hear(within)
            endless(within)

    with peer((b"HTTP/1.1 200 OK\r\n\r\n", through) if inside else (endless,)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        url = httpx.URL("https://acme.example")
        begun = time.monotonic()
        with closing(way_out(url, 1, whole=0.4)) as out, pytest.raises(httpx.TransportError) as caught:
            out.handle_request(httpx.Request("GET", url))
        assert time.monotonic() - begun < 3
        assert (type(caught.value), str(caught.value)) == (
            (httpx.ReadTimeout, "the answer does not end")
            if inside
            else (AstrayError, "https_proxy names a proxy that does not answer in time")
        )


def test_a_creation_that_never_left_is_not_uncertain() -> None:
    """And is tried again."""
    target = Target("acme", "domo", "http://127.0.0.1:9", CANARY, requests_per_second=100_000)
    with closing(Client(target, "write", header="X-Token")) as client, pytest.raises(HttpError) as caught:
        client.send(CREATE)
    assert (caught.value.mishap, caught.value.uncertain) == (Mishap.UNSENT, False)
    assert "cannot be reached: [Errno" in caught.value.summary


def test_an_address_of_the_sixth_version_is_one() -> None:
    """In brackets in its url and in the header that says whom is asked."""
    with peer((JSON,), host="::1") as server:
        target = Target("acme", "domo", f"http://[::1]:{server.port}", CANARY, requests_per_second=100_000)
        with closing(Client(target, "write", header="X-Token")) as client:
            client.send(GET)
    assert f"\r\nHost: [::1]:{server.port}\r\n".encode() in server.heard[0]


@pytest.mark.usefixtures("trusted")
def test_the_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch, serving: ssl.SSLContext) -> None:
    """With its password; what is said through it is TLS from end to end."""

    def through(connection: socket.socket) -> None:
        with serving.wrap_socket(connection, server_side=True) as inside:
            for _ in range(2):
                told.append(hear(inside))
                inside.sendall(JSON)

    told: list[bytes] = []
    with peer((b"HTTP/1.1 200 OK\r\n\r\n", through)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://user:secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        target = Target("acme", "domo", "https://acme.example", CANARY, requests_per_second=100_000)
        with closing(Client(target, "write", header="X-Token")) as client:
            assert [client.send(call).value for call in (GET, CREATE)] == [{}, {}]
        assert "Connection refused" in refused("https://127.0.0.1:9")
    (heard,) = proxy.heard
    assert heard.startswith(b"CONNECT acme.example:443 HTTP/1.1\r\n")
    assert b"\r\nProxy-Authorization: Basic " + b64encode(b"user:secret") + b"\r\n" in heard
    assert CANARY.encode() not in heard
    assert all(CANARY.encode() in each for each in told)
