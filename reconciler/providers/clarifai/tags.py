"""Tags at Clarifai, which has none: a list of words in a dataset's metadata, where a target names a key for it."""

from __future__ import annotations

from reconciler.core.changes import apply
from reconciler.core.plan import Step
from reconciler.core.ports import FacetState, ProviderError
from reconciler.facets.tags import Tag

from .dataset import Dataset


def read(dataset: Dataset) -> FacetState:
    """The words under the target's key; without it there are none."""
    return FacetState(_tags(dataset))


def write(dataset: Dataset, step: Step, found: FacetState) -> None:
    """Write the list anew, with all that is in the metadata beside it: a patch takes the place of the whole."""
    if _tags(dataset) != found.elements:
        raise ProviderError(f"the tags of dataset {dataset.id} changed in this moment", hint="Plan again.")
    names = sorted(tag.name for tag in apply(found.elements, step.changes) if isinstance(tag, Tag))
    dataset.api.patch_dataset(dataset.id, {"metadata": {**dataset.own.metadata, _key(dataset): names}})


def _tags(dataset: Dataset) -> tuple[Tag, ...]:
    value = dataset.own.metadata.get(_key(dataset), [])
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        summary = f"{_key(dataset)} in the metadata of dataset {dataset.id} is something else than a list of words"
        raise ProviderError(summary, hint="Give the target another tagsKey, or take tags out of the manifest.")
    return tuple(Tag(name) for name in dict.fromkeys(value))


def _key(dataset: Dataset) -> str:
    return dataset.target.settings["tagsKey"]
