"""`plan --changed-since` reads what a branch changes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.app.changing import changed_since
from reconciler.app.workspaces import open_workspace
from tests.review.repository import WORKSPACE, dataset, repository

PROFILE = "apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: fin}\nspec: {tags: [finance]}\n"
BASE = {
    "manifests/workspace.yaml": WORKSPACE,
    "manifests/profile.yaml": PROFILE,
    "manifests/plain.yaml": dataset("plain", "{tags: [gold]}", "1"),
    "manifests/other.yaml": dataset("other", "{tags: [gold]}", "2"),
    "manifests/shared.yaml": dataset("shared", "{tags: [gold]}", "3", profiles="[fin]"),
}


@pytest.mark.parametrize(
    ("head", "changed"),
    [
        ({}, []),
        ({"plain": dataset("plain", "{tags: [silver]}", "1")}, ["plain"]),
        ({"plain": "# a comment\n" + dataset("plain", "{tags: [gold]}", "1")}, []),
        ({"moved": dataset("plain", "{tags: [gold]}", "1"), "plain": ""}, []),
        ({"new": dataset("new", "{tags: []}", None)}, ["new"]),
        ({"profile": PROFILE.replace("finance", "money")}, ["shared"]),
        ({"workspace": WORKSPACE.replace('dee: {id: "103"', 'dee: {id: "104"')}, ["other", "plain", "shared"]),
    ],
    ids=["nothing", "a value", "a comment", "another file", "a new one", "a profile", "a principal"],
)
def test_a_dataset_changes_when_what_its_manifest_comes_to_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: dict[str, str], changed: list[str]
) -> None:
    """Profiles and principals count, layout and file names do not."""
    files = {**BASE, **{f"manifests/{name}.yaml": text for name, text in head.items()}}
    repository(tmp_path, BASE, {name: text for name, text in files.items() if text})
    monkeypatch.chdir(tmp_path)
    for keep in (False, True):
        found = changed_since(open_workspace(Path("manifests"), keep=keep), "main")
        assert sorted(address.dataset for address in found) == changed


def test_what_changed_is_told_of_the_files_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may edit them meanwhile: what is planned and what is compared is the same."""
    repository(tmp_path, BASE, {**BASE, "manifests/plain.yaml": dataset("plain", "{tags: [silver]}", "1")})
    monkeypatch.chdir(tmp_path)
    opened = open_workspace(Path("manifests"), keep=True)
    Path("manifests/plain.yaml").write_text(dataset("plain", "{tags: [gold]}", "1"), "utf-8")
    assert [address.dataset for address in changed_since(opened, "main")] == ["plain"]
