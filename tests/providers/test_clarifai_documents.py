"""Document 004's own examples, replayed through the client, and held against the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import vcr  # type: ignore[import-untyped]
import yaml

from reconciler.providers.clarifai import retention
from reconciler.providers.clarifai.client import ClarifaiClient, base_of
from reconciler.providers.clarifai.envelope import judge
from reconciler.providers.clarifai.wire import DatasetVersion, VersionsAnswer
from reconciler.providers.http import Client
from reconciler.providers.understanding import understand
from tests.providers.clarifai_bench import APP_KEY, OF_004, serve, target
from tests.providers.connected import seen_by_vcr
from tests.providers.test_clarifai_retention import VEHICLES, of

CASSETTES = Path(__file__).parent.parent / "cassettes" / "documents"
MATCH = ("method", "scheme", "host", "path", "query", "body", "key")
EXAMPLE = {"id": OF_004, "name": "foo", "dataset_filter": {"id": "{{dataset_filter_id}}"}}
RENAMED = {"id": OF_004, "name": "dataset version updated name"}


def same_key(one: Any, other: Any) -> bool:
    """The key travels as document 004 shows it."""
    return bool(one.headers.get("Authorization") == other.headers.get("Authorization"))


@contextmanager
def replay(name: str) -> Iterator[ClarifaiClient]:
    """A client of a server that answers as the cassette says, and nothing else; every exchange has to happen."""
    place = target("https://api.clarifai.com", "YOUR-API-KEY", {})
    http = Client(place, "write", header="Authorization", scheme="Key", judge=judge, transport=seen_by_vcr())
    recorder = vcr.VCR(record_mode="none", match_on=MATCH)
    recorder.register_matcher("key", same_key)
    with recorder.use_cassette(str(CASSETTES / f"clarifai-004-{name}.yaml")) as cassette:
        yield ClarifaiClient(http, base_of(place), per_page=100)
        assert cassette.all_played
    http.close()


def listed(answer: object) -> tuple[DatasetVersion, ...]:
    """The versions of an answer."""
    return understand(VersionsAnswer, answer, "the answer").dataset_versions


READY = (VEHICLES[OF_004],)
PENDING = (of(OF_004, 2021, 9, 30, 20, 11, 13, status="unsettled"),)
CALLS: dict[str, tuple[Callable[[ClarifaiClient], Any], Any]] = {
    "add": (lambda api: listed(api.add_versions("vehicles", [EXAMPLE]).value), PENDING),
    "list": (lambda api: api.versions("vehicles").items, READY),
    "get": (lambda api: [api.version("vehicles", OF_004)], READY),
    "change": (lambda api: listed(api.patch_versions("vehicles", [RENAMED]).value), READY),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_requests_are_those_of_004(name: str) -> None:
    """Method, path, key and body; and what comes back is understood."""
    call, expected = CALLS[name]
    with replay(name) as api:
        assert retention.to_elements(call(api)) == expected


def test_a_deletion_is_that_of_004() -> None:
    """Ids in the body."""
    with replay("delete") as api:
        answer: Any = api.delete_versions("vehicles", [OF_004]).value
        assert answer["status"]["details"] == f"Dataset version '{OF_004}' deleted"


def test_every_cassette_is_used_and_says_where_it_is_from() -> None:
    """A cassette nobody replays proves nothing."""
    paths = list(CASSETTES.glob("clarifai*.yaml"))
    assert {path.stem.removeprefix("clarifai-004-") for path in paths} == {*CALLS, "delete"}
    assert all(path.read_text("utf-8").startswith("# Document 004, ") for path in paths)


def exchanges() -> Iterator[Any]:
    """All examples in the order in which they make sense: the version is there when they begin."""
    for name in ("list", "get", "change", "delete", "add"):
        for each in yaml.safe_load((CASSETTES / f"clarifai-004-{name}.yaml").read_text())["interactions"]:
            yield pytest.param(each["request"], json.loads(each["response"]["body"]["string"]), id=name)


@pytest.mark.parametrize(("request_", "answer"), list(exchanges()))
def test_the_sandbox_answers_in_the_same_shape(request_: dict[str, Any], answer: dict[str, Any]) -> None:
    """The same members of every object that both have."""
    with serve() as bench:
        headers = {"Authorization": f"Key {APP_KEY}", "Content-Type": "application/json"}
        url = request_["uri"].replace("https://api.clarifai.com", bench.url)
        method, body = request_["method"], request_["body"]
        if method == "POST":
            bench.delete(OF_004)
        given = httpx.request(method, url, headers=headers, content=body).json()
        assert given.keys() == answer.keys()
        assert given["status"].keys() == answer["status"].keys()
        for one in answer.get("dataset_versions", []):
            assert one.keys() <= next(each for each in given["dataset_versions"] if each["id"] == one["id"]).keys()
