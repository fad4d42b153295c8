"""Dataset versions of Clarifai: read as they are, over HTTP and from what servers may answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.core.ports import ProviderError
from reconciler.facets.retention import Status, Version
from reconciler.providers.clarifai import retention
from reconciler.providers.clarifai.wire import DatasetVersion
from tests.providers.clarifai_bench import (
    DECEMBER,
    FAILED,
    FORMS,
    JULY,
    JUNE,
    OF_004,
    PENDING,
    RETENTION,
    TRAINED,
    TRAINED_LATER,
    ref,
    serve,
)


def of(identifier: str, *moment: int, status: str = "ready", origin: str | None = None) -> Version:
    """A version that was not touched since it was made."""
    made = datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]
    return Version(identifier, made, status, origin=origin, modified=made)  # type: ignore[arg-type]


VEHICLES = {
    version.id: version
    for version in (
        of(JUNE, 2021, 6, 30, 18, 0, 0, 125000),
        of(JULY, 2021, 7, 31, 18, 0, 0, 125000),
        of(TRAINED, 2021, 8, 15, 4, 12, 9, 731204, origin="a model's training"),
        of(OF_004, 2021, 9, 30, 20, 11, 13),
        of(FAILED, 2021, 10, 31, 18, 0, 0, 125000, status="failed"),
        of(TRAINED_LATER, 2021, 11, 10, 22, 47, 51, 18365, origin="a model's training"),
        of(DECEMBER, 2021, 12, 31, 18, 0, 0, 125000),
        of(PENDING, 2022, 1, 15, 9, 30, 0, 250000, status="unsettled"),
    )
}


@pytest.mark.parametrize("form", FORMS)
def test_versions_are_read_with_state_and_origin(form: str) -> None:
    """On both forms of the path; a finished export is no use that protects."""
    with serve(form=form) as bench:
        assert bench.elements() == VEHICLES


def read(**fields: Any) -> Version:
    """A version as it is understood when these fields are answered."""
    return retention.to_elements([DatasetVersion.model_validate({"id": "v", "status": {"code": 64015}, **fields})])[0]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (64005, "unsettled"),
        (64010, "unsettled"),
        (64015, "ready"),
        ("DATASET_VERSION_READY", "ready"),
        (64020, "failed"),
        (64025, "failed"),
        (64030, "unsettled"),
        (64002, "unsettled"),
        ("SOMETHING_NEW", "unsettled"),
    ],
)
def test_only_settled_versions_may_go(code: int | str, status: Status) -> None:
    """A code that nobody knows may still become anything; 64002 is a job's, not a version's (notes 1)."""
    assert read(status={"code": code}) == Version("v", None, status)


def test_a_version_without_a_status_is_not_settled() -> None:
    """Nothing is known of it."""
    assert read(status=None) == Version("v", None, "unsettled")


def test_a_version_that_the_sdk_counts_with_is_not_settled() -> None:
    """It fills no slot of a rule, and the SDK deletes it itself."""
    assert read(description="SDK Upload Status") == Version("v", None, "unsettled")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        (None, None),
        (0, None),
        (1, None),
        ("MANUAL", None),
        (2, "a model's training"),
        ("TRAINING", "a model's training"),
        (3, "an evaluation's ground truth"),
        (4, "an evaluation's predictions"),
        (5, "an unknown purpose"),
        ("SOMETHING_NEW", "an unknown purpose"),
    ],
)
def test_what_a_version_was_made_for_protects_it(given: int | str | None, origin: str | None) -> None:
    """So does what nobody knows."""
    assert read(request_origin=given) == Version("v", None, origin=origin)


@pytest.mark.parametrize(
    ("code", "used"),
    [(64200, None), (64201, "an export"), (64202, None), (64203, "an export"), (64204, None), (1, "an export")],
)
def test_an_export_that_is_under_way_protects(code: int, used: str | None) -> None:
    """A finished one, or one that failed, does not (notes 2, In-use signals)."""
    assert read(export_info={"coco": {"status": {"code": code}}, "clarifai_data_json": None}).in_use == used
    assert read(export_info={"coco": {"format": 2}}).in_use == "an export"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T21:50:50.223962Z", datetime(2026, 11, 21, 21, 50, 50, 223962, UTC)),
        ("2026-11-21T21:50:50.223962789Z", datetime(2026, 11, 21, 21, 50, 50, 223962, UTC)),
        ("2026-11-21T21:50:50", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_without_a_zone_is_none(text: str | None, moment: datetime | None) -> None:
    """And a version without a date is never deleted."""
    assert read(created_at=text, modified_at=text) == Version("v", moment, modified=moment)


def test_a_bookmark_is_not_governed() -> None:
    """What it shows belongs to another app (notes 1, Objects)."""
    origin = {"id": "theirs", "app_id": "x", "user_id": "y"}
    one = {"id": "borrowed", "user_id": "acme", "app_id": "catalog", "bookmark_origin": origin}
    with serve(seed={"clarifai": {"datasets": [one]}}) as bench, pytest.raises(ProviderError) as caught:
        bench.read("borrowed")
    assert caught.value.summary.startswith("dataset borrowed is a bookmark of a dataset in another app")


def test_a_dataset_that_is_not_there_is_missing() -> None:
    """11101, told in one sentence."""
    with serve() as bench, pytest.raises(ProviderError) as caught:
        bench.read("nothing")
    assert caught.value.missing
    assert caught.value.summary == (
        "target vision has nothing at GET /v2/users/acme/apps/catalog/datasets/nothing, or the token may not see it "
        "(11101 Resource does not exist: dataset_id 'nothing' not found. Check the url of your request.)"
    )


def test_a_read_says_what_it_rests_on() -> None:
    """The dataset, one page, and the empty one that ends the list."""
    with serve() as bench:
        snapshot = bench.session.read(ref(), RETENTION)
        assert (snapshot.requests, snapshot.complete) == (3, True)
        assert [f"{r.method} {r.path.rpartition('catalog')[2]}?{r.query}" for r in bench.sandbox.requests] == [
            "GET /datasets/vehicles?",
            "GET /datasets/vehicles/versions?page=1&per_page=1000",
            "GET /datasets/vehicles/versions?page=2&per_page=1000",
        ]
