"""A stand-in for GitLab's API on loopback, as far as our jobs ask it: merge requests, pipelines, jobs, artifacts."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "gitlab-token"


@dataclass
class GitLab:
    """What the stand-in knows of project 5, and where it listens."""

    url: str = ""
    merged: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Merge requests by the commit that their merge made."""
    pipelines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Of each merge request, newest first."""
    jobs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Of each pipeline."""
    plans: dict[str, bytes] = field(default_factory=dict)
    """What each job left as plan.json."""
    deployments: list[dict[str, Any]] = field(default_factory=list)
    raw: bytes | None = None
    """What is said to everything instead, if not None."""

    def answer(self, path: str) -> bytes | None:
        """What is at `path` below the project; None: nothing is."""
        if self.raw is not None:
            return self.raw
        parts: dict[str, Any] = {
            r"repository/commits/(\w+)/merge_requests": self.merged,
            r"merge_requests/(\d+)/pipelines": self.pipelines,
            r"pipelines/(\d+)/jobs\?per_page=100": self.jobs,
        }
        for pattern, known in parts.items():
            if match := re.fullmatch(pattern, path):
                return json.dumps(known.get(match[1], [])).encode()
        if path.startswith("deployments?environment=reconciler-apply&status=success&"):
            return json.dumps(self.deployments).encode()
        match = re.fullmatch(r"jobs/(\d+)/artifacts/reconciler-out/plan.json", path)
        return self.plans.get(match[1]) if match else None


@contextmanager
def serving(gitlab: GitLab) -> Iterator[None]:
    """Serve `gitlab` on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = gitlab.answer(self.path.removeprefix("/api/v4/projects/5/"))
            known = self.headers.get("PRIVATE-TOKEN") == TOKEN
            self.send_response(200 if known and body is not None else 404 if known else 401)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    gitlab.url = f"http://127.0.0.1:{server.server_port}/api/v4"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
