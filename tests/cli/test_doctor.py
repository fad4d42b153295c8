"""`doctor`: what stands in the way of a target, told before anybody plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.sandbox import Sandbox, World, documents_seed
from tests.support.playing import TOKEN
from tests.support.sent import writes

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {{provider: domo, url: "{url}", token: {{env: DOMO_TOKEN}}, actor: "user:#{actor}"}}
  vision: {{provider: clarifai, url: "{url}", token: {{env: CLARIFAI_PAT}}, userId: acme, appId: catalog}}
"""
ROLES = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: roles, target: acme, id: 94a4edfa-5926-4f0c-ad1e-a341f53f6113}
spec: {tags: [gold]}
"""
Doctor = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The exit code and what is told of one target, below its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def examined(
        target: str, *, world: str = "observed", token: str = TOKEN, actor: str = "900", roles: str = ROLES
    ) -> tuple[int, list[str]]:
        monkeypatch.setenv("DOMO_TOKEN", token)
        monkeypatch.setenv("CLARIFAI_PAT", token)
        sandbox = Sandbox(world=World.parse(world))
        sandbox.seed(documents_seed())
        Path("manifests").mkdir()
        with sandbox.serve() as server:
            Path("manifests/workspace.yaml").write_text(WORKSPACE.format(url=server.url, actor=actor))
            Path("manifests/roles.yaml").write_text(roles)
            code = run(["doctor", "--target", target])
        out, err = capsys.readouterr()
        assert (err, token in out) == ("", False)
        assert [sent for sent in sandbox.requests if writes(sent)] == []
        return code, out.partition(f"target {target}\n")[2].splitlines()

    return examined


def test_a_server_that_tells_everything(doctor: Doctor) -> None:
    """It lists its datasets, and knows who changed what."""
    assert doctor("acme", world="observed") == (
        0,
        [
            "  ok      token      from the environment variable DOMO_TOKEN",
            "  ok      reading    acme/roles: owner, permissions, tags, by 2 requests",
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
    assert doctor("vision", roles="") == (
        0,
        [
            "  ok      token      from the environment variable CLARIFAI_PAT",
            "  ok      reading    it lists 1 dataset, and no manifest has an id",
            "                     Adopt what it has: reconciler import --target vision --all",
            "",
            "1 of 1 target can be worked with.",
        ],
    )
