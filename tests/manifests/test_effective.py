"""A dataset's facets that are made again from its manifest, against those that were made at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.principals import Directory
from reconciler.manifests.effective import Effective
from reconciler.manifests.files import File
from reconciler.manifests.merge import merge
from reconciler.manifests.models import DatasetManifest, ProfileManifest
from reconciler.manifests.reading import dataset_in, dataset_of, read_file
from reconciler.manifests.yaml import quick
from reconciler.manifests.yaml.writing import document_text
from tests.manifests.manifest_strategies import kind, metadata, some, spec

datasets = kind("Dataset", {"metadata": metadata, "spec": spec}, {})
profiles = kind("Profile", {"metadata": some({"name": st.just("x")}, {}), "spec": spec}, {})


@settings(max_examples=100, deadline=None)
@given(data=datasets, shared=st.lists(profiles, max_size=2))
def test_what_is_made_again_is_what_was_there(data: dict[str, Any], shared: list[dict[str, Any]]) -> None:
    """Whatever profiles are merged in, and in the same order; a facet that is not there is missing."""
    content = document_text(data).encode()
    if quick(content) is None:
        return
    manifest = read_file(File("x.yaml", content)).manifests[0]
    model, packed = manifest.model, manifest.packed
    assert isinstance(model, DatasetManifest)
    assert packed is not None
    sections = [ProfileManifest.model_validate(each).spec.sections for each in shared]
    merged, _ = merge(sections, model.spec.sections, Directory())
    for made_of, held in ((dataset_of, content), (dataset_in, packed)):
        effective = Effective(made_of, held, sections, Directory(), tuple(merged))
        assert list(effective.items()) == list(merged.items())
        assert effective == merged
        assert effective.get("no-such-facet") is None
