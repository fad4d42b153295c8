"""Where Clarifai's requests go, and what can be asked for at all."""

from __future__ import annotations

import pytest

from reconciler.core.ports import ProviderError
from reconciler.facets import BY_NAME
from reconciler.providers import by_name
from reconciler.providers.clarifai import PROVIDER
from reconciler.providers.clarifai.client import base_of
from reconciler.providers.clarifai.session import BINDINGS
from tests.providers.clarifai_bench import JUNE, LONG, api_of, ref, seeded, serve, step, target

HOSTILE = [
    "a/b",
    "a b",
    "a%2Fb",
    "../vehicles",
    "vehicles/versions",
    "vehicles?x=1",
    "vehicles#x",
    "ä😀\u202e",
    "{}",
    "{0.__class__}",
    "a\\b",
    "a;b&c=d",
    "vehicles\r\nX-Evil: 1",
    "x" * 2000,
]


@pytest.mark.parametrize("dataset", HOSTILE)
def test_an_id_stays_one_segment_of_the_path(dataset: str) -> None:
    """Whatever it looks like, it reaches its own dataset; hostile ids of versions travel in the body."""
    versions = [{"id": each, "created_at": "2020-01-01T00:00:00.000000Z"} for each in HOSTILE]
    with serve(seed=seeded(*versions, dataset=dataset)) as bench:
        assert set(bench.elements(dataset)) == set(HOSTILE)
        bench.delete(*HOSTILE, dataset=dataset)
        assert bench.elements(dataset) == {}
        assert len(bench.elements()) == 8


@pytest.mark.parametrize("dataset", ["", ".", "..", "a\ud800"], ids=ascii)
def test_an_id_that_leads_elsewhere_is_none(dataset: str) -> None:
    """Nothing is sent; likewise of half a surrogate pair, which a vendor's JSON can hold and no path can."""
    with serve() as bench:
        with pytest.raises(ProviderError, match="is not an id"):
            bench.read(dataset)
        assert bench.sandbox.requests == []


@pytest.mark.parametrize("half", [{"userId": "acme"}, {"appId": "catalog"}])
def test_half_an_app_is_an_error(half: dict[str, str]) -> None:
    """Before anything is sent."""
    with pytest.raises(ProviderError) as caught:
        PROVIDER.connect(target("https://api.clarifai.com", settings=half), "read")
    assert caught.value.summary == "target vision says only one of userId and appId"


def test_user_and_app_are_segments_too() -> None:
    """Their ids are encoded like all others."""
    place = target("https://api.clarifai.com", settings={"userId": "a/b", "appId": "ü"})
    assert base_of(place) == "/v2/users/a%2Fb/apps/%C3%BC"


def test_a_personal_token_on_the_short_path_is_told_what_to_do() -> None:
    """Recorded: 401, 11008 (notes 0)."""
    with serve() as bench:
        session = PROVIDER.connect(target(bench.url, settings={}), "read")
        with pytest.raises(ProviderError) as caught:
            session.read(ref(), frozenset({"retention"}))
        session.close()
    assert caught.value.summary == (
        "the token of target vision was refused (11008 API key invalid: Must provide app external ID in API authorizer)"
    )
    assert caught.value.hint == (
        "Without userId and appId the token must be a key of one app; with them, a personal access token will do."
    )


def test_what_it_cannot_do_is_said_for_every_facet() -> None:
    """Bound, or refused in a sentence; and it creates nothing."""
    can = by_name()["clarifai"].capabilities
    assert can.facets | set(can.opened.values()) == set(BINDINGS)
    assert can.facets | set(can.refusals) == set(BY_NAME)
    assert not can.facets & set(can.refusals)
    assert not can.creates
    assert PROVIDER.newborn(None) == {}


def test_a_creation_is_refused() -> None:
    """No plan has such a step."""
    with serve() as bench:
        live = bench.read().elements
        with pytest.raises(ProviderError, match="vehicles cannot be created"):
            bench.session.create(step(live, [JUNE]))
        assert bench.writes() == []


def test_the_declared_ways_to_change_a_version() -> None:
    """004, Add, Get and Change: what is sent is what the document shows."""
    with serve() as bench, api_of(bench) as api:
        api.add_versions("vehicles", [{"id": "new", "name": "foo", "dataset_filter": {"id": "f"}}])
        api.patch_versions("vehicles", [{"id": "new", "name": "bar"}])
        assert api.version("vehicles", "new").name == "bar"
        path = f"/v2/users/{LONG['userId']}/apps/{LONG['appId']}/datasets/vehicles/versions"
        assert bench.writes() == [
            f'POST {path} {{"dataset_versions":[{{"id":"new","name":"foo","dataset_filter":{{"id":"f"}}}}]}}',
            f'PATCH {path} {{"dataset_versions":[{{"id":"new","name":"bar"}}],"action":"overwrite"}}',
        ]
