"""The state folder is a memory of this machine; what came with a checkout is not believed."""

from __future__ import annotations

import pytest

from tests.review.repository import git

from .bench import Bench
from .conftest import Set

HINT = (
    "  If it is your own, take it out of git: git rm -r --cached .reconciler -- If it is not, remove it: git rm -r "
    ".reconciler\n"
)


def committed(it: Bench) -> None:
    git(it.folder, "init", "--quiet", "--initial-branch", "main")
    git(it.folder, "add", "--force", "--all")
    git(it.folder, "commit", "--quiet", "--message", "all of it")


@pytest.mark.parametrize(
    "command",
    [
        *(
            ("plan",),
            ("apply", "--auto-approve"),
            ("apply", "--resume"),
            ("apply", "--not-made", "acme/new0"),
            ("drift",),
        ),
        ("apply", "saved.json"),
        ("audit", "verify"),
        ("audit", "show"),
        ("audit", "show", "--on", "2026-01-01"),
    ],
    ids=" ".join,
)
def test_a_journal_that_git_tracks_is_not_believed(command: tuple[str, ...], bench: Set) -> None:
    """Whoever wrote what was checked out could have made a dataset to come one that is there."""
    it = bench(existing=1, new=1)
    assert it.run("plan", "--out", "saved.json")[0] == 0
    journal = it.journal_of("new0", it.manifest("d0")["metadata"]["id"])
    committed(it)
    code, _, err = it.run(*command)
    assert (code, it.writes()) == (1, [])
    told = f"state-foreign: {journal} is in git, so it came with a checkout and tells nothing of this machine"
    assert err == f"Error:\n{told}\n{HINT}"
    git(it.folder, "rm", "-r", "--quiet", "--force", ".reconciler")
    assert "state-foreign" not in it.run(*command)[2]


def test_a_journal_with_a_dot_before_its_name_is_a_journal(bench: Set) -> None:
    """It is read like others, so it is no less foreign."""
    it = bench(existing=1, new=1)
    journal = it.journal_of("new0", it.manifest("d0")["metadata"]["id"])
    hidden = journal.rename(journal.with_name(f".{journal.name}"))
    committed(it)
    code, _, err = it.run("plan")
    told = f"state-foreign: {hidden} is in git, so it came with a checkout and tells nothing of this machine"
    assert (code, err) == (1, f"Error:\n{told}\n{HINT}")


def test_the_index_of_a_hook_tells_nothing_of_another_repository(bench: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git tells the programs that a hook starts where its own is."""
    it = bench(existing=1, new=1)
    it.journal_of("new0", it.manifest("d0")["metadata"]["id"])
    committed(it)
    monkeypatch.setenv("GIT_INDEX_FILE", str(it.folder / "another"))
    code, _, err = it.run("plan")
    assert (code, "state-foreign" in err) == (1, True)


def test_a_name_in_other_letters_is_the_same_folder(bench: Set) -> None:
    """It is on some disks, and nobody asks the disk."""
    it = bench(existing=1)
    assert it.apply()[0] == 0
    other = it.folder / ".Reconciler/journal/one.jsonl"
    other.parent.mkdir(parents=True)
    other.touch()
    git(it.folder, "init", "--quiet", "--initial-branch", "main")
    git(it.folder, "add", "--force", str(other))
    code, _, err = it.run("plan")
    assert (code, "state-foreign" in err) == (1, True)


def test_a_state_folder_that_is_a_link_is_not_followed(bench: Set) -> None:
    """A repository may hold one, to any folder."""
    it = bench(existing=0, new=1)
    elsewhere = it.folder / "elsewhere"
    elsewhere.mkdir()
    it.state.symlink_to(elsewhere)
    code, _, err = it.apply()
    assert (code, it.writes(), list(elsewhere.iterdir())) == (1, [], [])
    hint = "  Let it be a folder; one that is elsewhere can be mounted there.\n"
    assert err == f"Error:\nstate-foreign: {it.state} is a link, and links are not followed\n{hint}"


def test_a_folder_that_is_kept_out_of_git_from_within_is_no_foreign_one(bench: Set) -> None:
    """Its `.gitignore` tells nothing that anybody would believe."""
    it = bench(existing=1)
    it.state.mkdir(exist_ok=True)
    (it.state / ".gitignore").write_text("*\n")
    committed(it)
    assert it.apply()[0] == 0
    it.assert_settled()
