"""What a read rests on: how many requests, what is learned of the server, and when nothing may be concluded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.core.ports import ProviderError
from reconciler.facets.permissions import Grant
from reconciler.sandbox import OBSERVED, World
from tests.providers.connected import CLIENTS, COVID, ROLES, Bench, Start

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


def test_all_six_facets_take_six_requests(bench: Bench) -> None:
    """Metadata, schema, tags, permissions, stream, versions."""
    assert bench.read(CLIENTS).requests == 6


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
