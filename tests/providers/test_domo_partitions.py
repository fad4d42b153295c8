"""Partitions as versions: all of them live, listed by pages, deleted data first, then tag, with an index after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.ports import Ended, ProviderError
from reconciler.facets.retention.version import Version
from reconciler.providers.domo import PROVIDER
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.dataset import Dataset
from reconciler.providers.domo.facts import Facts
from reconciler.providers.domo.partitions import MOST_PAGES, Partitions, read
from reconciler.providers.http import Client
from reconciler.sandbox import World, documents_seed
from tests.providers.connected import DIRECTORY, Bench, Start, instance, ref
from tests.providers.wired import TARGET

DAILY = "0dbe6a6a-5588-4a1e-9db4-989ca98762a5"
BOTH = ["documented", "observed"]
OLDEST = "2013-07-02"
INDEX = ("POST", "/indexes")


@pytest.mark.parametrize("world", [*BOTH, "observed,work_seconds=0.3"])
def test_partitions_go_with_their_data_and_the_rest_is_indexed(start: Start, world: str) -> None:
    """Data, tag, and then the index, without which queries still see the rows; the last tag waits for an index."""
    bench = start(World.parse(world))
    live = bench.elements(DAILY, "retention")
    assert bench.write(DAILY, "retention", live[-1]) == [
        ("DELETE", "/tag/2013-07-02/data"),
        ("DELETE", "/partition/2013-07-02"),
        ("DELETE", "/tag/2013-07-03/data"),
        ("POST", "/indexes"),
        ("DELETE", "/partition/2013-07-03"),
        ("POST", "/indexes"),
    ]
    kept = bench.sandbox.snapshot()["domo"]["dataset"][DAILY]
    assert [each["partitionId"] for each in kept["partitions"]] == ["2013-07-04"]
    assert kept["metadata"]["rowCount"] == 3
    assert bench.elements(DAILY, "retention") == live[-1:]


@pytest.mark.parametrize("world", BOTH)
def test_a_tag_whose_data_is_gone_is_still_a_version(start: Start, world: str) -> None:
    """What an apply leaves that dies between the two; the data is not deleted twice."""
    bench = start(World.parse(world))
    whole = bench.elements(DAILY, "retention")
    bench.sandbox.seed({"domo": {"datasets": [daily(without_data=OLDEST)]}})
    live = bench.elements(DAILY, "retention")
    assert [(str(each), each.key) for each in live if each not in whole] == [
        ("partition 2013-07-02 of 2023-01-24, emptied, live data", "partition 2013-07-02")
    ]
    kept = [each for each in live if each in whole]
    writes = bench.write(DAILY, "retention", *kept)
    assert writes == [("POST", "/indexes"), ("DELETE", "/partition/2013-07-02"), ("POST", "/indexes")]
    assert bench.elements(DAILY, "retention") == tuple(kept)


SECOND = ("DELETE", "/tag/2013-07-03/data")


@pytest.mark.parametrize(
    ("failing", "fault", "sent"),
    [
        (SECOND, "401", [SECOND, INDEX]),
        (SECOND, "500", [SECOND, INDEX]),
        (("DELETE", "/partition/2013-07-03"), "401", [SECOND, INDEX, ("DELETE", "/partition/2013-07-03")]),
    ],
    ids=["refused", "failed", "refused behind an index"],
)
def test_what_went_before_a_refusal_is_indexed(
    failing: tuple[str, str], fault: str, sent: list[tuple[str, str]], bench: Bench
) -> None:
    """Unless it is made anew, and the index comes then: the next apply may be refused, too."""
    live = bench.elements(DAILY, "retention")
    bench.sandbox.faults.script(failing[0], f"*{failing[1]}", fault)
    with pytest.raises(ProviderError) as caught:
        bench.write(DAILY, "retention", live[-1])
    if caught.value.owed is not None:
        caught.value.owed()
    assert bench.writes(DAILY)[2:] == sent


def test_where_nothing_went_nothing_is_indexed(bench: Bench) -> None:
    """Somebody asked to end just before the first deletion."""
    stop = Event()
    stop.set()
    ending = Bench(bench.sandbox, PROVIDER.connect(instance(bench.url), "write", stop), bench.url)
    with pytest.raises(Ended):
        ending.write(DAILY, "retention")
    assert bench.writes() == []


@pytest.mark.parametrize("world", BOTH)
def test_partitions_of_a_stream_that_replaces_are_live_all_of_them(start: Start, world: str) -> None:
    """REPLACE then means: within a partition. Taken for history, they would go without a guard."""
    bench = start(World.parse(world))
    stream = {**documents_seed()["domo"]["streams"][0], "id": 900, "dataSource": {"id": DAILY}}
    stream |= {"updateMethod": "REPLACE"}
    untagged = {"dataId": 371, "recordedDate": "2023-01-20T00:00:00Z"}
    given_ = daily()
    given_ |= {"versions": [untagged, *given_["versions"]], "streamId": 900}
    bench.sandbox.seed({"domo": {"datasets": [given_], "streams": [stream]}})
    found = [each for each in bench.elements(DAILY, "retention") if isinstance(each, Version)]
    assert [(each.key, each.live) for each in found] == [
        ("371", True),
        ("partition 2013-07-02", True),
        ("partition 2013-07-03", True),
        ("partition 2013-07-04", True),
    ]


def daily(without_data: str = "") -> dict[str, Any]:
    """The dataset of the documents that has partitions; the data of one of them may be gone."""
    seed = next(each for each in documents_seed()["domo"]["datasets"] if each["id"] == DAILY)
    return {**seed, "versions": [each for each in seed["versions"] if each["partition"] != without_data]}


def test_partitions_are_listed_by_pages_until_one_is_empty(bench: Bench) -> None:
    """More than a page of them."""
    seed = daily()
    days = [f"d{number}" for number in range(150)]
    listed = [{**seed["partitions"][0], "dataId": n, "partitionId": day} for n, day in enumerate(days, start=1)]
    made = [{**seed["versions"][0], "dataId": n, "partition": day} for n, day in enumerate(days, start=1)]
    bench.sandbox.seed({"domo": {"datasets": [{**seed, "partitions": listed, "versions": made}]}})
    live = bench.elements(DAILY, "retention")
    assert len(live) == 150
    asked = [path for path in bench.asked() if path.endswith("/partition/list")]
    assert (len(asked), len(bench.write(DAILY, "retention", *live[1:]))) == (3, 4)


@contextmanager
def served(tags: list[str], empty: set[str], pages: list[int], moved: int | None = None) -> Iterator[Dataset]:
    """A dataset with these partitions at a server whose pages are as long as it likes.

    Args:
        tags: every tag, oldest first.
        empty: those without data.
        pages: how many entries the next answers have; then all that are left.
        moved: before this request for a page, somebody else deletes the oldest partition.
    """
    there, asked = list(tags), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        if request.url.path.endswith("/partition"):
            return httpx.Response(200, json=[{"partitionId": tag} for tag in there])
        asked += 1
        if asked == moved and there:
            del there[0]
        full = [tag for tag in there if tag not in empty]
        offset = httpx.Response(200, content=request.content).json()["offset"]
        page = full[offset:][: pages[(asked - 1) % len(pages)]]
        return httpx.Response(200, json=[{"partitionId": tag, "dataId": 1, "rowCount": 1} for tag in page])

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    yield Dataset(DomoClient(http), Facts(), ref(DAILY), DIRECTORY)
    http.close()


counts = st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(counts, st.sets(st.integers(0, 39)), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_pages_of_any_length_make_the_whole_list(count: int, empty: set[int], pages: list[int]) -> None:
    """Each partition once, with data or without; a short page is not taken for the last."""
    tags = [f"p{number}" for number in range(count)]
    bare = {f"p{number}" for number in empty if number < count}
    with served(tags, bare, pages) as dataset:
        found = read(dataset)
    assert [each.partition_id for each in found.listed] == [tag for tag in tags if tag not in bare]
    assert [each.partition_id for each in found.left] == [tag for tag in tags if tag in bare]


@settings(max_examples=60, deadline=None)
@given(counts, st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 12))
def test_a_list_that_moves_never_makes_a_partition_without_data(count: int, pages: list[int], moved: int) -> None:
    """Somebody deletes a partition between two pages: one that the pages skipped is not taken for an empty tag."""
    tags = [f"p{number}" for number in range(count)]
    with served(tags, set(), pages, moved) as dataset:
        found = read(dataset)
    assert {each.partition_id for each in found.left} <= {"p0"}
    assert {each.partition_id for each in found.listed} >= set(tags[1:])


def test_a_list_that_repeats_itself_is_an_error() -> None:
    """A server that ignores the offset would be asked for ever."""

    def answer(request: httpx.Request) -> httpx.Response:
        del request
        return httpx.Response(200, json=[{"partitionId": "a", "dataId": 1}])

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    with pytest.raises(ProviderError, match="the list of partitions repeats itself"):
        read(Dataset(DomoClient(http), Facts(), ref(DAILY), DIRECTORY))


def test_a_list_that_does_not_end_is_an_error() -> None:
    """Whatever new a server has on each page."""
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += request.url.path.endswith("/list")
        return httpx.Response(200, json=[{"partitionId": str(asked), "dataId": 1}])

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    with pytest.raises(ProviderError, match="the list of partitions does not end"):
        read(Dataset(DomoClient(http), Facts(), ref(DAILY), DIRECTORY))
    assert asked == MOST_PAGES


def listing(tags: httpx.Response, page: httpx.Response) -> Dataset:
    """A dataset at a server with these two lists of its partitions."""

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/partition"):
            return tags
        return page if path.endswith("/partition/list") else httpx.Response(200, json={"id": DAILY})

    http = Client(TARGET, "write", header="X-DOMO-Developer-Token", transport=httpx.MockTransport(answer))
    return Dataset(DomoClient(http), Facts(), ref(DAILY), DIRECTORY)


@pytest.mark.parametrize("status", [404, 405])
def test_tags_without_a_list_by_pages_are_no_tags_without_data(status: int) -> None:
    """Nothing tells then which have data; taken for emptied, every one of them would be deleted."""
    tags = httpx.Response(200, json=[{"partitionId": "2013-07-02"}, {"partitionId": "2013-07-03"}])
    with pytest.raises(ProviderError) as caught:
        read(listing(tags, httpx.Response(status)))
    said = "there are 2 partition tags and no list of those with data, so what is listed is not known to be complete"
    assert caught.value.summary == said


@pytest.mark.parametrize("tags", [httpx.Response(200, json=[]), httpx.Response(404)], ids=["no tags", "neither list"])
def test_a_server_without_a_list_by_pages_has_no_partitions_where_there_are_no_tags(tags: httpx.Response) -> None:
    """Not every server has them."""
    assert read(listing(tags, httpx.Response(405))) == Partitions()


@pytest.mark.parametrize("said", [{}, {"dataId": None}], ids=["missing", "null"])
def test_a_partition_with_data_names_its_data_version(said: dict[str, Any]) -> None:
    """Else it would count twice, as a partition and as its data version, and a rule would keep fewer than it says."""
    page = httpx.Response(200, json=[{"partitionId": "2013-07-02", "rowCount": 1, **said}])
    with pytest.raises(ProviderError, match=r"^the list of partitions came in a form .* \(0\.dataId: "):
        read(listing(httpx.Response(200, json=[{"partitionId": "2013-07-02"}]), page))


def test_a_version_that_is_listed_twice_is_an_error(bench: Bench) -> None:
    """One of its two entries may say that it is still being made; and another version may be missing for it."""
    seed = daily()
    bench.sandbox.seed({"domo": {"datasets": [{**seed, "versions": [*seed["versions"], seed["versions"][0]]}]}})
    with pytest.raises(ProviderError, match="has one twice"):
        bench.read(DAILY, "retention")
