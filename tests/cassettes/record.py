"""Record every scene from the sandbox, in both worlds: `python -m tests.cassettes.record`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vcr  # type: ignore[import-untyped]

from reconciler.core.ports import Writer
from reconciler.sandbox import Sandbox, World, documents_seed
from tests.cassettes.scenes import SCENES, session
from tests.providers.connected import CANARY

WORLDS = ("documented", "observed")
HERE = Path(__file__).parent
INSTANCE = "https://acme.domo.com"
"""Whom the cassettes pretend to have been recorded from: the sandbox's port differs from run to run."""
MATCH = ("method", "scheme", "host", "path", "query", "body")


@contextmanager
def live(world: str) -> Iterator[Writer]:
    """A session with a sandbox that nobody has touched yet."""
    sandbox = Sandbox(world=World.parse(world))
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        domo = session(server.url, CANARY)
        yield domo
        domo.close()
    sandbox.close()


def record(world: str, scene: str, path: Path) -> None:
    """Play `scene` in `world`, and write what was exchanged to `path`."""
    path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        match_on=MATCH,
        record_mode="all",
        before_record_request=_elsewhere,
        before_record_response=_bare,
        filter_headers=["X-DOMO-Developer-Token", "Connection", "Content-Length", "Host", "User-Agent"],
    )
    with live(world) as domo, recorder.use_cassette(str(path)):
        SCENES[scene](domo)
    assert CANARY not in path.read_text("utf-8"), path


def _elsewhere(request: Any) -> Any:
    """Say that the request went to the instance."""
    request.uri = f"{INSTANCE}/{request.uri.split('/', 3)[3]}"
    return request


def _bare(response: dict[str, Any]) -> dict[str, Any]:
    """Leave out the headers that say when and by whom."""
    kept = {name: value for name, value in response["headers"].items() if name.lower() == "content-type"}
    return {**response, "headers": kept}


def main() -> int:
    """Record everything anew."""
    for world in WORLDS:
        (HERE / world).mkdir(exist_ok=True)
        for scene in SCENES:
            record(world, scene, HERE / world / f"{scene}.yaml")
            sys.stdout.write(f"recorded {world}/{scene}.yaml\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
