"""Which commits are compared, and which files of them are read."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

import pytest

from reconciler.app.git import blob_id
from reconciler.app.narrowing import narrowed, twins
from reconciler.app.trees import Trees, both_trees
from reconciler.cli.entry import run
from reconciler.core.address import Address
from reconciler.manifests import File
from reconciler.planning import DesiredDataset

from .repository import WORKSPACE, commit, dataset, git, repository, write

FILES = {
    "manifests/workspace.yaml": WORKSPACE,
    "manifests/a.yaml": dataset("a", "{tags: [x]}", "1"),
    "manifests/b.yaml": dataset("b", "{tags: [x]}", "2"),
}


def test_what_the_base_did_meanwhile_is_not_the_heads_doing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The head is compared with the commit it branched off, as a pull request's own diff is."""
    repository(tmp_path, FILES, FILES)
    git(tmp_path, "switch", "--quiet", "main")
    write(tmp_path, {"manifests/b.yaml": dataset("b", "{tags: [later]}", "2")})
    commit(tmp_path, "later")
    monkeypatch.chdir(tmp_path)
    assert run(["review", "--base", "main", "--head", "change", "--detailed-exitcode"]) == 0
    assert "No governed change" in capsys.readouterr().out


def test_a_workspace_that_is_new_is_all_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The base has none, so everything is governed from now on."""
    repository(tmp_path, {"README": "x"}, FILES)
    monkeypatch.chdir(tmp_path)
    assert run(["review", "--base", "main"]) == 0
    assert "Review: 0 changed, 2 new, 0 no longer governed." in capsys.readouterr().out


def test_a_workspace_that_goes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is governed any more."""
    repository(tmp_path, FILES, {"README": "x"})
    monkeypatch.chdir(tmp_path)
    for head in ([], ["--head", "change"]):
        assert run(["review", "--base", "main", *head]) == 0
        assert "Review: 0 changed, 0 new, 2 no longer governed." in capsys.readouterr().out


def test_a_folder_below_the_top_is_compared_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Places are told as the user would write them."""
    base = {f"deep/{name}": text for name, text in FILES.items()}
    repository(tmp_path, base, {**base, "deep/manifests/a.yaml": dataset("a", "{tags: [y]}", "1", profiles="[no]")})
    monkeypatch.chdir(tmp_path / "deep")
    for head in ([], ["--head", "change"]):
        assert run(["review", "--base", "main", *head]) == 1
        assert "\nmanifests/a.yaml:3:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("Workspace", "Worksapce"), ("Principals", "Principels"), ("Profile", "Proflie")],
)
def test_a_kind_that_is_mistyped_in_both_is_what_is_told(
    right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing says of the file that it is about more than a dataset, but for what is not found without it."""
    root, _, people = WORKSPACE.partition("---\n")
    files = {
        "manifests/workspace.yaml": root,
        "manifests/people.yaml": people,
        "manifests/kept.yaml": "apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: kept}\nspec: {tags: [x]}\n",
    }
    files = {name: text.replace(f"kind: {right}", f"kind: {wrong}") for name, text in files.items()}
    place = next(name for name, text in files.items() if wrong in text)
    base, head = (
        {**files, "manifests/a.yaml": dataset("a", f"{{owner: user:{who}}}", "1", profiles="[kept]")}
        for who in ("ada", "bo")
    )
    repository(tmp_path, base, head)
    monkeypatch.chdir(tmp_path)
    assert run(["review", "--base", "main"]) == 1
    told = f"Error:\n{place}:2:7: unknown-kind there is no kind '{wrong}'\n  Did you mean {right}?\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("head", [["--head", "change"], []], ids=["commit", "disk"])
def test_a_linked_folder_in_a_commit_is_told(
    head: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is on disk: moved behind a link, a dataset would look as if nobody governed it any more."""
    repository(tmp_path, FILES, FILES)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared").mkdir()
    (tmp_path / "manifests/b.yaml").rename(tmp_path / "shared/b.yaml")
    (tmp_path / "manifests/more").symlink_to("../shared")
    commit(tmp_path, "link")
    assert run(["review", "--base", "main", *head]) == 1
    why = "the file cannot be read: it is a link, and links are not followed"
    assert capsys.readouterr().err == f"Error:\nmanifests/more:1:1: unreadable-file {why}\n"


def test_only_what_differs_is_read_when_nothing_shared_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can hold another kind than datasets is always read, and one such change has everything read."""
    repository(tmp_path, FILES, {**FILES, "manifests/a.yaml": dataset("a", "{tags: [y]}", "1")})
    monkeypatch.chdir(tmp_path)
    read = narrowed(both_trees(Path("manifests"), "main", "change"))
    assert [[file.path for file in side] for side in read] == [["manifests/a.yaml", "manifests/workspace.yaml"]] * 2
    write(tmp_path, {"manifests/workspace.yaml": WORKSPACE.replace("chi@", "chi.x@")})
    commit(tmp_path, "people")
    read = narrowed(both_trees(Path("manifests"), "main", "change"))
    assert [len(side) for side in read] == [3, 3]


def test_a_file_that_may_say_a_new_name_again_is_found_in_one_reading() -> None:
    """However a scalar is quoted or folded, and however many names are new: each file is gone through once."""
    looked: list[str] = []

    class Content(bytes):
        def __contains__(self, key: object) -> bool:
            looked.append(str(key))
            return super().__contains__(key)  # type: ignore[operator]

        def decode(self, *given: str, **more: str) -> str:
            looked.append("all of it")
            return super().decode(*given, **more)

    say = {
        "plain": "{name: it's sales, id: x}",
        "single": "{name: 'it''s sales', id: x}",
        "folded": "{name: 'it''s\n    sales', id: x}",
        "id": "{name: z, id: 44c5d1b9-7a26-4369-bf0d-c575bfb168a6}",
        "part": "{name: its sales, id: 44c5d1b9-7a26}",
        "longer": "{name: orders-200, id: 4369}",
        "other": "{name: o, id: x}",
    }
    head = tuple(File(path, Content(text.encode())) for path, text in say.items())
    new = [DesiredDataset(Address("acme", f"orders {number}"), str(10_000 + number), {}) for number in range(200)]
    new += [
        DesiredDataset(Address("acme", "it's sales"), None, {}),
        DesiredDataset(Address("acme", "q"), "44c5d1b9-7a26-4369-bf0d-c575bfb168a6", {}),
    ]
    found = twins(Trees((), head, "", ""), [], [], new)
    assert [file.path for file in found] == ["plain", "single", "folded", "id"]
    assert len(looked) <= len(head)
    nameless = DesiredDataset(Address("acme", "***"), None, {})
    assert twins(Trees((), head, "", ""), head[1:], [], [nameless]) == [head[0]]


def test_what_the_head_has_unchanged_is_not_read_from_the_base_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its id says that it is the same: the object may even be missing, as in a partial clone."""
    head = {**FILES, "manifests/a.yaml": dataset("a", "{tags: [y]}", "1")}
    repository(tmp_path, FILES, head)
    monkeypatch.chdir(tmp_path)
    trees = both_trees(Path("manifests"), "main", None)
    assert {file.path: file.content.decode() for file in trees.base} == FILES
    assert {file.path: file.content.decode() for file in trees.head} == head
    identifier = git(tmp_path, "rev-parse", "main:manifests/b.yaml").strip()
    (tmp_path / ".git/objects" / identifier[:2] / identifier[2:]).unlink()
    assert both_trees(Path("manifests"), "main", None) == trees
    assert run(["review", "--base", "main"]) == 0
    assert "Review: 1 changed, 0 new, 0 no longer governed." in capsys.readouterr().out
    write(tmp_path, {"manifests/b.yaml": dataset("b", "{tags: [z]}", "2")})
    assert run(["review", "--base", "main"]) == 1
    assert "is not in this repository" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_an_id_is_what_git_calls_it(form: str, tmp_path: Path) -> None:
    """In repositories of either object format."""
    git(tmp_path, "init", "--quiet", f"--object-format={form}")
    for content in (b"", b"kind: Dataset\n", bytes(range(256)) * 99):
        told = git(tmp_path, "hash-object", "--stdin", stdin=content).strip()
        assert blob_id(content, told) == told


def test_a_missing_history_is_told_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """CI servers check out one commit unless they are told."""
    (tmp_path / "full").mkdir()
    repository(tmp_path / "full", FILES, FILES)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{tmp_path}/full", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert run(["review", "--base", "origin/main"]) == 1
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_a_submodule_is_not_skipped_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On disk it is a folder whose manifests count; no commit has them, so neither a change nor a rule may hide."""
    (tmp_path / "team").mkdir()
    repository(tmp_path / "team", {"c.yaml": dataset("c", "{tags: [x]}", "3")}, {"c.yaml": dataset("c", "{}", "3")})
    top, allowed = tmp_path / "outer", ("-c", "protocol.file.allow=always")
    top.mkdir()
    repository(top, FILES, FILES)
    git(top, *allowed, "submodule", "--quiet", "add", "../team", "manifests/team")
    git(top, "tag", "with", commit(top, "with a submodule"))
    git(top / "manifests/team", "checkout", "--quiet", "origin/main")
    commit(top, "moved")
    monkeypatch.chdir(top)
    monkeypatch.setenv("DOMO_TOKEN", "x")
    why = "it is a submodule, and no commit of this repository has what it holds"
    told = f"unreadable-file the file cannot be read: {why}"
    base = git(top, "rev-parse", "with")[:12]
    places = {
        "review --base with --head HEAD": "",
        "review --base main --head HEAD": "",
        "review --base with": f"{base}:",
        "plan --guards-from with": "with:",
    }
    for command, place in places.items():
        assert run(command.split()) == 1
        assert f"\n{place}manifests/team:1:1: {told}\n" in capsys.readouterr().err
    rmtree(top / "manifests/team")
    assert run(["review", "--base", "with", "--head", "HEAD", "-w", "manifests/team"]) == 1
    assert why in capsys.readouterr().err
