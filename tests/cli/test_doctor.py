"""`doctor`: what stands in the way of a target, told before anybody plans."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, World, documents_seed
from reconciler.sandbox.exchange import Answer, Request
from reconciler.sandbox.server import Server
from reconciler.sandbox.store import Recorded
from tests.review.repository import git
from tests.support.playing import TOKEN
from tests.support.sent import writes

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {{provider: domo, url: "{url}", token: {{env: DOMO_TOKEN}}{actor}}}
  vision: {{provider: clarifai, url: "{url}", token: {{env: CLARIFAI_PAT}}, userId: acme, appId: catalog{actor}}}
"""
ROLES = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: roles, target: acme, id: 94a4edfa-5926-4f0c-ad1e-a341f53f6113}
spec: {tags: [gold]}
"""
VEHICLES = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: vehicles, target: vision, id: vehicles}
spec: {owner: "user:#acme"}
"""
TO_COME = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme}
spec: {schema: {columns: [{name: id, type: LONG}]}, permissions: [{principal: "user:#27", access: CAN_VIEW}]}
"""
EDITORS = """\
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users: {bot: {id: "4711"}}
groups: {editors: {id: "27", members: [bot]}}
"""
NOTHING: Mapping[str, Answer] = {}
Doctor = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The exit code and what is told of one target, below its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def examined(
        target: str,
        *words: str,
        world: str = "observed",
        token: str = TOKEN,
        actor: str | None = "900",
        manifest: str = ROLES,
        instead: Mapping[str, Answer] = NOTHING,
        asked: list[Recorded] | None = None,
    ) -> tuple[int, list[str]]:
        monkeypatch.setenv("DOMO_TOKEN", token)
        monkeypatch.setenv("CLARIFAI_PAT", token)
        sandbox = Sandbox(world=World.parse(world))
        sandbox.seed(documents_seed())
        Path("manifests").mkdir(exist_ok=True)

        def respond(request: Request) -> Answer:
            found = next((answer for part, answer in instead.items() if request.path.endswith(part)), None)
            return found or sandbox.respond(request)

        with Server(respond) as server:
            said = f', actor: "user:#{actor}"' if actor else ""
            Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url, actor=said))
            Path("manifests/datasets.yaml").write_text(manifest)
            code = run(["doctor", *(words or ("--target", target))])
        out, err = capsys.readouterr()
        assert (err, token in out) == ("", False)
        assert [sent for sent in sandbox.requests if writes(sent)] == []
        if asked is not None:
            asked += sandbox.requests
        return code, out.partition(f"target {target}\n" if target else "here\n")[2].splitlines()

    return examined


def test_a_server_that_tells_everything(doctor: Doctor) -> None:
    """It lists its datasets, and knows who changed what."""
    assert doctor("acme", world="observed") == (
        0,
        [
            "  ok      token      from the environment variable DOMO_TOKEN",
            "  ok      reading    acme/roles: tags, by 1 request",
            "  ok      actor      user:#900 may administer acme/roles (CO_OWNER)",
            "  ok      listing    datasets can be found by name, and imported with --all",
            "  ok      history    it tells who changed what, for drift",
            "",
            "1 of 1 target can be worked with.",
        ],
    )


def test_a_token_that_is_refused_is_asked_about_once(doctor: Doctor) -> None:
    """What to do is said, and nothing else is tried with it."""
    code, told = doctor("acme", token="refused-token")
    assert (code, told[-1]) == (1, "0 of 1 target can be worked with.")
    assert [line.split()[:2] for line in told if line.startswith("  ") and line[2] != " "] == [
        ["ok", "token"],
        ["failed", "reading"],
    ]


def test_an_account_that_may_not_administer_is_told(doctor: Doctor) -> None:
    """Its rights may come from its role, which nobody can see: a note, and no failure."""
    code, told = doctor("acme", actor="4711")
    assert code == 0
    assert told[2:5] == [
        "  note    actor      user:#4711 is not among those who may administer acme/roles",
        "                     An apply is refused there, unless its role lets it",
        "                     administer every dataset.",
    ]


def test_a_target_without_manifests_tells_what_there_is_to_adopt(doctor: Doctor) -> None:
    """Clarifai lists an app's datasets."""
    assert doctor("vision", manifest="") == (
        0,
        [
            "  ok      token      from the environment variable CLARIFAI_PAT",
            "  ok      reading    the server lists its datasets, and no manifest has an id",
            "                     Adopt what it has: reconciler import --target vision --all",
            "",
            "1 of 1 target can be worked with.",
        ],
    )


def test_what_no_manifest_needs_may_be_refused(doctor: Doctor) -> None:
    """A plan of tags reads no access list, so a token that may not read one is in nobody's way."""
    code, told = doctor("acme", instead={"/permissions": Answer(403)})
    assert code == 0
    assert told[1:4] == [
        "  ok      reading    acme/roles: tags, by 1 request",
        "  note    actor      whether user:#900 may administer is not known: the token of",
        "                     target acme has no right to GET",
    ]
    assert told[-1] == "1 of 1 target can be worked with."


def test_what_a_group_may_its_member_may(doctor: Doctor) -> None:
    """Only Principals tells who is in a group."""
    editors = b'{"list":[{"accessLevel":"CO_OWNER","id":"27","type":"GROUP"}],"totalGroupCount":1,"totalUserCount":0}'
    answers = {"/permissions": Answer(200, editors)}
    code, told = doctor("acme", manifest=ROLES + EDITORS, actor="4711", instead=answers)
    assert (code, told[2]) == (0, "  ok      actor      user:bot may administer acme/roles (CO_OWNER)")


def test_only_targets_of_the_datasets_asked_for_are_asked(doctor: Doctor) -> None:
    """Of another one it would say that no manifest has an id."""
    code, told = doctor("", "--dataset", "acme/*", manifest=f"{ROLES}---\n{VEHICLES}")
    assert (code, told[-1]) == (0, "1 of 1 target can be worked with.")
    assert [line for line in told if line.startswith("target")] == ["target acme"]


@pytest.mark.parametrize("actor", [None, "4711"])
def test_where_datasets_have_no_access_list_nobody_is_missed(actor: str | None, doctor: Doctor) -> None:
    """Clarifai grants access to an app: an actor would neither create anything nor be kept by anything."""
    assert doctor("vision", manifest=VEHICLES, actor=actor) == (
        0,
        [
            "  ok      token      from the environment variable CLARIFAI_PAT",
            "  ok      reading    vision/vehicles: owner, by 1 request",
            "",
            "1 of 1 target can be worked with.",
        ],
    )


def test_a_dataset_that_cannot_be_created_is_told_and_who_creates_is_missed(doctor: Doctor) -> None:
    """Of the server only one name is asked for: it may have a hundred pages of them."""
    asked: list[Recorded] = []
    code, told = doctor("", "--target", "acme", manifest=TO_COME, actor=None, asked=asked)
    assert code == 1
    assert told[:4] == [
        "  failed  manifests  acme/orders: it would be created by an account the",
        "                     reconciler does not know, so its access cannot be planned",
        "                     reconciler validate tells everything that is wrong with",
        "                     them.",
    ]
    assert told[-7:] == [
        "                     Adopt what it has: reconciler import --target acme --all",
        "  note    actor      nobody knows who the token acts as",
        "                     Write it as targets.acme.actor: without it no dataset with",
        "                     an owner or permissions is created, and nothing keeps the",
        "                     token's own right.",
        "",
        "1 of 1 target can be worked with. Something here has to be mended first.",
    ]
    assert [request.query.partition("&")[0] for request in asked] == ["nameLike=orders"]


@pytest.mark.parametrize(
    ("make", "says"),
    [("link", ".reconciler is a link, and links are not"), ("file", "nothing can be written in .reconciler")],
)
def test_a_state_that_cannot_be_used_is_told(make: str, says: str, doctor: Doctor, tmp_path: Path) -> None:
    """A plan refuses one, and an apply the other."""
    (tmp_path / "elsewhere").mkdir()
    state = tmp_path / ".reconciler"
    if make == "link":
        state.symlink_to("elsewhere")
    else:
        state.touch(0o755)
    code, told = doctor("", "--target", "acme")
    assert (code, told[1].split()[:2]) == (1, ["failed", "state"])
    assert says in " ".join(" ".join(told).split())


def test_a_dataset_of_which_something_is_managed_is_read(doctor: Doctor) -> None:
    """The first one says nothing, so a plan would not read it."""
    nothing = ROLES.replace("roles", "absent").replace("94a4", "0000").replace("{tags: [gold]}", "{}")
    code, told = doctor("acme", manifest=f"{nothing}---\n{ROLES}")
    assert (code, told[1]) == (0, "  ok      reading    acme/roles: tags, by 1 request")
    code, told = doctor("acme", manifest=ROLES.replace("{tags: [gold]}", "{}"))
    assert (code, told[1]) == (0, "  ok      reading    acme/roles: owner, permissions, by 2 requests")


def test_what_kept_it_from_looking_is_a_document(doctor: Doctor, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was looked at, and all is not well."""
    doctor("acme")
    Path("manifests/datasets.yaml").write_text("kind: Dataset")
    assert run(["doctor", "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["checks"], said["errored"]) == (False, [], True)


def test_what_is_refused_beside_reading_is_a_note(doctor: Doctor) -> None:
    """A plan needs neither a list nor a history; where nothing else can be read, it is all there is."""
    refused = {"/v3/datasources": Answer(403), "/user-audits": Answer(403), "/history": Answer(403)}
    code, told = doctor("acme", instead=refused)
    assert (code, [line.split()[:2] for line in told if line.startswith(("  ok", "  note"))]) == (
        0,
        [["ok", "token"], ["ok", "reading"], ["ok", "actor"], ["note", "listing"], ["note", "history"]],
    )
    code, told = doctor("vision", instead={"/datasets": Answer(403)})
    assert (code, told[1][:19]) == (1, "  failed  reading  ")


def test_a_repository_is_told(doctor: Doctor, tmp_path: Path) -> None:
    """Reviews read its commits."""
    assert [line[2:20] for line in doctor("", "--target", "acme")[1][3:4]] == ["note    git       "]
    git(tmp_path, "init", "--quiet")
    assert doctor("", "--target", "acme")[1][3] == (
        "  ok      git        review, --guards-from and --changed-since can read its"
    )


def test_what_was_not_asked_about_stands_in_no_way(doctor: Doctor) -> None:
    """A plan of that target alone creates nothing of the other."""
    code, told = doctor("", "--target", "vision", manifest=f"{TO_COME}---\n{VEHICLES}", actor=None)
    assert (code, told[0]) == (0, "  ok      manifests  2 datasets and 2 targets in manifests, no errors")
