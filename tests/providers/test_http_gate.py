"""Reading and rehearsing cannot write."""

from __future__ import annotations

import pytest

from reconciler.core.changes import Add
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError, Request
from reconciler.diffing import keyed
from reconciler.facets.owner import Owner
from reconciler.facets.schema import Column
from reconciler.providers.http import Call
from reconciler.sandbox import World, documents_seed
from tests.providers.connected import ALL, COVID, ROLES, Bench, Start, ref
from tests.providers.samples import DESIRED, OWN, WORLDS
from tests.providers.wired import GET, POST, PUT, ok, wire
from tests.support.sent import writes

WRITES = [
    *(POST, PUT, Call("DELETE", "/a"), Call("PATCH", "/a"), Call("POST", "/read/x")),
    *(Call("PUT", "/read"), Call("DELETE", "/read"), Call("PATCH", "/read")),
]


@pytest.mark.parametrize("call", WRITES)
def test_a_reader_sends_no_write(call: Call) -> None:
    """Not even by a mistake of ours, nor by another method where a POST only reads."""
    made = wire([ok()], "read", (r"/read",))
    with pytest.raises(ProviderError, match="only reads"):
        made.client.send(call)
    assert made.sent == []


def test_a_reader_may_ask_by_post_where_that_changes_nothing() -> None:
    """Only what is named."""
    made = wire([ok()], "read", (r"/read/\w+",))
    made.client.send(GET)
    made.client.send(Call("POST", "/read/x", {"limit": "1"}, {}, reads=True))
    assert len(made.sent) == 2


@pytest.mark.parametrize("world", WORLDS)
def test_a_rehearsal_changes_nothing_and_tells_what_would_be_sent(start: Start, world: str) -> None:
    """The same code writes; the requests it records are those it would send."""
    rehearsing = start(World.parse(world), access="rehearse")
    writing = start(World.parse(world))
    before = rehearsing.sandbox.snapshot()
    for facet in sorted(ALL):
        found = rehearsing.read(COVID, facet).facets[facet]
        own = [grant for grant in found.elements if grant == OWN]
        desired = (*own, *DESIRED[facet][0])
        step = Step(ref(COVID).address.of(facet), "write", keyed(found.elements, desired), desired)
        rehearsing.session.write(ref(COVID), step, found)
        writing.sandbox.reset()
        writing.sandbox.seed(documents_seed())
        writing.write(COVID, facet, *desired)
        told = [r for r in writing.sandbox.requests if writes(r)]
        sent = [_request(r.method, r.path, r.query, r.body) for r in told]
        indexing = [request for request in sent if "/indexes" in request.path]
        assert [r.method for r in rehearsing.session.rehearsed] == [r.method for r in sent if r not in indexing]
    assert rehearsing.sandbox.snapshot() == before
    assert rehearsing.writes() == []


def test_a_rehearsed_creation_can_be_written_to(start: Start) -> None:
    """The steps after it are rehearsed too, though there is nothing to ask about yet."""
    bench = start(access="rehearse")
    column = Column("a", "LONG")
    create = Step(ref(ROLES).address.of("schema"), "create", (Add(column),), (column,))
    imagined = bench.session.create(create)
    (request,) = bench.session.rehearsed
    assert (request.method, request.path) == ("POST", "/api/data/v2/datasources")
    found = bench.read(imagined, "owner").facets["owner"]
    owner = Owner(OWN.principal)
    step = Step(ref(ROLES).address.of("owner"), "transfer", keyed(found.elements, (owner,)), (owner,))
    bench.session.write(ref(imagined), step, found)
    (request,) = bench.session.rehearsed
    assert (request.method, request.body) == ("PUT", '{"owner":{"id":"1345408759","type":"USER"}}')
    assert bench.writes() == []


def test_a_writer_records_nothing(bench: Bench) -> None:
    """It sends."""
    bench.write(COVID, "tags")
    assert bench.session.rehearsed == ()


def _request(method: str, path: str, query: str, body: str) -> Request:
    return Request(method, f"{path}?{query}" if query else path, body or None)
