"""What rests on a vendor's answers: a plan against a bare fetch of the same requests."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from .measure import PYTHON, RECONCILER, ROOT, Row, in_turns, row, spend
from .offline import fresh
from .workspaces import write_online

MILLISECONDS = 30
TOKEN = {"BENCH_TOKEN": "bench"}

BARE = """\
import http.client, sys, threading
port, count, connections = map(int, sys.argv[1:])
def fetch(first):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(first, count, connections):
        connection.request("GET", f"/api/data/v3/datasources/{number}")
        connection.getresponse().read()
threads = [threading.Thread(target=fetch, args=(first,)) for first in range(connections)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@contextmanager
def vendor(milliseconds: float) -> Iterator[int]:
    """The port of a server that answers after `milliseconds`."""
    command = [sys.executable, "-m", "tests.bench.server", str(milliseconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield int(process.stdout.readline()) if process.stdout else 0
        finally:
            process.terminate()


def starts(port: int) -> list[float]:
    """When each request came, in seconds."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/starts") as answer:
        return [float(moment) for moment in json.load(answer)]


def planning(count: int, connections: int, rounds: int, bar: str) -> Iterator[Row]:
    """A plan of `count` unchanged datasets against a fetch of as many documents by threads of `http.client`."""
    with vendor(MILLISECONDS) as port:
        url = f"http://127.0.0.1:{port}"
        folder = write_online(fresh(f"online-{connections}"), count, url, concurrency=connections, rate=1000)
        plan = [*RECONCILER, "plan", "-w", str(folder)]
        before = len(starts(port))
        spend(plan, TOKEN)
        requests = (len(starts(port)) - before) / count
        turns = {
            "bare": lambda: spend([*PYTHON, "-c", BARE, str(port), str(int(count * requests)), str(connections)]),
            "plan": lambda: spend(plan, TOKEN),
        }
        found = in_turns(turns, rounds)
    ratios = [p.wall / b.wall for p, b in zip(found["plan"], found["bare"], strict=True)]
    name = f"planning online: {count:,} datasets, {MILLISECONDS} ms, {connections} connections, against a bare fetch"
    yield row(name, ratios, "x", bar, note=f"{requests:.2f} requests per dataset; start-up included")


def applying(count: int, rate: int) -> Iterator[Row]:
    """`count` datasets whose tags change, at `rate` requests per second."""
    with vendor(5) as port:
        url = f"http://127.0.0.1:{port}"
        folder = write_online(fresh("apply"), count, url, concurrency=16, rate=rate, tag="changed")
        allow = ["--allow", "too-many-changes"]
        spend([*RECONCILER, "apply", "-w", str(folder), "--auto-approve", *allow], TOKEN)
        moments = sorted(starts(port))
    used = len(moments) / (moments[-1] - moments[0]) / rate * 100
    busiest = max(
        sum(1 for later in moments[at : at + 3 * rate] if later < moment + 1) for at, moment in enumerate(moments)
    )
    yield row(f"apply: {count:,} changes at {rate}/s, part of the rate that was used", [used], "%", "≥ 95 %")
    yield row("apply: most requests in any second", [float(busiest)], "", f"≤ {rate}")
