"""What a read rests on: how many requests, what is learned of the server, and when nothing may be concluded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reconciler.core.ports import Batching, ProviderError
from reconciler.facets.permissions import Grant
from reconciler.sandbox import OBSERVED, World, documents_seed
from tests.providers.connected import CLIENTS, COVID, ROLES, Bench, Start, ref

FOUR = ("owner", "schema", "tags", "permissions")


@pytest.mark.parametrize(("world", "requests"), [(World(), 4), (OBSERVED, 3)], ids=["documented", "observed"])
def test_each_thing_is_asked_for_once(start: Start, world: World, requests: int) -> None:
    """Owner and tags share the metadata where it holds both; what was asked to know the server is asked once."""
    bench = start(world)
    for dataset in (ROLES, CLIENTS):
        assert bench.read(dataset, *FOUR).requests == requests
    bench.sandbox.clear_requests()
    bench.read(CLIENTS, *FOUR)
    assert len(bench.asked()) == requests


def test_all_six_facets_take_eight_requests(bench: Bench) -> None:
    """Metadata, schema, tags, permissions, stream, versions, and twice partitions."""
    assert bench.read(CLIENTS).requests == 8


def test_threads_learn_about_a_server_once(start: Start) -> None:
    """Eight threads, one question."""
    bench = start(OBSERVED)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: bench.read(ROLES, "tags"), range(24)))
    assert bench.asked().count(f"GET /api/data/ui/v3/datasources/{ROLES}/tags") == 1


@pytest.mark.parametrize("facet", ["schema", "tags", "permissions", "owner", "schedule", "retention"])
@pytest.mark.parametrize("world", [World(), OBSERVED], ids=["documented", "observed"])
def test_a_missing_dataset_is_told_from_a_missing_endpoint(start: Start, world: World, facet: str) -> None:
    """A 404 teaches nothing about the server unless the dataset is there."""
    bench = start(world)
    with pytest.raises(ProviderError) as caught:
        bench.read("no-such-dataset", facet)
    assert caught.value.missing
    assert "acme" in caught.value.summary
    assert bench.read(COVID).diagnostics == ()


def test_a_dataset_without_a_stream_says_so(bench: Bench) -> None:
    """A schedule that cannot be is an error with a way out, not a silent skip."""
    snapshot = bench.read(ROLES)
    assert "schedule" not in snapshot.facets
    (diagnostic,) = snapshot.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("schedule-without-stream", "error")
    assert diagnostic.hint


def test_principals_have_the_names_of_the_directory(bench: Bench) -> None:
    """Ids are the vendor's, names are the manifests'."""
    grants = bench.elements(COVID, "permissions")
    assert "user:viewer" in {str(grant.principal) for grant in grants if isinstance(grant, Grant)}


@pytest.mark.parametrize("identifier", ["", ".", ".."], ids=repr)
def test_an_id_cannot_lead_to_another_path(bench: Bench, identifier: str) -> None:
    """A URL's dots would be resolved away."""
    with pytest.raises(ProviderError):
        bench.read(identifier, "tags")
    assert bench.asked() == []


def test_an_id_is_one_segment_of_a_path(bench: Bench) -> None:
    """Slashes and question marks in it are encoded."""
    with pytest.raises(ProviderError):
        bench.read("a/../b?c#d", "owner")
    assert bench.asked()[0] == "GET /api/data/v3/datasources/a%2F..%2Fb%3Fc%23d"


def test_loopback_is_reached_past_any_proxy(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy is for the vendor."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert start().read(ROLES, "tags").facets["tags"].elements == ()


@pytest.mark.parametrize(
    ("world", "requests"),
    [(World(), [4, 4, 4]), (OBSERVED, [3, 2, 3])],
    ids=["documented", "observed"],
)
def test_many_datasets_are_read_in_bulk_where_the_server_can(start: Start, world: World, requests: list[int]) -> None:
    """One request for the metadata of all, counted with the first; who has no tags in it is asked for once more."""
    bench = start(world)
    wanted = [CLIENTS, COVID, ROLES]
    tagged = {"domo": {"datasets": [{**dataset, "tags": ["a"]} for dataset in seeded(CLIENTS)]}}
    bench.sandbox.seed(tagged)
    assert isinstance(bench.session, Batching)
    bench.session.expect({ref(dataset): frozenset(FOUR) for dataset in wanted})
    bulk = [bench.read(dataset, *FOUR) for dataset in wanted]
    assert [snapshot.requests for snapshot in bulk] == requests
    alone = [bench.read(dataset, *FOUR) for dataset in wanted]
    assert [snapshot.facets for snapshot in bulk] == [snapshot.facets for snapshot in alone]
    asked = [path for path in bench.asked() if path.endswith("/bulk")]
    assert asked == ["POST /api/data/v3/datasources/bulk"]


def seeded(key: str) -> list[Any]:
    return [dataset for dataset in documents_seed()["domo"]["datasets"] if dataset["id"] == key]


@pytest.mark.parametrize("kind", ["500", "truncated", "html", "401"])
def test_what_bulk_cannot_tell_is_asked_for_one_by_one(start: Start, kind: str) -> None:
    """A failed batch is no failed read, and a dataset that it leaves out is missing only when it says so itself."""
    bench = start(OBSERVED)
    bench.sandbox.faults.script("POST", "/api/data/v3/datasources/bulk", kind, times=10)
    assert isinstance(bench.session, Batching)
    bench.session.expect({ref(dataset): frozenset(FOUR) for dataset in (COVID, ROLES, "gone")})
    assert [bench.read(dataset, *FOUR).requests for dataset in (COVID, ROLES)] == [3, 3]
    with pytest.raises(ProviderError) as caught:
        bench.read("gone", *FOUR)
    assert caught.value.missing


def test_a_batch_is_read_by_many_threads_once(start: Start) -> None:
    """Two hundred datasets, two requests."""
    bench = start(OBSERVED)
    (pattern,) = seeded(ROLES)
    ids = [f"{number:08}-0000-4000-8000-000000000000" for number in range(200)]
    bench.sandbox.seed({"domo": {"datasets": [{**pattern, "id": key, "tags": ["a"]} for key in ids]}})
    assert isinstance(bench.session, Batching)
    bench.session.expect({ref(dataset): frozenset({"tags"}) for dataset in ids})
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda key: bench.read(key, "tags").requests, ids))
    assert (sum(counts), counts[0], counts[100]) == (2, 1, 1)
    assert len(bench.asked()) == 2
