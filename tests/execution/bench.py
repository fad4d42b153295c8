"""What these tests share: a workspace about a served instance, the real commands, and what they left behind."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import run
from reconciler.manifests.yaml import read
from reconciler.sandbox import Sandbox, World
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.campaigns import stage
from tests.support.sent import writes

Json = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """One workspace, the current folder, and the instance it is about."""

    folder: Path
    sandbox: Sandbox
    url: str
    capture: pytest.CaptureFixture[str]
    meanwhile: list[Callable[[Request], object]]
    """What happens when a request arrives, before it is handled."""

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code of a command and what it printed on stdout and stderr."""
        code = run(list(arguments))
        out, err = self.capture.readouterr()
        return code, out, err

    def apply(self, *arguments: str) -> tuple[int, str, str]:
        return self.run("apply", "--auto-approve", *arguments)

    @property
    def state(self) -> Path:
        return self.folder / ".reconciler"

    @property
    def journals(self) -> list[Path]:
        return sorted((self.state / "journal").glob("*.jsonl"))

    def events(self, number: int = -1) -> list[Json]:
        """The lines of one journal, of the newest by default."""
        return [json.loads(line) for line in self.journals[number].read_text().splitlines() if line]

    def journal_of(self, name: str, identifier: str) -> Path:
        """Write a journal by which a dataset was created, with an id that its manifest has not got."""
        step = {"step": f"acme/{name}.schema#create", "dataset": f"acme/{name}", "facet": "schema", "verb": "create"}
        lines: list[Json] = [
            {
                "at": 1.0,
                "event": "begin",
                "plan_id": "d6db",
                "created_at": "2026-01-01T00:00:00+00:00",
                "targets": ["acme"],
            },
            {"at": 1.1, "event": "intent", **step, "id": None, "changes": [], "before": [], "known": None},
            {"at": 1.2, "event": "created", **step, "id": identifier},
        ]
        path = self.state / "journal/20260101T000000000000Z-d6db.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return path

    def writes(self) -> list[str]:
        """What was sent beside GET, in order."""
        return [f"{sent.method} {sent.path}" for sent in self.sandbox.requests if writes(sent)]

    def vendor(self, method: str, path: str, body: Json | list[str]) -> None:
        """Somebody else changes something by other means."""
        headers = {"X-DOMO-Developer-Token": "admin-token", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method=method)  # noqa: S310
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - the sandbox on loopback

    def named(self, name: str) -> list[str]:
        """The ids of the datasets of one name that the instance has."""
        datasets = self.sandbox.snapshot()["domo"].get("dataset", {}).values()
        return [each["metadata"]["id"] for each in datasets if each["metadata"]["name"] == name]

    def manifest(self, name: str) -> Json:
        """A manifest as it is now."""
        found: Json = dict(read((self.folder / f"manifests/{name}.yaml").read_text()).documents[0].data)  # type: ignore[call-overload]
        return found

    def assert_settled(self) -> None:
        """Nothing is left to do, nothing is there twice, and the audit log is whole."""
        assert stage.left(self.folder / "manifests") == ""
        assert stage.duplicates(self.sandbox) == 0
        assert self.run("audit", "verify")[0] == 0


@contextmanager
def benched(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capture: pytest.CaptureFixture[str],
    extent: stage.Extent,
    world: str = "observed",
) -> Iterator[Bench]:
    """A workspace of `extent` in `folder`."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DOMO_TOKEN", stage.TOKEN)
    sandbox = Sandbox(world=World.parse(world))
    sandbox.seed(stage.seed(extent))
    meanwhile: list[Callable[[Request], object]] = []

    def respond(request: Request) -> Answer:
        for each in meanwhile:
            each(request)
        return sandbox.respond(request)

    with Server(respond) as server:
        stage.write_workspace(folder, server.url, extent=extent)
        yield Bench(folder, sandbox, server.url, capture, meanwhile)
    sandbox.close()
