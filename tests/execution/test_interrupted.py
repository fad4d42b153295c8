"""Who asks an apply to end gets what was sent settled, and nothing further sent."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from reconciler.execution import creating
from reconciler.sandbox.exchange import Request
from tests.campaigns import stage
from tests.support.sent import writes

from .bench import Bench
from .conftest import Set

CREATE = "/api/data/v2/datasources"
PRUNE = {"keepLast": 2, "prune": True, "guards": {"minAge": "1d", "maxDeletes": 100, "maxDeletePercent": 100}}


def interrupting(it: Bench, count: int = 1) -> None:
    """At the first write somebody presses Ctrl-C, so many times."""
    left = [count]

    def press(request: Request) -> None:
        if writes(request) and left[0]:
            for _ in range(left[0]):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.1)
            left[0] = 0

    it.meanwhile.append(press)


def wanting(name: str, spec: dict[str, object]) -> None:
    path = Path(f"manifests/{name}.yaml")
    path.write_text(json.dumps({**json.loads(path.read_text()), "spec": spec}))


def versions(it: Bench) -> int:
    (found,) = stage.end_state(it.sandbox)["d0"]
    return len(found["versions"])


def test_no_further_part_of_a_prune_is_begun(bench: Set) -> None:
    """Forty versions are to go, ten at a time; the first ten went, and the next apply goes on with the others."""
    it = bench()
    seed = stage.seed(stage.Extent(1, 0))
    (dataset,) = seed["domo"]["datasets"]
    day = {"schemaId": 1, "uploadStatus": "success"}
    dataset["versions"] = [{**day, "dataId": n, "recordedDate": f"2026-01-01T00:{n:02}:00Z"} for n in range(1, 43)]
    it.sandbox.seed(seed)
    wanting("d0", {"retention": PRUNE})
    interrupting(it)
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], versions(it)) == (130, "Apply: 0 done, 1 failed.", 32), err
    assert "acme/d0.retention prune: interrupted: it was ended; 10 of 40 were done before" in err
    assert it.events()[-1]["state"] == "interrupted"
    assert it.run("apply", "--resume")[0] == 0
    assert versions(it) == 2
    it.assert_settled()


@pytest.mark.parametrize(("fault", "expected"), [("429", (130, "1 failed")), ("503", (5, "1 uncertain"))])
@pytest.mark.parametrize("presses", [1, 2])
def test_a_write_that_failed_is_not_made_anew(fault: str, expected: tuple[int, str], presses: int, bench: Set) -> None:
    """It is read whether it took effect. 130 says that all is settled: what may still be on its way is not."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    interrupting(it, presses)
    it.sandbox.faults.script("POST", "*/tags", fault, times=20)
    begun = time.monotonic()
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (expected[0], f"Apply: 0 done, {expected[1]}."), err
    assert len(it.writes()) == 1
    assert time.monotonic() - begun < 3
    it.sandbox.faults = type(it.sandbox.faults)()
    assert it.run("apply", "--resume")[0] == 0


def test_a_write_that_took_effect_is_done(bench: Set) -> None:
    """Its answer was lost; reading tells."""
    it = bench()
    wanting("d0", {"tags": ["gold"]})
    interrupting(it)
    it.sandbox.faults.script("POST", "*/tags", "lost")
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1], len(it.writes())) == (0, "Apply: 1 done.", 1), err


def test_a_creation_that_was_not_made_is_not_sent_anew(bench: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list tells that it is not there; the next apply makes it."""
    monkeypatch.setattr(creating, "TOO_EARLY", 0.0)
    it = bench(existing=0, new=1)
    interrupting(it)
    it.sandbox.faults.script("POST", CREATE, "html")
    code, out, err = it.apply()
    assert (code, out.splitlines()[-1]) == (130, "Apply: 0 done, 1 failed, 4 skipped."), err
    assert it.writes() == [f"POST {CREATE}"]
    assert it.run("apply", "--resume")[0] == 0
    it.assert_settled()
