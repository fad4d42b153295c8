"""Declared versions, owner and tags of Clarifai from the command line: planned, applied, and then nothing is left."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, World, documents_seed
from reconciler.sandbox.exchange import Answer, Request
from tests.providers.clarifai_bench import CANARY, DECEMBER, FAILED, JUNE, OF_004

HEAD = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  vision:
    {{provider: clarifai, url: "{url}", token: {{env: CLARIFAI_PAT}}, userId: acme, appId: catalog, tagsKey: labels}}
---
apiVersion: reconciler/v1
kind: Principals
target: vision
users: {{acme: {{id: acme}}, ada: {{id: ada}}}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: vehicles, target: vision, id: vehicles}}
spec:
"""
DECLARED = """\
  versions:
    - id: release-1
      name: foo
      description: First
      metadata: {release: true, n: 3.0}
      visibility: ORG
      datasetFilter: labelled
    - {id: vehicles-2021-12, description: December, metadata: {paper: 7}, name: december}
"""
PATH = "/v2/users/acme/apps/catalog/datasets"

Told = tuple[int, str]
Ask = Callable[..., Told]


class Shared(Sandbox):
    """A sandbox that somebody else changes, too: when something is about to be written."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def respond(self, request: Request) -> Answer:
        if request.method != "GET":
            self.meanwhile()
        return super().respond(request)


class Shop:
    """A workspace, and a sandbox in some world."""

    def __init__(self, sandbox: Shared, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.sandbox, self.url, self.capsys = sandbox, url, capsys

    def ask(self, *words: str) -> Told:
        code = run(words)
        told = self.capsys.readouterr()
        return code, told.out + told.err

    def says(self, spec: str) -> None:
        Path("manifests/all.yaml").write_text(HEAD.format(url=self.url) + spec)

    def applied(self, *words: str) -> str:
        code, told = self.ask("apply", "--auto-approve", *words)
        assert code == 0, told
        code, again = self.ask("plan")
        assert code == 0
        assert again.startswith("No changes. Live state matches the manifests.\n"), again
        return told

    def sent(self) -> list[str]:
        return [f"{r.method} {r.path.removeprefix(PATH)} {r.body}" for r in self.sandbox.requests if r.method != "GET"]


Open = Callable[..., AbstractContextManager[Shop]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Open:
    monkeypatch.setenv("CLARIFAI_PAT", CANARY)
    monkeypatch.chdir(tmp_path)
    Path("manifests").mkdir()

    @contextmanager
    def opened(world: str = "documented") -> Iterator[Shop]:
        sandbox = Shared(world=World.parse(world))
        sandbox.seed(documents_seed())
        with sandbox.serve() as server:
            yield Shop(sandbox, server.url, capsys)
        sandbox.close()

    return opened


NEW = {
    "id": "release-1",
    "name": "foo",
    "description": "First",
    "metadata": {"n": 3, "release": True},
    "visibility": {"gettable": "ORG"},
    "dataset_filter": {"id": "labelled"},
    "annotation_filter_config": {"annotation_filter": {"id": "labelled"}},
}
CHANGED = {
    "id": DECEMBER,
    "name": "december",
    "description": "December",
    "metadata": {"paper": 7, "release": True},
    "visibility": {"gettable": "PRIVATE"},
}


def bodies(shop: Shop) -> list[object]:
    return [json.loads(line.split(" ", 2)[2])["dataset_versions"][0] for line in shop.sent()]


def test_a_version_is_opened_only_where_somebody_has_said_so(shop: Open) -> None:
    """To its organisation or to everybody; not again what is open, and not what is closed."""
    spec = "  versions: [{{id: {}, visibility: {}}}]\n"
    with shop() as here:
        for version, visibility, readers in (
            (DECEMBER, "ORG", "everybody in its organisation"),
            (DECEMBER, "PUBLIC", "everybody"),
            ("new", "PUBLIC", "everybody"),
        ):
            here.says(spec.format(version, visibility))
            code, told = here.ask("apply", "--auto-approve")
            assert code == 3
            assert told.endswith(
                f"Blocked:\neveryone-gains-access vision/vehicles.versions: {readers} could read version {version}\n"
                "  Leave it PRIVATE, or allow it for this dataset.\n"
            )
            here.applied("--allow", "everyone-gains-access@vision/vehicles")
        for visibility in ("ORG", "PRIVATE"):
            here.says(spec.format(DECEMBER, visibility))
            here.applied()


@pytest.mark.parametrize("keys", ["kept", "dropped", "refused"])
def test_declared_versions_are_made_and_described(shop: Open, keys: str) -> None:
    """By POST what is missing, by PATCH what differs, with the metadata nobody mentioned; whatever a server makes of
    the names and filters of document 004, one apply is enough."""
    with shop(f"documented,clarifai_unknown_keys={keys}") as here:
        here.says(DECLARED)
        told = here.applied("--allow", "everyone-gains-access")
        assert '+ version release-1, description "First"' in told
        kept = [NEW, CHANGED]
        if keys == "refused":
            bare = [{k: v for k, v in body.items() if k not in {"name", "dataset_filter"}} for body in kept]
            kept = [NEW, bare[0], CHANGED, bare[1]]
        assert bodies(here) == kept
        assert [line.split(" ")[0] for line in here.sent()].count("DELETE") == 0


@pytest.mark.parametrize("fault", ["429", "500", "500-after"])
@pytest.mark.parametrize("world", ["documented", "documented,work_seconds=0.4"])
@pytest.mark.parametrize(("method", "after"), [("POST", 0), ("PATCH", 0), ("PATCH", 1)])
def test_what_is_done_of_several_versions_is_not_sent_again(
    shop: Open, method: str, after: int, world: str, fault: str
) -> None:
    """Each is a request of its own, and one fails once: only that one is made anew, if it did not take effect.

    A version whose making was not answered is made anew by the next apply.
    """
    spec = "  versions:\n" + "".join(f"    - {{id: {each}, description: New}}\n" for each in ("r1", DECEMBER, JUNE))
    with shop(world) as here:
        here.says(spec)
        here.sandbox.faults.script(method, "*", fault, after=after)
        if method == "POST" and fault != "429":
            assert here.ask("apply", "--auto-approve")[0] == 5
            assert here.ask("apply", "--resume")[0] == 0
        here.applied()
        expected = ["POST", "PATCH", "PATCH", *([method] if fault != "500-after" else [])]
        assert sorted(line.split(" ")[0] for line in here.sent()) == sorted(expected)


def _press() -> None:
    """Somebody presses Ctrl-C, and the main thread hears it before this request is answered."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.2)


@pytest.mark.parametrize("world", ["documented", "documented,work_seconds=0.4"])
def test_who_ends_it_sees_no_further_version_begun(shop: Open, world: str) -> None:
    """The one in flight is made and waited for; the next apply makes the others."""
    with shop(world) as here:
        here.says("  versions: [{id: r1}, {id: r2}, {id: r3}]\n")
        here.sandbox.meanwhile = _press
        code, told = here.ask("apply", "--auto-approve")
        assert (code, len(here.sent())) == (130, 1), told
        assert "vehicles.versions freeze: interrupted: it was ended; 1 of 3 were done before\n" in told
        here.sandbox.meanwhile = lambda: None
        assert here.ask("apply", "--resume")[0] == 0
        assert len(here.sent()) == 3


def test_who_ends_it_waits_a_moment_only_for_what_is_still_being_made(shop: Open) -> None:
    """It was accepted, and nobody claims that it is done; the next apply waits for it, and makes the others."""
    with shop("documented,work_seconds=8") as here:
        here.says("  versions: [{id: r1}, {id: r2}, {id: r3}]\n")
        here.sandbox.meanwhile = _press
        begun = time.monotonic()
        code, told = here.ask("apply", "--auto-approve")
        assert (code, len(here.sent()), time.monotonic() - begun < 6) == (5, 1, True), told
        assert (
            "  uncertain  vision/vehicles.versions freeze: outcome-unknown: version r1 was accepted and is still being "
            "made; it was ended before that was done\n"
        ) in told
        here.sandbox.meanwhile = lambda: None
        assert here.ask("apply", "--resume")[0] == 0
        assert len(here.sent()) == 3


def test_a_version_that_cannot_be_waited_for_hides_no_other_of_which_nobody_knows(shop: Open) -> None:
    """The first one is accepted and cannot be asked for; the answer to the second one was lost."""
    with shop("documented,work_seconds=0.4") as here:
        here.says("  versions: [{id: r1}, {id: r2}]\n")
        here.sandbox.faults.script("POST", "*", "500", after=1)
        here.sandbox.faults.script("GET", f"{PATH}/vehicles/versions/r1", "401")
        code, told = here.ask("apply", "--auto-approve")
        assert code == 5, told
        assert "  uncertain  vision/vehicles.versions freeze: outcome-unknown: " in told


def test_a_resumed_apply_sends_only_what_of_several_versions_is_not_done(shop: Open) -> None:
    """The second change was refused."""
    with shop() as here:
        here.says(f"  versions: [{{id: {DECEMBER}, description: New}}, {{id: {JUNE}, description: New}}]\n")
        here.sandbox.faults.script("PATCH", "*", "401", after=1)
        assert here.ask("apply", "--auto-approve")[0] == 5
        code, told = here.ask("apply", "--resume")
        assert code == 0, told
        assert len(here.sent()) == 3


def test_what_is_still_being_made_is_waited_for_by_a_resumed_apply(shop: Open) -> None:
    """It was sent by an apply that ended before it was there."""
    with shop("documented,work_seconds=1") as here:
        here.says("  versions: [{id: release-1, description: New}]\n")
        assert here.ask("plan", "--out", "plan.json")[0] == 0
        body = b'{"dataset_versions": [{"id": "release-1", "description": "New"}]}'
        headers = {"authorization": f"Key {CANARY}", "content-type": "application/json"}
        sent = here.sandbox.respond(Request("POST", f"{PATH}/vehicles/versions", headers=headers, body=body))
        assert sent.status == 200
        code, told = here.ask("apply", "plan.json")
        assert (code, len(here.sent())) == (0, 1), told


def test_a_name_that_the_server_does_not_show_is_told_and_not_fought_over(shop: Open) -> None:
    """The plan is empty, and says why the name is not compared."""
    with shop("documented,clarifai_unknown_keys=dropped") as here:
        here.says(f"  versions: [{{id: {JUNE}, name: june}}]\n")
        code, told = here.ask("plan")
        assert code == 0
        assert "No changes." in told
        assert f"version-name-unseen vision/vehicles.versions: the server shows no name of version {JUNE}" in told


def test_where_names_are_shown_they_are_governed(shop: Open) -> None:
    """Document 004, Change a dataset version."""
    with shop() as here:
        here.says("  versions: [{id: release-1, name: foo}]\n")
        here.applied()
        here.says("  versions: [{id: release-1, name: bar}]\n")
        assert '~ version release-1: name "foo" -> "bar"' in here.applied()


def test_only_a_declared_null_takes_a_key_away(shop: Open) -> None:
    """Somebody else's null is metadata like any other, at every depth."""
    with shop() as here:
        theirs = {"a": None, "b": {"c": None}, "f": 0.1}
        version = {"id": "v1", "created_at": "2026-01-01T00:00:00Z", "status": 64015, "metadata": {**theirs, "z": 1}}
        dataset = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "versions": [version]}
        here.sandbox.seed({"clarifai": {"datasets": [dataset]}})
        here.says("  versions: [{id: v1, metadata: {k: 1, z: null}}]\n")
        here.applied()
        said = {"id": "v1", "metadata": {**theirs, "k": 1}, "visibility": {"gettable": "PRIVATE"}}
        assert bodies(here) == [said]
        here.says("  versions: [{id: v1, metadata: {a: null}}]\n")
        assert "versions     ~ version v1: metadata" in here.applied()
        assert bodies(here)[1:] == [{**said, "metadata": {"b": {"c": None}, "f": 0.1, "k": 1}}]


def test_a_declared_version_is_pinned(shop: Open) -> None:
    """Retention would delete it; also when the run is about retention only."""
    with shop() as here:
        here.says(f"  versions: [{{id: {JUNE}}}]\n  retention: {{keepLast: 1, prune: true}}\n")
        _, told = here.ask("plan", "--facet", "retention")
        assert JUNE not in told
        assert OF_004 in told
        here.applied("--facet", "retention")


def test_a_version_is_not_pruned_while_a_declared_one_could_not_be_made(shop: Open) -> None:
    """The release comes first."""
    with shop() as here:
        here.says("  versions: [{id: release-1}]\n  retention: {keepLast: 1, prune: true}\n")
        here.sandbox.faults.script("POST", "*", "401", times=9)
        code, told = here.ask("apply", "--auto-approve")
        assert code == 5
        assert "Not begun because of it: vision/vehicles.retention prune." in told
        assert [line for line in here.sent() if line.startswith("DELETE")] == []


def test_what_was_frozen_otherwise_is_told(shop: Open) -> None:
    """Another filter, or a failed making: nothing mends it, so nothing is planned."""
    with shop() as here:
        here.says(f"  versions: [{{id: {OF_004}, datasetFilter: other}}, {{id: {FAILED}}}]\n")
        code, told = here.ask("plan")
        assert code == 0
        assert f"version {OF_004} was made with the filter labelled, not other" in told
        assert f"version {FAILED} is there, and its making failed" in told


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("{id: a, metadata: {n: 9007199254740993}}", "9007199254740993 is beyond 2^53"),
        ("{id: a, metadata: {n: [{m: -9007199254740993}]}}", "-9007199254740993 is beyond 2^53"),
        ('{id: a, description: ""}', "should not be empty"),
        ("{id: a, visibility: EVERYBODY}", "cannot be 'EVERYBODY'"),
        ("{id: a}, {id: a}", "version a is declared twice"),
        ("{name: a}", '"spec.versions.0.id" is missing'),
    ],
)
def test_what_cannot_be_kept_is_refused_offline(shop: Open, version: str, words: str) -> None:
    """With its place, before anything is sent."""
    with shop() as here:
        here.says(f"  versions: [{version}]\n")
        code, told = here.ask("validate")
        assert code == 1
        assert words in told.replace("declared.", "")
        assert "manifests/all.yaml:16:" in told


def test_the_owner_is_asserted(shop: Open) -> None:
    """Whom a dataset belongs to can be said and not changed: a difference is an error that names the owner."""
    with shop() as here:
        here.says("  owner: user:acme\n")
        assert here.ask("plan") == (0, "No changes. Live state matches the manifests.\n")
        here.says("  owner: user:ada\n")
        code, told = here.ask("plan")
        assert code == 1
        assert "the owner is not as the manifest says: user:acme -> user:ada; a Clarifai dataset belongs to" in told
        assert here.ask("apply", "--auto-approve")[0] == 1
        assert here.sent() == []


def test_tags_live_under_the_declared_key(shop: Open) -> None:
    """Everything else in the metadata stays, and without the key tags are refused."""
    with shop() as here:
        metadata = {"other": {"kept": 1.5}, "labels": ["old"]}
        dataset = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "metadata": metadata}
        here.sandbox.seed({"clarifai": {"datasets": [dataset]}})
        here.says("  tags: [gold, cars]\n")
        told = here.applied()
        assert '+ tag "cars"' in told
        body = '{"datasets":[{"id":"vehicles","metadata":{"other":{"kept":1.5},"labels":["cars","gold"]}}],'
        assert here.sent() == [f'PATCH  {body}"action":"overwrite"}}']
        text = Path("manifests/all.yaml").read_text()
        Path("manifests/all.yaml").write_text(text.replace(", tagsKey: labels", ""))
        code, told = here.ask("validate")
        assert code == 1
        assert "tags cannot be managed here: Clarifai datasets have no tags; tagsKey of the target names" in told


@pytest.mark.parametrize("fault", ["429-after", "500", "lost"])
def test_metadata_that_changed_while_a_write_waited_is_kept(shop: Open, fault: str) -> None:
    """The write that failed was made from what was there before; the next one is made from what is there then."""
    with shop() as here:

        def holds(metadata: object) -> None:
            dataset = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "metadata": metadata}
            here.sandbox.seed({"clarifai": {"datasets": [dataset]}})

        def somebody_writes() -> None:
            here.sandbox.meanwhile = lambda: None
            holds({"theirs": 2, "new": "by a person", "labels": ["old"]})

        holds({"theirs": 1, "labels": ["old"]})
        here.says("  tags: {mode: additive, values: [gold]}\n")
        here.sandbox.faults.script("PATCH", "*", fault)
        here.sandbox.meanwhile = somebody_writes
        here.applied()
        found = here.sandbox.snapshot()["clarifai"]["dataset"]
        (now,) = [each["metadata"] for each in found.values() if each["id"] == "vehicles"]
        taken = {"theirs": 1, "labels": ["gold", "old"]}
        assert now == (taken if fault == "lost" else {"theirs": 2, "new": "by a person", "labels": ["gold", "old"]})


def test_metadata_that_holds_no_words_is_left_alone(shop: Open) -> None:
    """Somebody uses the key for something else."""
    with shop() as here:
        dataset = {"id": "vehicles", "user_id": "acme", "app_id": "catalog", "metadata": {"labels": {"a": 1}}}
        here.sandbox.seed({"clarifai": {"datasets": [dataset]}})
        here.says("  tags: [gold]\n")
        code, told = here.ask("plan")
        assert code == 1
        assert "labels in the metadata of dataset vehicles is something else than a list of words" in told


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("provider: clarifai, userId: acme", "4:96: missing-key userId means nothing without appId"),
        ("provider: clarifai, appId: catalog", "4:95: missing-key appId means nothing without userId"),
        ("provider: domo, userId: acme, appId: catalog", "unknown-key appId means nothing to domo"),
        ("provider: domo, tagsKey: labels", "4:84: unknown-key tagsKey means nothing to domo"),
    ],
)
def test_settings_of_a_target_are_checked_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, words: str
) -> None:
    """Half an app, or a setting of another vendor."""
    text = HEAD.format(url="https://api.example").partition("---")[0]
    line = f'  vision: {{url: "https://api.example", token: {{env: CLARIFAI_PAT}}, {target}}}'
    (tmp_path / "all.yaml").write_text("\n".join([*text.splitlines()[:3], line, ""]))
    assert run(("validate", "-w", str(tmp_path))) == 1
    assert words in capsys.readouterr().err


def test_of_one_step_what_can_be_undone_is_and_the_rest_is_named(shop: Open) -> None:
    """A version that was made stays, and so does a description where none was: nothing empty can be sent (notes 1)."""
    spec = f"""\
  versions:
    - {{id: {OF_004}, description: Paper, visibility: ORG}}
    - {{id: v-2026-11, description: new}}
    - {{id: {JUNE}, description: "June release, renamed"}}
"""
    with shop() as here:
        here.says(spec)
        told = here.applied("--allow", "everyone-gains-access")
        stays = f'version v-2026-11, description "new"; version {OF_004}: description "" -> "Paper"'
        assert [line for line in told.splitlines() if "not-undone" in line] == [
            f"not-undone vision/vehicles.versions: what was made or said stays: {stays}"
        ]
        code, told = here.ask("apply", str(max(Path(".reconciler/undo").iterdir())))
        assert code == 0, told
        left = " ".join(here.ask("plan")[1].split())
        assert left.startswith(
            f"~ vision/vehicles versions ~ version {OF_004}: visibility PRIVATE -> ORG "
            f'~ version {JUNE}: description "June release" -> "June release, renamed" Plan:'
        )
