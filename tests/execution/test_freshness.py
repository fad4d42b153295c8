"""A saved plan is compared with what is there now before anything of it is written."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.campaigns import stage
from tests.support.sent import writes
from tests.support.speaking import spoken

FOUR = stage.Extent(existing=4, new=0)


def test_datasets_are_looked_at_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many at once as the target allows: a thousand are not looked at one after the other."""
    monkeypatch.setenv("DOMO_TOKEN", stage.TOKEN)
    sandbox = stage.instance(extent=FOUR)
    together = threading.Barrier(FOUR.existing)
    met: set[str] = set()
    armed = False

    def respond(request: Request) -> Answer:
        dataset = next((name for name in map(stage.identifier, range(FOUR.existing)) if name in request.path), None)
        if armed and dataset and dataset not in met and not writes(request):
            met.add(dataset)
            together.wait(timeout=20)
        return sandbox.respond(request)

    with Server(respond) as server:
        root = str(stage.write_workspace(tmp_path, server.url, concurrency=FOUR.existing, extent=FOUR))
        plan = str(tmp_path / "plan.json")
        assert spoken("plan", "-w", root, "--out", plan)[0] == 0
        armed = True
        code, said = spoken("apply", "-w", root, plan)
        assert (code, together.broken, len(met)) == (0, False, FOUR.existing), said
    sandbox.close()
