"""Versions of Clarifai go as planned: oldest first, in small batches, and not one more when something is off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.ports import ProviderError
from reconciler.execution import Applied, Failed, Rehearse
from reconciler.execution.telling import state_of
from reconciler.sandbox import Faults, Sandbox, World
from tests.providers.clarifai_bench import (
    DECEMBER,
    FORMS,
    JULY,
    JUNE,
    OF_004,
    TRAINED,
    Bench,
    monthly,
    ref,
    seeded,
    serve,
    step,
)

TWELVE = [each["id"] for each in monthly(12)]
MANY = seeded(*monthly(12), dataset="many")


def fail(bench: Bench, *versions: str, dataset: str = "vehicles") -> ProviderError:
    """How deleting these versions fails."""
    with pytest.raises(ProviderError) as caught:
        bench.delete(*versions, dataset=dataset)
    return caught.value


@pytest.mark.parametrize("form", FORMS)
def test_versions_are_deleted_by_ids_in_the_body_oldest_first(form: str) -> None:
    """Document 004, Delete a dataset version; then they are gone and the others are as they were."""
    with serve(form=form) as bench:
        before = bench.elements()
        bench.delete(OF_004, JUNE, JULY)
        path = f"{FORMS[form][2]}/datasets/vehicles/versions"
        assert bench.writes() == [f'DELETE {path} {{"dataset_version_ids":["{JUNE}","{JULY}","{OF_004}"]}}']
        assert bench.elements() == {key: each for key, each in before.items() if key not in {JUNE, JULY, OF_004}}


def test_ten_at_a_time_and_read_again_in_between() -> None:
    """A prune that stops halfway has taken what matters least."""
    with serve(World(shuffle=5), seed=MANY) as bench:
        assert isinstance(bench.prune(*TWELVE, dataset="many"), Applied)
        assert bench.batches() == [TWELVE[:10], TWELVE[10:]]
        methods = [request.method for request in bench.sandbox.requests]
        # A read is the dataset and two pages; after the first deletion, one reads it back, the other judges again.
        assert methods == ["GET"] * 6 + ["DELETE"] + ["GET"] * 6 + ["DELETE"] + ["GET"] * 2
        assert bench.elements("many") == {}


def test_a_rehearsal_tells_every_batch_and_sends_none() -> None:
    """What is recorded is what would be sent."""
    with serve(access="rehearse", seed=MANY) as bench:
        found = bench.read("many")
        outcome = Rehearse(bench.session).perform(ref("many"), step(found.elements, TWELVE, "many"))
        assert isinstance(outcome, Applied)
        assert [request.method for request in outcome.rehearsed or ()] == ["DELETE", "DELETE"]
        assert bench.writes() == []


def test_a_session_that_reads_cannot_delete() -> None:
    """Its transport refuses."""
    with serve(access="read") as bench:
        assert "may not send DELETE" in fail(bench, JUNE).summary
        assert bench.writes() == []


GONE = ["missing_version=refused", "missing_version=refused,clarifai_delete=partial", "missing_version=ignored"]


@pytest.mark.parametrize("world", GONE)
def test_a_version_that_is_already_gone_does_not_keep_the_others(world: str) -> None:
    """Whatever a server makes of an id that it does not have (notes 6)."""
    with serve(World.parse(world)) as bench:
        found = bench.read()
        bench.delete(JULY)
        prune = step(found.elements, [JUNE, JULY, OF_004])
        bench.session.write(ref(), prune, found)
        bench.session.write(ref(), prune, found)
        assert set(bench.elements()) & {JUNE, JULY, OF_004} == set()


@pytest.mark.parametrize("world", ["clarifai_delete=atomic", "clarifai_delete=partial"])
@pytest.mark.parametrize("http", ["conventional", "400", "200"])
def test_a_version_in_use_is_named(world: str, http: str) -> None:
    """64030, whatever HTTP says (notes 2): older ones are gone, and the sentence says which one stays, and why."""
    with serve(World.parse(f"{world},clarifai_used=refused,clarifai_http={http}")) as bench:
        failure = fail(bench, JUNE, TRAINED, DECEMBER)
        path = "/v2/users/acme/apps/catalog/datasets/vehicles/versions"
        assert failure.summary == (
            f"version {TRAINED} was not deleted: target vision will not change what is in use, at DELETE {path} (64030 "
            f"An alteration to dataset version would create a conflict: Dataset version '{TRAINED}' is in use)"
        )
        assert failure.hint == "Pin the versions that are in use, then plan again."
        assert JUNE not in bench.elements()
        assert TRAINED in bench.elements()


def test_a_failure_says_how_many_went_before() -> None:
    """Eleven old ones went, the twelfth is in use."""
    last = {"id": "z", "created_at": "2020-03-01T00:00:00.000000Z", "request_origin": "TRAINING"}
    with serve(World(clarifai_used="refused"), seed=seeded(*monthly(10), last, dataset="many")) as bench:
        failure = bench.prune(*TWELVE[:10], "z", dataset="many")
        assert isinstance(failure, Failed)
        assert failure.summary.startswith("version z was not deleted: ")
        assert failure.summary.endswith("is in use); 10 of 11 were done before")
        assert list(bench.elements("many")) == ["z"]


ENDED = {"atomic": (1, "", "refused"), "partial": (1, "; 2 of 3 were done before", "partly")}


@pytest.mark.parametrize("delete", ENDED)
def test_who_ends_it_sees_no_version_go_after_the_request_in_flight(delete: str) -> None:
    """Nothing went of a request that was refused as a whole; of one that was done in part, that part is ours."""
    sent, told, state = ENDED[delete]
    with serve(World.parse(f"clarifai_delete={delete},clarifai_used=refused")) as bench:
        before = bench.read().elements
        bench.sandbox.meanwhile = lambda _: bench.stop.set()
        outcome = bench.prune(JUNE, TRAINED, DECEMBER)
        assert isinstance(outcome, Failed)
        assert (outcome.code, outcome.summary, state_of(outcome)) == ("interrupted", f"it was ended{told}", state)
        bench.stop.clear()
        after = bench.read().elements if state == "partly" else None
        assert (len(bench.batches()), outcome.before, outcome.after) == (sent, before, after)


def test_what_was_accepted_and_not_done_stops_the_rest() -> None:
    """A success that changes nothing."""
    faults = Faults()
    faults.script("DELETE", "*", "ignored")
    with serve(faults=faults, seed=MANY) as bench:
        failure = bench.prune(*TWELVE, dataset="many")
        assert isinstance(failure, Failed)
        assert (failure.code, bench.batches()) == ("accepted-not-applied", [TWELVE[:10]])


def test_what_changed_meanwhile_stops_the_rest() -> None:
    """Somebody describes the eleventh while the first ten go: it is not what was planned on any more."""

    def describe(sandbox: Sandbox) -> None:
        sandbox.seed(seeded({**monthly(12)[10], "modified_at": "2026-01-01T00:00:00.000000Z"}, dataset="many"))

    with serve(seed=MANY) as bench:
        bench.sandbox.meanwhile = describe
        failure = bench.prune(*TWELVE, dataset="many")
        assert isinstance(failure, Failed)
        assert failure.code == "moved-since-plan"
        assert failure.summary.endswith("; 10 of 12 were done before")
        assert set(bench.elements("many")) == {"v10", "v11"}


@pytest.mark.parametrize(
    "kind", ["lost", "reset-after", "500-after", "truncated", "empty", "text", "429", "502", "html"]
)
def test_a_deletion_survives_the_network(kind: str) -> None:
    """Asked again where it may have been done: what is gone then is no failure."""
    faults = Faults()
    faults.script("DELETE", "*", kind)
    with serve(World(missing_version="refused"), faults=faults) as bench:
        bench.delete(JUNE, JULY)
        assert set(bench.elements()) & {JUNE, JULY} == set()


WORLDS = st.builds(
    World,
    clarifai_unknown_keys=st.sampled_from(["kept", "dropped", "refused"]),
    clarifai_http=st.sampled_from(["conventional", "400", "200"]),
    clarifai_delete=st.sampled_from(["atomic", "partial"]),
    clarifai_used=st.sampled_from(["allowed", "refused"]),
    clarifai_throttle=st.sampled_from([0, 1, 15]),
    missing_version=st.sampled_from(["refused", "ignored"]),
    shuffle=st.integers(0, 9),
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(WORLDS, st.sampled_from(sorted(FORMS)))
def test_every_world_converges(world: World, form: str) -> None:
    """What was planned goes, once; everything else is as it was."""
    with serve(world, form) as bench:
        before = bench.elements()
        bench.delete(JUNE, OF_004)
        assert bench.elements() == {key: each for key, each in before.items() if key not in {JUNE, OF_004}}
        assert [key for batch in bench.batches() for key in batch][:2] == [JUNE, OF_004]
