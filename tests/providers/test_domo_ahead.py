"""Batches are asked for side by side, and never more of them than there are threads to wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock
from typing import cast

import pytest

from reconciler.core.ports import ProviderError
from reconciler.providers.domo.ahead import MOST, Ahead
from reconciler.providers.domo.client import DomoClient
from reconciler.providers.domo.facts import Facts
from reconciler.providers.domo.wire import Metadata
from reconciler.providers.understanding import understand


class Api:
    """The one endpoint, as slow as a test wants it."""

    def __init__(self, before: Event | Barrier | None = None) -> None:
        self.before, self.asked, self._lock = before, list[tuple[str, ...]](), Lock()
        self.broken = False

    def metadata_of(self, ids: Sequence[str]) -> tuple[Metadata, ...]:
        with self._lock:
            self.asked.append(tuple(ids))
        if self.before is not None:
            self.before.wait(10)
        if self.broken:
            raise ProviderError("not now")
        return tuple(understand(Metadata, {"id": each}, "the metadata") for each in ids)


def ahead(api: Api, count: int) -> tuple[Ahead, list[str]]:
    facts = Facts()
    facts.ask("bulk", lambda: None, lambda: None)
    made = Ahead(cast("DomoClient", api), facts)
    ids = [str(number) for number in range(count)]
    made.expect(ids)
    return made, ids


def told(made: Ahead, identifier: str) -> str | None:
    found = made.metadata(identifier)
    return found.id if found else None


def test_four_threads_have_four_batches_on_their_way() -> None:
    """The barrier falls only when four are."""
    api = Api(Barrier(4))
    made, ids = ahead(api, 8 * MOST)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda each: told(made, each), ids)) == ids
    assert sorted(batch[0] for batch in api.asked) == sorted(ids[::MOST])


def test_no_more_answers_wait_than_there_are_threads() -> None:
    """While nothing is answered, three threads ask for three batches of twenty."""
    release = Event()
    api = Api(release)
    made, ids = ahead(api, 20 * MOST)
    with ThreadPoolExecutor(3) as pool:
        first = [pool.submit(told, made, each) for each in ids[:3]]
        while len(api.asked) < 3:
            pass
        assert [batch[0] for batch in api.asked] == [ids[0], ids[MOST], ids[2 * MOST]]
        release.set()
        assert [future.result(10) for future in first] == ids[:3]


def test_a_batch_that_fails_leaves_its_datasets_to_be_asked_for_alone() -> None:
    """Nobody waits for an answer that will not come."""
    api = Api()
    api.broken = True
    made, ids = ahead(api, 2 * MOST)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda each: told(made, each), ids)) == {None}


@pytest.mark.parametrize("threads", [1, 8])
def test_a_server_is_got_to_know_once(threads: int) -> None:
    """However many threads want to know the same."""
    facts, asked, gate = Facts(), list[int](), Barrier(threads)

    def want(number: int) -> bool:
        gate.wait(10)
        return facts.has("tags", lambda: asked.append(number), lambda: None)

    with ThreadPoolExecutor(threads) as pool:
        assert all(pool.map(want, range(threads)))
    assert len(asked) == 1
