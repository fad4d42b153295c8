"""Messages for Slack and Teams: no name is a mention, a link or markup, and the webhook's address is told nowhere."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest

from reconciler.app.notifying import compose
from reconciler.cli.entry import run
from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Modify
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.plan import AccessChange, DatasetPlan, Plan, Read, Step
from reconciler.core.ports import ProviderError
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.properties import Property
from reconciler.facets.tags import Tag
from reconciler.planning.drift import Difference
from reconciler.planning.review import Hold, Move, Review, Reviewed
from reconciler.providers.http.webhook import post_message
from reconciler.report.document import Meta, Signed
from reconciler.report.drift import drift_json
from reconciler.report.notifications import Shape
from reconciler.report.review import review_json
from tests.providers.peer import hear, peer
from tests.report.report_examples import hostile
from tests.report.report_hostile import HOSTILE
from tests.review.repository import commit, git, write

from .rendered import review

SHAPES: tuple[Shape, ...] = ("slack", "teams")


def drift(name: str) -> str:
    address = Address("acme", name or "x")
    step = Step(address.of("tags"), "tag", (Drop(Tag(name)),), ())
    plan = Plan((DatasetPlan(address, "domo", "1", "update", (step,), read=Read(address, 1, complete=True)),))
    return drift_json(plan, (Difference(address.of("tags"), Drop(Tag(name)), "moved"),))


def documents(name: str) -> dict[str, str]:
    meta = Meta(
        reconciler_version="0", source_digest="0", workspace="0", as_of=None, commit=None, dirty=None, created_at=""
    )
    return {
        "plan": Signed(hostile(name), meta).text,
        "review": review_json(review(name), "base", "head"),
        "drift": drift(name),
    }


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text that is shown, with the type of what holds it."""
    if isinstance(value, dict):
        kind = str(value.get("type", ""))
        for key, member in value.items():
            if key in {"text", "title"} and isinstance(member, str):
                yield kind, member
            yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_reaches_markup(shape: Shape, name: str) -> None:
    """Names stand only where neither Slack nor Teams looks for markup, and never steer a terminal."""
    for document in documents(name).values():
        text = compose(document.encode("utf-8", "surrogatepass"), shape)
        assert [each for each in text if each != "\n" and category(each)[0] == "C"] == []
        shown = list(texts(json.loads(text)))
        assert shown
        for kind, told in shown:
            assert kind in {"plain_text", "TextRun"} or not set("<>") & set(told)
        assert len(text.encode()) < 28_000  # what Teams takes


def test_a_whole_message_for_slack() -> None:
    """Title, numbers, the worst news."""
    assert json.loads(compose(drift("gold").encode(), "slack")) == {
        "text": "Datasets: 1 of 1 has drifted",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Datasets: 1 of 1 has drifted", "emoji": False}},
            {"type": "section", "text": {"type": "plain_text", "text": "1 difference, 0 ignored", "emoji": False}},
            {
                "type": "section",
                "text": {
                    "type": "plain_text",
                    "text": 'acme/gold tags extra: tag "gold" (somebody changed it)',
                    "emoji": False,
                },
            },
        ],
    }


def lines(document: str) -> list[str]:
    last: str = json.loads(compose(document.encode(), "slack"))["blocks"][-1]["text"]["text"]
    return last.splitlines()


def test_drift_is_told_in_names_and_levels() -> None:
    """As everywhere else: from the manifest to what is live."""
    address, bryan, ada = (
        Address("acme", "covid"),
        Principal("user", "587894148", "bryan"),
        Principal("user", "1", "ada"),
    )
    changes: list[tuple[str, AnyChange]] = [
        ("permissions", Drop(Grant(bryan, "CAN_EDIT"))),
        ("permissions", Modify(Grant(ada, "CO_OWNER"), Grant(ada, "CAN_VIEW"), ("access",))),
        ("owner", Modify(Owner(bryan), Owner(ada), ("principal",))),
        ("properties", Add(Property("description", "All."))),
    ]
    found = [Difference(address.of(facet), change, None) for facet, change in changes]
    assert lines(drift_json(Plan(), found)) == [
        "acme/covid permissions extra: user:bryan CAN_EDIT",
        "acme/covid permissions differs: user:ada CAN_VIEW -> CO_OWNER",
        "acme/covid owner differs: user:ada -> user:bryan",
        'acme/covid properties missing: description "All."',
    ]


def test_what_is_not_applied_yet_has_not_drifted() -> None:
    """Nobody changed it behind anybody's back: it is counted apart, and reads as in its plan."""
    ada = Principal("user", "1", "ada")
    found = [
        Difference(Address("acme", "a").of("tags"), Drop(Tag("x")), "moved"),
        Difference(
            Address("acme", "b").of("permissions"),
            Modify(Grant(ada, "CAN_VIEW"), Grant(ada, "CAN_EDIT"), ("access",)),
            "pending",
        ),
    ]
    document = drift_json(Plan(), found)
    assert json.loads(compose(document.encode(), "slack"))["text"] == (
        "Datasets: 1 of 0 has drifted, 1 not applied yet"
    )
    assert lines(document) == [
        'acme/a tags extra: tag "x" (somebody changed it)',
        "acme/b permissions differs: user:ada CAN_VIEW -> CAN_EDIT (not applied yet)",
    ]


def shown(content: str) -> list[str]:
    """Every text of a message for Slack, its fallback aside."""
    blocks = json.loads(compose(content.encode(), "slack"))["blocks"]
    return [line for block in blocks for line in block["text"]["text"].splitlines()]


NO_WORKSPACE = "manifests:1: no-workspace: no manifest of kind Workspace was found here"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("plan", ["Datasets: a run failed, 1 error", "There is no plan and no review.", NO_WORKSPACE]),
        ("review --base HEAD", ["Datasets: a run failed, 1 error", "There is no plan and no review.", NO_WORKSPACE]),
        ("drift", ["Datasets: nobody knows what has drifted, 1 error", "Nothing was read.", NO_WORKSPACE]),
    ],
)
def test_a_run_that_failed_is_told_as_one(
    command: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever waits for a message takes none, or "0 have drifted", for an all-clear."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"manifests/a.yaml": "apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: p}\nspec: {}\n"})
    commit(tmp_path, "begin")
    assert run([*command.split(), "--format", "json"]) == 1
    assert shown(capsys.readouterr().out) == told


def test_drift_that_could_not_be_read_wholly_is_told_with_what_failed() -> None:
    """The errors stand before what is known all the same."""
    address = Address("acme", "covid")
    read = Read(address, 1, complete=False)
    error = Diagnostic("read-failed", "error", "the server answers 500", address)
    plan = Plan((DatasetPlan(address, "domo", "1", "update", read=read),), (error,))
    found = [Difference(address.of("tags"), Drop(Tag("x")), "moved")]
    assert shown(drift_json(plan, found, [error])) == [
        "Datasets: 1 of 1 has drifted, as far as could be read",
        "1 difference, 0 ignored",
        "Not everything could be read.",
        "acme/covid: read-failed: the server answers 500",
        'acme/covid tags extra: tag "x" (somebody changed it)',
    ]


def test_a_plan_tells_who_loses_access_and_who_gains_it() -> None:
    """The losses first."""
    meta = Meta(
        reconciler_version="0", source_digest="0", workspace="0", as_of=None, commit=None, dirty=None, created_at=""
    )
    address = Address("acme", "covid")
    moves = tuple(
        AccessChange(address, Principal("user", name, name), before, after)
        for name, before, after in (
            ("ada", None, "CAN_EDIT"),
            ("bo", "CAN_VIEW", "CO_OWNER"),
            ("cy", "CAN_EDIT", None),
        )
    )
    plan = Plan((DatasetPlan(address, "domo", "1", "update", access=moves),))
    assert lines(Signed(plan, meta).text) == [
        "user:cy loses CAN_EDIT, acme/covid",
        "user:bo has CO_OWNER instead of CAN_VIEW, acme/covid",
        "user:ada gains CAN_EDIT, acme/covid",
    ]


def test_a_review_tells_whose_access_would_change() -> None:
    """What a reviewer should look at twice stands first, then the losses, and nobody is left out."""
    address, ada, bo, cy = Address("acme", "covid"), *(Principal("user", name, name) for name in ("ada", "bo", "cy"))
    told = (
        Move(address, ada, "gain", None, Hold("CAN_VIEW")),
        Move(address, bo, "lose", Hold("CAN_VIEW"), None),
        Move(address, cy, "change", Hold("CAN_VIEW"), Hold("CO_OWNER"), ("outsider",)),
    )
    rebound = Diagnostic("dataset-rebound", "warning", "its manifest governs another dataset: 3 -> 4", address)
    found = Review((Reviewed(address, "changed", (), told, ()),), findings=(rebound,))
    assert lines(review_json(found, "base", "head")) == [
        "acme/covid: its manifest governs another dataset: 3 -> 4",
        "user:cy: change, acme/covid (outsider)",
        "user:bo: lose, acme/covid",
        "user:ada: gain, acme/covid",
    ]


@contextmanager
def listening(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """A webhook on loopback that keeps what it is sent, also where a redirect would lead to."""
    taken: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(status if self.path != "/elsewhere" else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/services/canary-secret", taken
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (202, 0), (302, 1), (307, 1), (404, 1), (500, 1)])
def test_a_webhook_is_posted_to_once(
    status: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No redirect is followed, nothing is repeated, and the address is in no message."""
    path = tmp_path / "drift.json"
    path.write_text(drift("gold"), "utf-8")
    with listening(status) as (url, taken):
        monkeypatch.setenv("RECONCILER_WEBHOOK", url)
        assert run(["notify", "--shape", "slack", str(path)]) == code
    out, err = capsys.readouterr()
    assert [json.loads(body) for body in taken] == [json.loads(compose(path.read_bytes(), "slack"))]
    assert "canary-secret" not in out + err


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://example.com/x", "nonsense", "https://"])
def test_a_message_goes_only_where_nobody_can_listen_in(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """https, or http on loopback."""
    path = tmp_path / "drift.json"
    path.write_text(drift("gold"), "utf-8")
    assert run(["notify", "--shape", "teams", "--webhook", url, str(path)]) == 1
    assert "notify-failed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1/canary",
        "https://\u2100.example/canary",
        "https://.../canary",
        f"https://{'a' * 70}.example/canary",
        "https://xn--a.example/canary",
        "https://example.com:web/canary",
        " https://127.0.0.1:9/canary",
        "https:///canary",
        "https://127.0.0.1:9/\ud800canary",
        "https://127.0.0.1:9/\x00canary",
    ],
    ids=ascii,
)
def test_an_address_that_cannot_be_is_said_so_and_not_shown(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, whichever library is the first to mind."""
    path = tmp_path / "drift.json"
    path.write_text(drift("gold"), "utf-8")
    assert run(["notify", "--shape", "teams", "--webhook", url, str(path)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Error:\nnotify-failed: the webhook")
    assert "canary" not in err


def test_only_whether_a_webhook_took_a_message_is_read() -> None:
    """What it says beside may not end."""
    sent = {"bytes": 0}

    def endless(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while sent["bytes"] < 2**27:
            sent["bytes"] += connection.send(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")

    with peer((endless,)) as server:
        post_message(server.url, b"{}")
    assert sent["bytes"] < 2**26


def test_a_webhook_that_comes_to_no_end_is_given_up() -> None:
    """Nobody knows whether it took the message."""

    def drip(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X: x\r\n")
            time.sleep(0.05)

    with peer((drip,)) as server, pytest.raises(ProviderError, match="could not be reached") as caught:
        post_message(server.url, b"{}", longest=0.3)
    assert caught.value.uncertain


def test_a_proxy_that_cannot_be_reached_is_not_taken_for_the_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent; the address of either is in no error."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("https_proxy", "http://user:canary@127.0.0.1:9")
    with pytest.raises(ProviderError) as caught:
        post_message("https://hooks.canary.example/canary", b"{}")
    error = caught.value
    told = "the webhook cannot be reached: https_proxy names a proxy that cannot be reached: ["
    assert error.summary.startswith(told)
    assert error.hint == (
        "Check https_proxy, or name the host of the webhook in NO_PROXY if it can be reached without a proxy."
    )
    assert not error.uncertain
    assert "canary" not in f"{error.summary}{error.hint}"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"errored": true}',
        '{"errored": true, "diagnostics": [1]}',
        '{"drift": 1}',
        '{"resource_changes": []}',
        "[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, no traceback."""
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    assert run(["notify", "--shape", "slack", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Error:\nnothing-to-tell: ")
