"""What differs between the possible Clarifais shows on the wire; datasets, exports, and time."""

from __future__ import annotations

import pytest

from reconciler.sandbox import OBSERVED, World
from reconciler.sandbox.clarifai.routes import ROUTES
from tests.sandbox.clarifai_served import DATASETS, IDS, LONG, NOW, VERSIONS, clarifai, made, status

NEW = {"dataset_versions": [{"id": "new", "name": "foo", "dataset_filter": {"id": "f"}}]}


def test_every_handler_names_its_source() -> None:
    """The document, or the section of the notes."""
    sources = ("Document 004", "Notes 1")
    assert [each.path for each in ROUTES if not (each.handler.__doc__ or "").startswith(sources)] == []


@pytest.mark.parametrize(
    ("world", "stored"),
    [
        (World(), {"name": "foo", "dataset_filter": {"id": "f"}}),
        (OBSERVED, {}),
    ],
    ids=["documented", "observed"],
)
def test_keys_that_the_protocol_does_not_have(world: World, stored: dict[str, object]) -> None:
    """`name` and `dataset_filter` are in document 004 and in no published protocol (notes 0)."""
    with clarifai(world) as client:
        client.post(VERSIONS, json=NEW)
        assert client.get(f"{VERSIONS}/new").json()["dataset_version"] == made("new", 64015, **stored)


def test_keys_that_the_protocol_does_not_have_may_be_refused() -> None:
    """Nobody has recorded what a server does (notes 0)."""
    with clarifai(World(clarifai_unknown_keys="refused")) as client:
        said = status(1, 11100, "Bad request format", 'unknown field "name"')
        assert client.post(VERSIONS, json=NEW).json() == {"status": said, "dataset_versions": []}


@pytest.mark.parametrize("http", ["conventional", "400", "200"])
def test_http_codes_that_nobody_has_recorded(http: str) -> None:
    """They follow the world; the recorded ones, 401 and 404, do not."""
    with clarifai(World.parse(f"clarifai_http={http}")) as client:
        assert client.code("POST", VERSIONS, {"dataset_versions": [{"id": IDS[0]}]}) == (
            {"conventional": 409, "400": 400, "200": 200}[http],
            40010,
        )
        assert client.code("GET", f"{DATASETS}/nothing") == (404, 11101)


def test_a_taken_id_may_have_another_code() -> None:
    """40010 or 11102 (notes 1)."""
    with clarifai(World(clarifai_duplicate="11102")) as client:
        assert client.code("POST", VERSIONS, {"dataset_versions": [{"id": IDS[0]}]}) == (400, 11102)


DELETIONS = {
    # What the world says: HTTP status, code, what is left of the first three.
    "documented": (200, 10000, [IDS[2]]),
    "missing_version=refused": (404, 11101, IDS[:3]),
    "missing_version=refused,clarifai_delete=partial": (200, 10010, [IDS[2]]),
}


@pytest.mark.parametrize("world", DELETIONS)
def test_deleting_what_is_not_there(world: str) -> None:
    """Whether a deletion is atomic, and minds, is undocumented (notes 1 and 6)."""
    with clarifai(World.parse(world)) as client:
        http, code, left = DELETIONS[world]
        assert client.code("DELETE", VERSIONS, {"dataset_version_ids": [IDS[0], "nothing", IDS[1]]}) == (http, code)
        assert client.ids() == left + IDS[3:]


@pytest.mark.parametrize("used", [IDS[2], IDS[7], "exporting"], ids=["trained", "pending", "exporting"])
def test_deleting_what_is_in_use(used: str) -> None:
    """64030 is the only candidate (notes 1); DOCUMENTED lets it go."""
    exporting = {"id": "exporting", "created_at": "2021-01-01T00:00:00.000000Z", "export_info": {"coco": 64203}}
    vehicles = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "versions": [exporting]}
    for world, code in ((World(clarifai_used="refused"), 64030), (World(), 10000)):
        with clarifai(world) as client:
            client.sandbox.seed({"clarifai": {"datasets": [vehicles]}})
            assert client.code("DELETE", VERSIONS, {"dataset_version_ids": [IDS[0], used]})[1] == code
            assert (IDS[0] in client.ids()) == (code != 10000)


def test_a_user_is_throttled_for_a_second() -> None:
    """15 a second (notes 1, Rate limits); what is refused does not count, another second is another matter."""
    with clarifai(World(clarifai_throttle=15)) as client:
        codes = [client.code("GET", VERSIONS) for _ in range(16)]
        assert codes == [(200, 10000)] * 15 + [(429, 11005)]
        said = status(17, 11005, "Making too many requests", "exceeded limit of 15 requests per second")
        assert client.get(VERSIONS).json() == {"status": said, "dataset_versions": []}
        client.now += 1
        assert client.code("GET", VERSIONS) == (200, 10000)


def test_a_version_is_made_step_by_step() -> None:
    """64005, 64010, 64015, as the clock goes (notes 1, Worked bodies)."""
    with clarifai(World(work_seconds=10)) as client:
        seen = [client.post(VERSIONS, json={"dataset_versions": [{"id": "new"}]}).json()["dataset_versions"][0]]
        for seconds in (0, 4, 5, 9, 10):
            client.now = NOW + seconds
            seen.append(client.get(f"{VERSIONS}/new").json()["dataset_version"])
        assert seen == [made("new", code) for code in (64005, 64005, 64005, 64010, 64010, 64015)]


def test_an_export_is_asked_for_until_it_is_there() -> None:
    """Notes 1, PutDatasetVersionExports; only the format is settable, by name or by number."""
    with clarifai(World(work_seconds=10)) as client:
        path = f"{VERSIONS}/{IDS[0]}/exports"
        codes = []
        for seconds, form in ((0, "COCO"), (5, 2), (10, "COCO")):
            client.now = NOW + seconds
            answer = client.put(path, json={"exports": [{"format": form}]}).json()
            codes.append(answer["exports"][0]["status"]["code"])
        assert codes == [64201, 64203, 64200]
        found = client.get(f"{VERSIONS}/{IDS[0]}").json()["dataset_version"]["export_info"]
        assert found == {
            "coco": {
                "format": 2,
                "status": {"code": 64200, "description": "Export is ready"},
                "url": "https://exports.invalid/vehicles-2021-06",
            }
        }


def test_the_order_of_a_list_is_nobodys_promise() -> None:
    """With a seed it is another at every request; without, that of insertion."""
    with clarifai(World(shuffle=3)) as client:
        first, second = client.ids(), client.ids()
        assert sorted(first) == sorted(second) == sorted(IDS)
        assert len({tuple(IDS), tuple(first), tuple(second)}) == 3


def test_datasets_are_added_changed_and_deleted() -> None:
    """Notes 1: Post, Patch (overwrite and merge), List and DeleteDatasets."""
    with clarifai() as client:
        two = [{"id": "b", "metadata": {"tags": ["x"], "deep": {"m": 1}}}, {"id": "a b/c"}]
        client.post(DATASETS + "/", json={"datasets": two})
        for action, tags in (("merge", ["x", "x"]), ("merge", ["x", "x", "x"]), ("overwrite", ["x"])):
            sent = {"id": "b", "metadata": {"tags": ["x"]}}
            patched = client.patch(DATASETS + "/", json={"datasets": [sent], "action": action}).json()["datasets"][0]
            assert patched["metadata"]["tags"] == tags
        assert patched["metadata"] == {"tags": ["x"]}
        listed = client.get(f"{DATASETS}?sort_by_id=true&sort_ascending=True").json()["datasets"]
        assert [each["id"] for each in listed] == ["a b/c", "b", "vehicles"]
        assert client.code("GET", f"{DATASETS}/a%20b%2Fc/versions") == (200, 10000)
        assert client.remove(DATASETS, {"dataset_ids": ["vehicles", "b"]}).json() == {"status": status(7)}
        assert client.get("/v2/users/me/datasets").json()["datasets"] == listed[:1]
        assert client.code("GET", VERSIONS) == (404, 11101)


def test_removing_takes_the_image_that_is_there() -> None:
    """Notes 1, PatchDatasets: `remove` does nothing else."""
    with clarifai() as client:
        image = {"url": "https://example.com/a.png"}
        for action, given, code in (("overwrite", image, 10000), ("remove", {}, 11102), ("remove", image, 10000)):
            body = {"datasets": [{"id": "vehicles", "image": given}], "action": action}
            assert client.code("PATCH", DATASETS, body)[1] == code
        assert "image" not in client.get(f"{DATASETS}/vehicles").json()["dataset"]


def test_a_bookmark_is_listed_only_if_asked() -> None:
    """Notes 1, Objects."""
    origin = {"id": "theirs", "app_id": "x", "user_id": "y", "resource_type": "Dataset"}
    bookmark = {"id": "borrowed", "user_id": "acme", "app_id": "catalog", "bookmark_origin": origin}
    with clarifai() as client:
        client.sandbox.seed({"clarifai": {"datasets": [bookmark]}})
        for query, ids in (("", ["vehicles"]), ("?bookmark=True", ["borrowed"])):
            assert [each["id"] for each in client.get(DATASETS + query).json()["datasets"]] == ids
        assert client.code("GET", f"{LONG}/datasets/borrowed") == (200, 10000)
