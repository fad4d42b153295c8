"""The vendor's own client gets along with the sandbox, on both forms of the path.

`python -m tests.independent clarifai` runs it. Its JSON channel derives methods and paths from the vendor's protocol,
so it agrees with us only where that does.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from reconciler.sandbox import DOCUMENTED, OBSERVED, World
from tests.sandbox.clarifai_served import IDS, KEYS, LONG, clarifai

api: Any = import_module("clarifai_grpc.grpc.api.service_pb2")
things: Any = import_module("clarifai_grpc.grpc.api.resources_pb2")
stubs: Any = import_module("clarifai_grpc.grpc.api.service_pb2_grpc")
channels: Any = import_module("clarifai_grpc.channel.clarifai_channel")

Ask = Callable[..., Any]


def asker(url: str, form: str) -> Ask:
    """A function that sends one of the vendor's requests."""
    stub = stubs.V2Stub(channels.ClarifaiChannel.get_json_channel(base_url=url))
    place = {"user_app_id": things.UserAppIDSet(user_id="acme", app_id="catalog")} if form == LONG else {}

    def ask(name: str, **fields: Any) -> Any:
        request = getattr(api, f"{name}Request")(**fields, **place)
        return getattr(stub, name)(request, metadata=(("authorization", f"Key {KEYS[form]}"),))

    return ask


@pytest.mark.parametrize("world", [DOCUMENTED, OBSERVED], ids=["documented", "observed"])
@pytest.mark.parametrize("form", KEYS, ids=["long", "short"])
def test_versions(form: str, world: World) -> None:
    """Add, get, change, export, list and delete."""
    with clarifai(world) as client:
        ask = asker(str(client.base_url).rstrip("/"), form)
        config = things.AnnotationFilterConfig(annotation_filter=things.AnnotationFilter(id="f"))
        new = things.DatasetVersion(id="new", description="one", annotation_filter_config=config)
        new.metadata.update({"release": True, "n": 3})
        changed = things.DatasetVersion(id="new", visibility=things.Visibility(gettable=things.Visibility.ORG))
        place = {"dataset_id": "vehicles"}
        answers = [
            ask("PostDatasetVersions", dataset_versions=[new], **place),
            ask("PatchDatasetVersions", dataset_versions=[changed], action="overwrite", **place),
            ask("GetDatasetVersion", dataset_version_id="new", **place),
            ask(
                "PutDatasetVersionExports",
                dataset_version_id="new",
                exports=[things.DatasetVersionExport(format=things.COCO)],
                **place,
            ),
            ask("ListDatasetVersions", page=1, per_page=3, **place),
            ask("ListDatasetVersions", page=9, **place),
            ask("ListDatasetVersions", request_origins=[things.TRAINING], **place),
            ask("DeleteDatasetVersions", dataset_version_ids=["new"], **place),
            ask("GetDatasetVersion", dataset_version_id="new", **place),
        ]
        assert [answer.status.code for answer in answers] == [10000] * 8 + [11101]
        found = answers[2].dataset_version
        assert (found.status.code, found.description, found.visibility.gettable) == (64015, "one", 30)
        assert dict(found.metadata) == {"release": True, "n": 3.0}
        assert answers[3].exports[0].status.code == 64200
        lists = [[each.id for each in answer.dataset_versions] for answer in answers[4:7]]
        assert lists == [IDS[:3], [], [IDS[2], IDS[5]]]


@pytest.mark.parametrize("form", KEYS, ids=["long", "short"])
def test_datasets(form: str) -> None:
    """Add, get, change, list and delete."""
    with clarifai() as client:
        ask = asker(str(client.base_url).rstrip("/"), form)
        answers = [
            ask("PostDatasets", datasets=[things.Dataset(id="d", description="x")]),
            ask("PatchDatasets", datasets=[things.Dataset(id="d", notes="y")], action="merge"),
            ask("GetDataset", dataset_id="d"),
            ask("ListDatasets", sort_by_id=True, sort_ascending=True),
            ask("DeleteDatasets", dataset_ids=["d"]),
            ask("GetDataset", dataset_id="d"),
        ]
        assert [answer.status.code for answer in answers] == [10000] * 5 + [11101]
        assert (answers[2].dataset.description, answers[2].dataset.notes) == ("x", "y")
        assert [each.id for each in answers[3].datasets] == ["d", "vehicles"]
