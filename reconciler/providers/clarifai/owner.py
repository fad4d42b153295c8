"""The owner of a dataset at Clarifai: the user in its path, for good (notes 2)."""

from __future__ import annotations

from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.facets.owner import Owner

from .dataset import Dataset


def read(dataset: Dataset) -> FacetState:
    """Whom the dataset belongs to."""
    user = dataset.own.user_id or dataset.target.settings.get("userId", "")
    if not user:
        summary = f"Clarifai does not say whom dataset {dataset.id} belongs to"
        raise ProviderError(summary, hint="Take owner out of the manifest.")
    return FacetState((Owner(dataset.target.directory.principal("user", user)),))


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Refused: the capabilities say so, and no plan has such a step."""
    del step, found
    raise ProviderError(f"dataset {dataset.id} belongs to the user in its path for good", hint="Correct the manifest.")
