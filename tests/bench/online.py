"""What rests on a vendor's answers: a plan against a bare fetch of the same requests, and an apply's use of a rate."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from .measure import PYTHON, RECONCILER, ROOT, Row, in_turns, row, spend
from .offline import fresh
from .workspaces import write_online

MILLISECONDS = 30
TOKEN = {"BENCH_TOKEN": "bench"}
FASTEST = 10_000

THREADS = """\
import sys, threading
port, count, connections = map(int, sys.argv[1:])
def fetch(first):
    get = opened()
    for number in range(first, count, connections):
        get(f"/api/data/v3/datasources/{number}")
threads = [threading.Thread(target=fetch, args=(first,)) for first in range(connections)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
RAW = """\
import http.client
def opened():
    connection = http.client.HTTPConnection("127.0.0.1", port)
    def get(path):
        connection.request("GET", path)
        connection.getresponse().read()
    return get
"""
HTTPX = """\
import httpx
def opened():
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=False)
    return lambda path: client.get(path).content
"""
BARE = {"http.client in threads": RAW + THREADS, "httpx in threads, a client each": HTTPX + THREADS}
"""Fetches that do nothing else: by the fastest client that Python has, and by the one that the product uses."""


@contextmanager
def vendor(milliseconds: float, *, bulk: bool = False) -> Iterator[int]:
    """The port of a server that answers after `milliseconds`."""
    command = [sys.executable, "-m", "tests.bench.server", str(milliseconds), *["bulk"] * bulk]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            yield int(process.stdout.readline()) if process.stdout else 0
        finally:
            process.terminate()


def asked(port: int) -> list[tuple[float, str, str, int]]:
    """Each request so far: when it came, in seconds; method, path, and the status of its answer."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/log") as answer:
        return [(float(moment), method, path, status) for moment, method, path, status in json.load(answer)]


def planning(count: int, connections: int, rounds: int, bar: str) -> Iterator[Row]:
    """A plan of `count` unchanged datasets against bare fetches of as many documents on as many connections."""
    with vendor(MILLISECONDS) as port:
        url = f"http://127.0.0.1:{port}"
        folder = write_online(fresh(f"online-{connections}"), count, url, concurrency=connections, rate=FASTEST)
        plan = [*RECONCILER, "plan", "-w", str(folder)]
        spend(plan, TOKEN)
        requests = len(asked(port)) / count
        words = [str(port), str(round(count * requests)), str(connections)]
        turns = {name: lambda code=code: spend([*PYTHON, "-c", code, *words]) for name, code in BARE.items()}
        found = in_turns({**turns, "plan": lambda: spend(plan, TOKEN)}, rounds)
    for name in BARE:
        ratios = [p.wall / b.wall for p, b in zip(found["plan"], found[name], strict=True)]
        title = f"planning online: {count:,} datasets, {MILLISECONDS} ms, {connections} connections, against {name}"
        note = f"{requests:.2f} requests per dataset; start-up included"
        yield row(title, ratios, "x", bar, note=note)


def bulk(count: int, connections: int) -> Iterator[Row]:
    """Requests of a plan where the server reads many datasets at once."""
    with vendor(MILLISECONDS, bulk=True) as port:
        url = f"http://127.0.0.1:{port}"
        folder = write_online(fresh("bulk"), count, url, concurrency=connections, rate=FASTEST)
        spent = spend([*RECONCILER, "plan", "-w", str(folder)], TOKEN)
        requests = len(asked(port)) / count
    note = f"{count:,} datasets planned in {spent.wall:.1f} s"
    yield row("planning online: requests per dataset where the server has bulk reads", [requests], "", "≤ 1", note=note)


def applying(count: int, rate: int) -> Iterator[Row]:
    """`count` datasets whose tags change, at `rate` requests per second."""
    with vendor(5) as port:
        url = f"http://127.0.0.1:{port}"
        folder = write_online(fresh("apply"), count, url, concurrency=16, rate=rate, tag="changed")
        allow = ["--allow", "too-many-changes"]
        spend([*RECONCILER, "apply", "-w", str(folder), "--auto-approve", *allow], TOKEN)
        log = asked(port)
        spend([*RECONCILER, "plan", "-w", str(folder), "--detailed-exitcode"], TOKEN)  # nothing is left to do
    moments = sorted(moment for moment, *_ in log)
    used = len(moments) / (moments[-1] - moments[0]) / rate * 100
    busiest = max(
        sum(1 for later in moments[at : at + 3 * rate] if later < moment + 1) for at, moment in enumerate(moments)
    )
    note = f"{len(log) / count:.2f} requests per change"
    yield row(f"apply: {count:,} changes at {rate}/s, part of the rate that was used", [used], "%", "≥ 95 %", note=note)
    yield row("apply: most requests in any second, as the server counts", [float(busiest)], "", f"≤ {rate}")
    wasted, learned = _wasted(log)
    note = f"beside the {learned} by which the server was got to know"
    yield row("apply: requests that nobody needed", [float(wasted)], "", "≤ 0", note=note)


def _wasted(log: list[tuple[float, str, str, int]]) -> tuple[int, int]:
    """How many requests told nothing new and changed nothing; and how many asked what the server can do at all.

    Of a dataset are needed: a look to plan, one just before the first write, the writes, and a look behind the last.
    """
    learned: set[str] = set()
    by_dataset: dict[str, list[str]] = {}
    for _, method, path, _ in sorted(log):
        place = path.partition("?")[0]
        endpoint = place.rpartition("/")[2]
        if endpoint in {"bulk", "tags"} and not is_write(method, endpoint) and endpoint not in learned:
            learned.add(endpoint)
            continue
        kind = "write" if is_write(method, endpoint) else "look"
        by_dataset.setdefault(place.removesuffix("/tags").rpartition("/")[2], []).append(kind)
    wasted = 0
    for kinds in by_dataset.values():
        writes = kinds.count("write")
        needed = ["look", "look", *["write"] * writes, "look"] if writes else ["look"]
        wasted += 0 if kinds == needed else max(1, len(kinds) - len(needed))
    refused = sum(status >= HTTPStatus.BAD_REQUEST for *_, status in log)
    return wasted + max(0, refused - len(learned)), len(learned)


def is_write(method: str, endpoint: str) -> bool:
    """Whether a request changes something; asking for many at once is a POST, too."""
    return method != "GET" and endpoint != "bulk"
