"""How Clarifai's versions are made: waited for, within a bound; nothing is sent twice, and nothing is lost beside."""

from __future__ import annotations

import pytest

from reconciler.core.changes import Add, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError
from reconciler.execution import Applied, Failed, Journal, Rehearse, Write
from reconciler.facets.versions import Declared
from reconciler.providers.clarifai import versions
from reconciler.providers.clarifai.dataset import Dataset
from reconciler.sandbox import Faults, World
from tests.providers.clarifai_bench import DECEMBER, Bench, api_of, ref, serve, target

NEW = Declared("release-1", description="First")
VERSIONS = frozenset({"versions"})


def freeze(*changes: Add[Declared], live: Elements = ()) -> Step:
    return Step(ref().address.of("versions"), "freeze", changes, (*live, *(change.after for change in changes)))


def made(bench: Bench, version: Declared = NEW) -> None:
    with api_of(bench) as api:
        dataset = Dataset(api, ref(), target(bench.url))
        versions.write(dataset, freeze(Add(version)), versions.read(dataset))


def state(bench: Bench, identifier: str) -> Declared:
    elements = bench.session.read(ref(), VERSIONS).facets["versions"].elements
    return next(each for each in elements if isinstance(each, Declared) and each.id == identifier)


def test_a_version_is_waited_for() -> None:
    """Clarifai makes it in the background (notes 1, Worked bodies)."""
    with serve(World(work_seconds=20)) as bench:
        made(bench)
        assert state(bench, "release-1") == NEW.__class__("release-1", "First", "{}", "PRIVATE")
        assert state(bench, "release-1").state == "ready"


def test_the_wait_has_a_bound() -> None:
    """After a minute it is left to the next plan, and nobody claims that it is done."""
    with serve(World(work_seconds=3600)) as bench:
        with pytest.raises(ProviderError, match="release-1 was accepted and is still being made") as caught:
            made(bench)
        assert caught.value.uncertain
        assert len([line for line in bench.writes() if line.startswith("POST")]) == 1


def test_an_answer_that_was_lost_is_settled_by_reading() -> None:
    """The version is there, so it is not sent again."""
    faults = Faults()
    faults.script("POST", "*", "lost")
    with serve(faults=faults) as bench:
        found = bench.session.read(ref(), VERSIONS).facets["versions"]
        step = freeze(Add(NEW), live=found.elements)
        assert isinstance(Write(bench.session, Journal(None, lambda: 0.0)).perform(ref(), step), Applied)
        assert len([line for line in bench.writes() if line.startswith("POST")]) == 1


def test_an_id_that_was_taken_meanwhile_is_no_success() -> None:
    """Somebody else made it, otherwise."""
    with serve() as bench:
        other = Add(Declared(DECEMBER, description="Not theirs"))
        outcome = Write(bench.session, Journal(None, lambda: 0.0)).perform(ref(), freeze(other))
        assert isinstance(outcome, Failed)
        assert outcome.code == "moved-since-plan"
        assert bench.writes() == []


def test_a_rehearsal_sends_nothing_and_waits_for_nothing() -> None:
    """It tells the request."""
    with serve(access="rehearse") as bench:
        found = bench.session.read(ref(), VERSIONS).facets["versions"]
        outcome = Rehearse(bench.session).perform(ref(), freeze(Add(NEW), live=found.elements))
        assert isinstance(outcome, Applied)
        assert [(request.method, request.body) for request in outcome.rehearsed or ()] == [
            ("POST", '{"dataset_versions":[{"id":"release-1","description":"First"}]}')
        ]
        assert bench.writes() == []


def test_numbers_that_nobody_declared_come_back_as_they_were() -> None:
    """A live version may hold what a manifest may not."""
    with serve(seed={}) as bench:
        huge = {"id": DECEMBER, "created_at": "2021-12-31T18:00:00.125000Z", "metadata": {"n": 2**60, "x": 1e300}}
        one = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "versions": [huge]}
        bench.sandbox.seed({"clarifai": {"datasets": [one]}})
        assert state(bench, DECEMBER).metadata == '{"n":1152921504606846976,"x":1e+300}'
