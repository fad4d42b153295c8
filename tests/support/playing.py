"""Play an apply scenario: real commands against the sandbox over HTTP, everything printed and everything sent kept."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import urllib.request
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, documents_seed

from .sent import writes
from .txtar import Archive

TOKEN = "sandbox-token"
SOMEBODY_ELSE, A_VIEWER = "admin-token", "viewer-token"
MANY = 20
JOURNAL = re.compile(r"\S+/(journal|undo)/\S+")
MOMENT = re.compile(r"\b20\d\d-\d\d-\d\d(T\d\d:\d\d:\d\d\+00:00| \d\d:\d\d UTC)")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: {url}
    token: {{env: DOMO_TOKEN}}
    actor: user:governance-bot
    concurrency: 1
    requestsPerSecond: 1000
guards: {{maxChangedDatasets: 10}}
"""

NEXT = re.compile(r"; next: \w{3} 20.*")
"""When a schedule runs next."""
PRINCIPALS = (Path(__file__).parents[2] / "manifests/principals/acme.yaml").read_text("utf-8")


class Play:
    """One scenario in the current folder, against one sandbox."""

    def __init__(self, archive: Archive, sandbox: Sandbox, url: str, capture: pytest.CaptureFixture[str]) -> None:
        self.archive, self.sandbox, self.url, self.capture = archive, sandbox, url, capture
        self.ids: dict[str, str] = {}
        self.stdout = ""
        self.stderr = ""
        self.applied = False
        sandbox.seed(documents_seed())
        files = {"manifests/workspace.yaml": WORKSPACE.format(url=url), "manifests/principals.yaml": PRINCIPALS}
        for name, text in {**files, **archive.sections}.items():
            if name.startswith("manifests/"):
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                Path(name).write_text(text.replace("URL", url), "utf-8")

    def play(self) -> None:
        for line in self.archive.commands:
            words = shlex.split(line)
            match words[0]:
                case "reconciler":
                    self.reconciler(words[1:])
                case "replace":
                    path = Path(words[1])
                    text = path.read_text("utf-8")
                    assert words[2] in text, words
                    path.write_text(text.replace(words[2], words[3]), "utf-8")
                case "vendor":
                    self.vendor(SOMEBODY_ELSE, *words[1:])
                case "viewer":
                    self.vendor(A_VIEWER, *words[1:])
                case "commit":
                    commit(words[1])
                case "fault":
                    self.fault(*words[1:])
                case unknown:
                    raise AssertionError(unknown)

    def reconciler(self, arguments: list[str]) -> int:
        # As a shell does it; the name of an undo plan is the moment of its making.
        code = run([path for word in arguments for path in (undo_plans(word) if "undo/" in word else [word])])
        out, err = self.capture.readouterr()
        told = f"$ reconciler {shlex.join(arguments)}\n"
        self.stdout += f"{told}{out}(exit {code})\n"
        self.stderr += f"{told}{err}" if err else ""
        self.applied = self.applied or (arguments[0] == "apply" and code == 0 and "--dry-run" not in arguments)
        return code

    def vendor(self, token: str, method: str, path: str, body: str = "") -> None:
        """Change something as somebody else does, by the vendor's interface."""
        request = urllib.request.Request(  # noqa: S310 - the sandbox on loopback
            self.url + path,
            data=body.encode() or None,
            headers={"X-DOMO-Developer-Token": token, "Content-Type": "application/json"},
            method=method,
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

    def fault(self, method: str, path: str, kind: str, times: str = "1") -> None:
        """Let the next requests for a path meet a fault."""
        self.sandbox.faults.script(method, path, kind, times=int(times))

    def found(self) -> dict[str, str]:
        sections = {"stdout": self.stdout}
        if "stderr" in self.archive.sections:
            sections["stderr"] = self.stderr
        if "requests" in self.archive.sections:
            sections["requests"] = self.requests()
        for name in self.archive.sections:
            if name.startswith("after/"):
                sections[name] = Path(name.removeprefix("after/")).read_text("utf-8")
        return {name: self._steady(text) for name, text in sections.items()}

    def requests(self) -> str:
        """What was sent to change something, in order."""
        lines = []
        for sent in self.sandbox.requests:
            if writes(sent):
                query = f"?{sent.query}" if sent.query else ""
                body = f" {compact(sent.body)}" if sent.body else ""
                lines.append(f"{sent.method} {sent.path}{query}{body} -> {sent.status}\n")
        return "".join(lines)

    def assert_second_plan_is_empty(self) -> None:
        code = run(["plan"])
        out, err = self.capture.readouterr()
        assert (code, out) == (0, "No changes. Live state matches the manifests.\n"), err

    def _steady(self, text: str) -> str:
        """`text` without what differs from run to run: made-up ids, moments and the port."""
        text = MOMENT.sub("<moment>", JOURNAL.sub(r"<\1>", text.replace(self.url, "URL")))
        known = json.dumps(documents_seed(), default=str)

        def name(match: re.Match[str]) -> str:
            if match[0] in known:
                return match[0]
            return self.ids.setdefault(match[0], f"<id {len(self.ids) + 1}>")

        return NEXT.sub("; next: <runs>", UUID.sub(name, text))


def undo_plans(glob: str) -> list[str]:
    return [str(path) for path in sorted(Path().glob(glob))]


def commit(tag: str) -> None:
    """Commit everything in the current folder, and call it `tag`."""
    who = ("-c", "user.name=Test", "-c", "user.email=test@acme.example", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "-A", "manifests"), (*who, "commit", "-q", "-m", tag), ("tag", tag)):
        subprocess.run(["git", *words], check=True, capture_output=True)  # noqa: S603, S607


def compact(body: str) -> str:
    """A body on one line; of a whole stream only what is about its schedule, for the rest is given back as it was."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    told = ""
    if isinstance(value, dict) and len(value) > MANY:
        kept = {name: member for name, member in value.items() if "chedule" in name}
        told, value = f" and {len(value) - len(kept)} other members", kept
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + told
