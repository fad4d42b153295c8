"""Four applies of one workspace at once, round after round: one works, three are told who does.

    python -m tests.campaigns.rivals [--rounds 50]

The instance holds the first write back until the three others are gone. In every other round the one that works is
killed there, and an apply that begins at once must get the lock.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.sandbox import Sandbox
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from tests.support.sent import writes

from . import stage

RIVALS = 4
LOCKED = 6
PATIENCE = 60.0
"""Seconds after which a round counts as wrong."""
FEW = stage.Extent(existing=2, new=0)
HOLDER = re.compile(r"lock-held: target acme is locked by process (\d+) of ")


@dataclass(slots=True)
class Gate:
    """An instance whose first write waits until it may pass."""

    sandbox: Sandbox
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def respond(self, request: Request) -> Answer:
        if writes(request):
            self.reached.set()
            self.opened.wait(PATIENCE)
        return self.sandbox.respond(request)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one round came to."""

    killed: bool
    codes: tuple[int, ...]
    """How the applies ended, the smallest first."""
    named: int
    """How many of those that were refused named the process that worked."""
    slowest: float
    """Seconds from the first write, when the lock was long taken, until the last rival was gone."""
    freed: float
    """Seconds that the next apply took from the kill to its end; 0 without a kill."""
    wrong: str


def one(folder: Path, *, kill: bool) -> Verdict:
    """A round."""
    sandbox = stage.instance(extent=FEW)
    gate = Gate(sandbox)
    with Server(gate.respond) as server:
        root = stage.write_workspace(folder, server.url, extent=FEW)
        rivals = [stage.start(folder, "apply", "--auto-approve") for _ in range(RIVALS)]
        began = time.monotonic()
        wrong = "" if gate.reached.wait(PATIENCE) else "nobody wrote"
        worker, others = _parted(rivals)
        slowest = time.monotonic() - began
        told = [other.communicate()[0] for other in others]
        freed = _killed(worker, gate, folder) if kill else 0.0
        gate.opened.set()
        worker.communicate()
        verdict = Verdict(
            kill,
            tuple(sorted(rival.returncode for rival in rivals)),
            sum(HOLDER.findall(text) == [str(worker.pid)] for text in told),
            slowest,
            freed,
            wrong or stage.left(root),
        )
    sandbox.close()
    return verdict


def _parted(rivals: list[subprocess.Popen[str]]) -> tuple[subprocess.Popen[str], list[subprocess.Popen[str]]]:
    """The one that is still there when the others are gone."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        alive = [rival for rival in rivals if rival.poll() is None]
        if len(alive) == 1:
            break
        time.sleep(0.005)
    worker = next((rival for rival in rivals if rival.poll() is None), rivals[0])
    return worker, [rival for rival in rivals if rival is not worker]


def _killed(worker: subprocess.Popen[str], gate: Gate, folder: Path) -> float:
    """Kill the one that works; the seconds that the next apply takes from then on."""
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    begun = time.monotonic()
    gate.opened.set()
    heir = stage.start(folder, "apply", "--auto-approve")
    out, _ = heir.communicate()
    assert heir.returncode == 0, out
    return time.monotonic() - begun


def figures(verdicts: list[Verdict]) -> dict[str, object]:
    """What the table shows."""
    codes = Counter(verdict.codes for verdict in verdicts)
    return {
        "rounds of four applies": len(verdicts),
        "exit codes": "; ".join(f"{', '.join(map(str, key))}: {count} times" for key, count in codes.items()),
        "refused, and told the process that worked": sum(verdict.named for verdict in verdicts),
        "killed in the middle": sum(verdict.killed for verdict in verdicts),
        "wrong": sum(map(bad, verdicts)),
        "seconds for all three refusals, start included": f"{max(each.slowest for each in verdicts):.2f} at most",
        "seconds from a kill to the end of the next apply": f"{max(each.freed for each in verdicts):.2f} at most",
    }


def bad(verdict: Verdict) -> bool:
    """Whether it is not what the product promises: one works, the others learn who; nothing is left to do."""
    worker = -signal.SIGKILL if verdict.killed else 0
    right = tuple(sorted([worker] + [LOCKED] * (RIVALS - 1)))
    return bool(verdict.wrong) or verdict.codes != right or verdict.named != RIVALS - 1


def main() -> int:
    parser = argparse.ArgumentParser(description="four applies of one workspace at once")
    parser.add_argument("--rounds", type=int, default=50)
    asked = parser.parse_args()
    os.environ["DOMO_TOKEN"] = stage.TOKEN
    with tempfile.TemporaryDirectory(prefix="reconciler-rivals-") as folder:
        verdicts = [one(Path(folder) / str(number), kill=number % 2 == 1) for number in range(asked.rounds)]
    sys.stdout.write(stage.table("Rivals", figures(verdicts)))
    wrong = [verdict for verdict in verdicts if bad(verdict)]
    for verdict in wrong:
        sys.stdout.write(f"\n{verdict}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
