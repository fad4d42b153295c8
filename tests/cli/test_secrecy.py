"""Eight secrets, six ways an apply may end, and everything it prints and leaves behind: none shows any (T16)."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import pytest

from reconciler.sandbox import Sandbox
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.campaigns import stage
from tests.support.sent import writes

SECRETS = {
    name: f"{name.lower()}/canary+{number}f0e1d2c3b4a5968778695a4b3c2d1e0f="
    for number, name in enumerate(
        ("DOMO_TOKEN", "CLARIFAI_PAT", "GITHUB_TOKEN", "AWS_SECRET", "WEBHOOK", "PROXY", "NETRC", "REMOTE")
    )
}
"""Four in variables of their own, and four in places where secrets are found."""
ENDINGS = ("done", "401", "500", "lost", "killed", "Ctrl-C")
FEW = stage.Extent(existing=1, new=0)
SECOND = 2
"""The write at which it ends so."""


def environment(folder: Path) -> dict[str, str]:
    """What a runner's environment has: tokens, a proxy with a password, a webhook that is a secret as a whole."""
    return {
        **os.environ,
        **{name: SECRETS[name] for name in ("DOMO_TOKEN", "CLARIFAI_PAT", "GITHUB_TOKEN", "AWS_SECRET")},
        "RECONCILER_WEBHOOK": f"http://127.0.0.1:9/services/{SECRETS['WEBHOOK']}",
        "HTTPS_PROXY": f"http://user:{quote(SECRETS['PROXY'], safe='')}@127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "NETRC": str(folder / "netrc"),
    }


@dataclass(slots=True)
class Vendor:
    """An instance that repeats, in errors and in headers, all that it is sent; and that ends an apply."""

    sandbox: Sandbox
    ending: str = "done"
    client: subprocess.Popen[str] | None = None
    written: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, request: Request) -> Answer:
        with self.lock:
            echo = f"you sent {dict(request.headers)}"
            self.written += writes(request)
            if self.client is None or not writes(request) or self.written < SECOND:
                return replace(self.sandbox.respond(request), headers={"X-Echo": echo})
            match self.ending:
                case "401" | "500":
                    return Answer(int(self.ending), echo.encode(), headers={"X-Echo": echo, "Retry-After": "0"})
                case "lost" if self.written == SECOND:
                    return Answer(0, wire="close")
                case "killed":
                    self.client.kill()
                case "Ctrl-C" if self.written == SECOND:
                    self.client.send_signal(signal.SIGINT)
            return self.sandbox.respond(request)


@dataclass(frozen=True, slots=True)
class Stage:
    """A workspace in a git repository, and the commands of a pipeline."""

    folder: Path
    vendor: Vendor

    def run(self, *arguments: str) -> int:
        """Run a command to its end; what it prints is kept beside what it writes."""
        process = self._begun(*arguments)
        return self._ended(process, arguments[0])

    def apply(self) -> int:
        """Apply the saved plan, while the vendor ends it as it was told to."""
        process = self._begun("apply", "plan.json", "--events", "events.jsonl")
        self.vendor.client = process
        code = self._ended(process, "apply")
        self.vendor.client = None
        return code

    def _begun(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603
            stage.command(*arguments),
            cwd=self.folder,
            env=environment(self.folder.parent),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _ended(self, process: subprocess.Popen[str], name: str) -> int:
        out, err = process.communicate(timeout=120)
        for stream, text in (("stdout", out), ("stderr", err)):
            with (self.folder / f"{name}.{stream}").open("a", encoding="utf-8") as kept:
                kept.write(text)
        return process.returncode


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "work"
    sandbox = stage.instance(extent=FEW)
    sandbox.seed({"tokens": {SECRETS["DOMO_TOKEN"]: stage.BOT}})
    vendor = Vendor(sandbox)
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login bot password {SECRETS['NETRC']}\n", "utf-8")
    with Server(vendor.respond) as server:
        stage.write_workspace(folder, server.url, extent=FEW)
        remote = f"https://bot:{quote(SECRETS['REMOTE'], safe='')}@git.example/acme/data.git"
        for words in (["init", "-q"], ["remote", "add", "origin", remote]):
            subprocess.run(["git", *words], cwd=folder, check=True)  # noqa: S603, S607
        yield Stage(folder, vendor)
    sandbox.close()


SINKS = ("plan.json", "plan.stdout", "plan.stderr", "apply.stdout", "apply.stderr", "drift.stdout", "events.jsonl")
LEFT = ("journal", "audit.jsonl")


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_secret_is_printed_or_left_behind(ending: str, started: Stage) -> None:
    """Plain, encoded or in halves, in no stream and in no file, although the vendor repeats whatever it is sent."""
    for form in ("html", "markdown", "json"):
        assert started.run("plan", "-v", "--out", "plan.json", "--format", form) == 0
    assert started.run("apply", "--dry-run", "plan.json") == 0
    started.vendor.ending = ending
    code = started.apply()
    assert code == {"done": 0, "lost": 0, "killed": -signal.SIGKILL, "Ctrl-C": 130}.get(ending, 5)
    for form in ("html", "json"):
        started.run("drift", "--format", form)
    started.run("notify", "--shape", "slack", "drift.stdout")
    started.run("audit", "show")
    texts = dict(_texts(started.folder))
    kept = " ".join(texts)
    assert [name for name in (*SINKS, *LEFT) if name not in kept and (name, ending) != ("audit.jsonl", "killed")] == []
    assert _shown(texts) == []


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(".git/"):
            yield name, path.read_text("utf-8", "replace")


def _shown(texts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (name, secret, form)
        for name, text in texts.items()
        for secret, value in SECRETS.items()
        for form in _forms(value)
        if form in text
    ]


def _forms(value: str) -> tuple[str, ...]:
    middle = len(value) // 2
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return value, quote(value, safe=""), quote(value), encoded, value[:middle], value[middle:], value[::-1]


def test_a_secret_that_shows_is_found() -> None:
    """The search above finds what it is there to find."""
    texts = {f"{secret} {form}": f"…{form}…" for secret, value in SECRETS.items() for form in _forms(value)}
    assert {name for name, *_ in _shown(texts)} == set(texts)
