"""Networks and servers that fail: what is written is right in the end, and nothing is made twice."""

from __future__ import annotations

import threading

import pytest

from reconciler.core.changes import Add, apply
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError, Request
from reconciler.diffing import keyed
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag
from reconciler.sandbox import Faults, World
from tests.providers.connected import CLIENTS, COVID, ROLES, Bench, Start, ref
from tests.providers.samples import DESIRED, OWN

KINDS = [
    *("429", "429-date", "429-nan", "500", "502", "503", "reset", "500-after", "reset-after", "lost", "cut"),
    *("truncated", "empty", "html", "gzip"),
]


def settle(bench: Bench, facet: str) -> None:
    """Write until the vendor says it worked or reading shows it did, as an apply that is run again would."""
    desired = (*((OWN,) if facet == "permissions" else ()), *DESIRED[facet][0])
    for _ in range(8):
        try:
            found = bench.read(COVID, facet).facets[facet]
            if set(found.elements) == set(desired):
                return
            step = Step(ref(COVID).address.of(facet), "write", keyed(found.elements, desired), desired)
            assert set(apply(found.elements, step.changes)) == set(desired)
            bench.session.write(ref(COVID), step, found)
        except ProviderError as error:
            if not (error.retryable or error.uncertain):
                raise
    raise AssertionError(facet)


@pytest.mark.parametrize("world", ["documented", "observed"])
@pytest.mark.parametrize("seed", range(3))
def test_a_fifth_of_all_requests_may_fail(start: Start, world: str, seed: int) -> None:
    """Every facet ends as desired."""
    bench = start(World.parse(world), faults=Faults(0.2, seed, KINDS))
    for facet in DESIRED:
        settle(bench, facet)
    bench.sandbox.faults.rate = 0.0
    # The hand-over of the owner changes the access list once more.
    for facet in set(DESIRED) - {"permissions"}:
        assert set(bench.elements(COVID, facet)) == set(DESIRED[facet][0])


@pytest.mark.parametrize("kind", ["500-after", "reset-after", "lost", "truncated", "empty", "html", "cut"])
def test_a_creation_whose_answer_is_lost_is_not_sent_again(start: Start, kind: str) -> None:
    """Two would be two datasets."""
    bench = start()
    bench.sandbox.faults.script("POST", "/api/data/v2/datasources", kind, times=5)
    column = Column("a", "LONG")
    step = Step(ref(ROLES).address.of("schema"), "create", (Add(column),), (column,))
    with pytest.raises(ProviderError) as caught:
        bench.session.create(step)
    assert caught.value.uncertain
    assert len(bench.writes()) == 1


@pytest.mark.parametrize("kind", ["429", "429-after", "reset"])
def test_what_is_lost_before_it_arrives(start: Start, kind: str) -> None:
    """429 is repeated even for a creation: it says that nothing was made. A reset says nothing."""
    bench = start()
    bench.sandbox.faults.script("POST", "/api/data/v2/datasources", kind)
    column = Column("a", "LONG")
    step = Step(ref(ROLES).address.of("schema"), "create", (Add(column),), (column,))
    if kind == "reset":
        with pytest.raises(ProviderError):
            bench.session.create(step)
    else:
        assert bench.elements(bench.session.create(step), "schema") == (column,)


@pytest.mark.parametrize("facet", ["schema", "tags", "permissions", "owner", "schedule", "retention"])
@pytest.mark.parametrize("kind", ["html", "401", "empty", "truncated"])
def test_a_read_that_cannot_be_understood_is_an_error(start: Start, facet: str, kind: str) -> None:
    """Never an empty list."""
    bench = start()
    bench.sandbox.faults.script("GET", "*", kind, times=100)
    with pytest.raises(ProviderError) as caught:
        bench.read(CLIENTS, facet)
    assert not caught.value.uncertain
    assert not caught.value.missing


def test_a_facet_that_fails_last_spoils_the_whole_read(start: Start) -> None:
    """A snapshot is whole or there is none."""
    bench = start()
    bench.sandbox.faults.script("GET", "/api/data/ui/*", "401", times=100)
    with pytest.raises(ProviderError, match="the token of target acme was refused"):
        bench.read(CLIENTS)


def test_a_server_that_is_away_is_said_so(start: Start) -> None:
    """Nothing listens."""
    bench = Bench.connect(start().sandbox, "http://127.0.0.1:9", "read")
    with pytest.raises(ProviderError, match="target acme cannot be reached") as caught:
        bench.read(CLIENTS)
    assert (caught.value.retryable, caught.value.uncertain) == (True, False)


def test_threads_keep_their_rehearsals_apart(start: Start) -> None:
    """What one thread would have sent is not told to another."""
    bench = start(access="rehearse")
    told: dict[str, tuple[Request, ...]] = {}

    def rehearse(name: str) -> None:
        found = bench.read(COVID, "tags").facets["tags"]
        step = Step(ref(COVID).address.of("tags"), "tag", (Add(Tag(name)),), ())
        for _ in range(5):
            bench.session.write(ref(COVID), step, found)
        told[name] = bench.session.rehearsed

    threads = [threading.Thread(target=rehearse, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(requests) == 1 and f'"{name}"' in str(requests[0].body) for name, requests in told.items())
