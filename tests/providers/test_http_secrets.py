"""The token shows nowhere."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from reconciler.core.ports import ProviderError, Target
from reconciler.providers import by_name
from reconciler.providers.http import Call, Client
from tests.providers.connected import COVID, Start
from tests.providers.wired import CANARY, CREATE, GET, LOST, SAID, TARGET, Reply, ok, status, wire

FORMS = (CANARY, b64encode(CANARY.encode()).decode(), CANARY[::-1])
ENDINGS: list[Reply] = [
    *LOST,
    *(status(code, f'{{"message": "you sent X-Token: {CANARY}"}}') for code, _ in SAID),
    httpx.ConnectError("x"),
]


def everything_about(error: BaseException | None) -> Iterator[str]:
    """All text that an error and its causes lead to."""
    while error is not None:
        yield from (str(error), repr(error), repr(vars(error)), repr(error.args))
        request = getattr(error, "_request", None)
        if request is not None:
            yield from (repr(request.headers), repr(request.headers.raw))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("reply", ENDINGS, ids=repr)
@pytest.mark.parametrize("call", [GET, CREATE], ids=["get", "create"])
def test_no_failure_shows_the_token(reply: Reply, call: Call, caplog: pytest.LogCaptureFixture) -> None:
    """Not in its words, its causes, its traceback or the log; not even when the vendor echoes it."""
    caplog.set_level(logging.DEBUG)
    made = wire([reply])
    with pytest.raises(ProviderError) as caught:
        made.client.send(call)
    assert made.sent
    trace = "".join(traceback.format_exception(caught.value))
    texts = [*everything_about(caught.value), trace, caplog.text, repr(made.client), str(vars(caught.value))]
    assert [text for text in texts for form in FORMS if form in text] == []


@pytest.mark.parametrize("between", ["\u200b", "\x00", "\n", "\u00ad", "\ue000"], ids=ascii)
def test_a_token_that_was_taken_apart_is_not_put_together(between: str) -> None:
    """A vendor may echo it with what nobody sees in its middle; what nobody sees is left out."""
    echoed = f"you sent {CANARY[:5]}{between}{CANARY[5:]}"
    with pytest.raises(ProviderError) as caught:
        wire([httpx.Response(400, json={"message": echoed})]).client.send(GET)
    assert caught.value.summary == "target acme refused GET /a (400): you sent (token)"


SPELLINGS = {
    "as it is": f"X-Token: {CANARY}!",
    "in an address": f"/?token={quote(CANARY.replace('-', '%2d'), safe='%')}&a",
    "every letter of it": "".join(f"%{ord(letter):02X}" for letter in CANARY),
    "entities": "".join(f"&#{ord(letter)};" for letter in CANARY),
    "hexadecimal entities": "".join(f"&#x{ord(letter):X};" for letter in CANARY),
    "escapes": "".join(f"\\u{ord(letter):04x}" for letter in CANARY),
    **{f"Base64 behind {ahead!r}": b64encode(f"{ahead}{CANARY}, a".encode()).decode() for ahead in ("", "u", "u:")},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_token_that_is_echoed_in_another_spelling_is_taken_out(spelling: str) -> None:
    """As addresses, pages and headers have it: whoever reads the log could read that, too."""
    with pytest.raises(ProviderError) as caught:
        wire([httpx.Response(400, json={"message": f"you sent {SPELLINGS[spelling]}"})]).client.send(GET)
    told = caught.value.summary.removeprefix("target acme refused GET /a (400): you sent ")
    assert told == {
        "as it is": "X-Token: (token)!",
        "in an address": "/?token=(token)&a",
        "Base64 behind ''": "(token)ywgYQ==",
        "Base64 behind 'u'": "dW(token)MsIGE=",
        "Base64 behind 'u:'": "dTp(token)LCBh",
    }.get(spelling, "(token)")


def test_the_token_is_on_the_request_only_while_it_travels() -> None:
    """Later, whoever holds the request cannot show it."""
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["X-Token"])
        return ok()

    client = Client(TARGET, "write", header="X-Token", scheme="Key", transport=httpx.MockTransport(answer))
    client.send(GET)
    assert seen == [f"Key {CANARY}"]
    made = wire([ok()])
    made.client.send(GET)
    assert "X-Token" not in made.sent[0].headers


@pytest.mark.parametrize("token", ["", f"{CANARY}\n", f" {CANARY}", f"{CANARY}é", f"{CANARY}\x00"], ids=repr)
def test_a_token_that_cannot_be_sent_is_refused_unseen(token: str) -> None:
    """The errors of the libraries below would show it."""
    with pytest.raises(ProviderError) as caught:
        by_name()["domo"].connect(Target("acme", "domo", "https://acme.domo.com", token), "read")
    assert CANARY not in "".join([*everything_about(caught.value), *traceback.format_exception(caught.value)])


def test_a_redirect_gets_no_token() -> None:
    """Not even to the same host under another name."""
    made = wire([status(307, Location="https://evil.example/a"), ok()])
    with pytest.raises(ProviderError, match="redirects"):
        made.client.send(GET)
    assert len(made.sent) == 1


def test_what_a_rehearsal_tells_has_no_token(start: Start) -> None:
    """Method, path, query and body; no headers."""
    bench = start(access="rehearse")
    bench.write(COVID, "tags")
    assert "admin-token" not in repr((bench.session.rehearsed, bench.session, vars(bench.session)))


def test_the_wrong_token_is_said_so(start: Start) -> None:
    """401 names the target, not the token."""
    bench = start()
    wrong = type(bench).connect(bench.sandbox, bench.url, "read", token=CANARY)
    with pytest.raises(ProviderError, match="the token of target acme was refused") as caught:
        wrong.read(COVID, "tags")
    assert CANARY not in "".join(everything_about(caught.value))
