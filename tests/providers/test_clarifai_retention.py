"""Dataset versions of Clarifai: read as they are, deleted as planned, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.facets.retention import Version
from tests.providers.clarifai_bench import (
    DECEMBER,
    FAILED,
    FORMS,
    JULY,
    JUNE,
    OF_004,
    PENDING,
    TRAINED,
    TRAINED_LATER,
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


@pytest.mark.parametrize("form", FORMS)
def test_versions_are_deleted_by_ids_in_the_body_oldest_first(form: str) -> None:
    """Document 004, Delete a dataset version; then they are gone and the others are as they were."""
    with serve(form=form) as bench:
        bench.delete(OF_004, JUNE, JULY)
        path = f"{FORMS[form][2]}/datasets/vehicles/versions"
        assert bench.writes() == [f'DELETE {path} {{"dataset_version_ids":["{JUNE}","{JULY}","{OF_004}"]}}']
        left = {key: version for key, version in VEHICLES.items() if key not in {JUNE, JULY, OF_004}}
        assert bench.elements() == left
