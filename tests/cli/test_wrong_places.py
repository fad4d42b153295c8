"""What is not where it is said to be, or cannot be used, is told: never an all-clear, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from tests.review.repository import commit, git
from tests.support.playing import TOKEN

EXAMPLE = Path(__file__).parents[2] / "manifests"
LONG = "a" * 300


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example workspace in a repository of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    monkeypatch.setenv("CLARIFAI_PAT", TOKEN)
    monkeypatch.setenv("RECONCILER_CACHE", "")
    shutil.copytree(EXAMPLE, "manifests")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "begin")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(list(words))
    out, err = capsys.readouterr()
    return code, out + err


@pytest.mark.parametrize("folder", ["manifest", "empty", "manifests/workspace.yaml", LONG])
@pytest.mark.parametrize(
    "words",
    [("review", "--base", "HEAD"), ("audit", "verify"), ("audit", "show"), ("validate",), ("plan",)],
    ids=" ".join,
)
def test_a_folder_that_is_none_is_never_found_in_order(
    words: tuple[str, ...], folder: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in a pipeline would turn its check off, and nobody would notice."""
    (here / "empty").mkdir()
    code, said = told(capsys, *words, "-w", folder)
    if (words[0], folder) == ("audit", "empty"):
        assert code == 0  # where nothing was applied yet, the log is empty
    else:
        assert code == 1
        assert "no-workspace" in said


def test_a_manifest_in_the_place_of_its_folder_is_told_with_the_folder(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-w` names a folder, and an editor's path is that of a file."""
    file = "manifests/workspace.yaml"
    hint = "  Name the folder it is in: -w manifests\n"
    assert told(capsys, "validate", "-w", file) == (
        1,
        f"1 error in {file}.\nError:\n{file}:1:1: no-workspace it is a file, and a workspace is a folder\n{hint}",
    )
    assert here.exists()


@pytest.mark.parametrize("words", [("audit", "show"), ("audit", "verify")], ids=" ".join)
def test_a_log_is_looked_for_beside_a_workspace_as_other_commands_take_it(
    words: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is called one, and a link is not followed: the state beside what it leads to is another one."""
    (here / "link").symlink_to("manifests")
    for folder in ("manifests/workspace.yaml", "link", "nowhere"):
        refused = told(capsys, "plan", "-w", folder)
        assert (refused[0], "no-workspace" in refused[1]) == (1, True)
        assert told(capsys, *words, "-w", folder) == refused


def test_a_plan_of_nothing_does_not_say_that_live_state_matches(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changed since the commit, so nothing was read; what is live may differ."""
    assert told(capsys, "plan", "--detailed-exitcode")[0] == 2
    for shape in ("text", "markdown", "html"):
        code, said = told(capsys, "plan", "--changed-since", "HEAD", "--format", shape)
        assert code == 0
        assert "No dataset was to be planned, so none was read." in said
        assert "matches" not in said
    assert here.exists()


def test_a_pipe_takes_metrics_and_stays_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Devices, too: a file in the place of one would break it for everybody."""
    os.mkfifo("pipe")
    taken: list[str] = []
    reader = threading.Thread(target=lambda: taken.append(Path("pipe").read_text()))
    reader.start()
    assert told(capsys, "drift", "--metrics", "pipe")[0] == 0
    reader.join(10)
    assert Path("pipe").is_fifo()
    assert taken[0].startswith("# HELP ")
    (here / "link").symlink_to("elsewhere")
    code, said = told(capsys, "drift", "--metrics", "link")
    assert code == 1
    assert "metrics-unwritten: link cannot be written: it is a link" in said
    assert sorted(path.name for path in here.iterdir() if path.name in {"link", "elsewhere"}) == ["link"]


def test_a_name_that_is_no_text_is_refused_in_every_format(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No plan could name it, in JSON; so it is no manifest to begin with."""
    name = os.fsdecode(b"r\xff.yaml")
    (here / "manifests/datasets/roles.yaml").rename(here / "manifests/datasets" / name)
    commit(here, "a name in Latin-1")
    where = r"manifests/datasets/r\xff.yaml"
    for words in (
        ["validate"],
        ["plan"],
        ["plan", "--out", "plan.json"],
        ["review", "--base", "HEAD~1", "--head", "HEAD"],
    ):
        code, said = told(capsys, *words)
        assert code == 1
        assert f"{where}:1:1: unreadable-file the file cannot be read: its name is not UTF-8" in said
    for shape in ("json", "sarif", "junit", "codequality", "github"):
        code, said = told(capsys, "validate", "--format", shape)
        assert code == 1
        assert "should not have happened" not in said
    assert json.loads(told(capsys, "validate", "--format", "json")[1])["diagnostics"][0]["source"]["file"] == where


def test_an_altered_audit_log_ends_what_shows_it_with_an_error(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read of it is shown all the same."""
    assert told(capsys, "apply", "--auto-approve")[0] == 0
    assert told(capsys, "audit", "show")[0] == 0
    log = here / ".reconciler/audit.jsonl"
    log.write_text(log.read_text() + "[1]\n")
    for words in (["audit", "show"], ["audit", "show", "--on", "2026-01-01"], ["audit", "verify"]):
        code, said = told(capsys, *words)
        assert code == 1
        assert "audit-broken line " in said
    log.unlink()
    log.mkdir()
    for words in (["audit", "show"], ["audit", "verify"]):
        code, said = told(capsys, *words)
        assert code == 1
        assert "audit-unreadable: " in said


def test_a_missing_git_is_what_is_told_to_be_missing(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is in a repository; saying it is not would send people looking there."""
    monkeypatch.setenv("PATH", str(here / "nowhere"))
    code, said = told(capsys, "review", "--base", "HEAD")
    assert code == 1
    assert "git-unreadable: there is no git on the PATH" in said


VERSION = '{"clarifai": {"datasets": [{"id": "a", "user_id": "u", "app_id": "x", "versions": [{"id": "v", %s}]}]}}'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a seed document"),
        ('{"domo": 5}', "is not a seed document: domo is no object. Nothing of it was written.\n"),
        ('{"tokens": 5}', ": tokens is no object."),
        ('{"tokens": {"a": 5}, "domo": {"datasets": [{}]}}', ": domo.datasets[0] is without 'id'."),
        ('{"domo": {"users": [{"id": 1}, 5]}}', ": domo.users[1] is no object."),
        ('{"domo": {"groups": {}}}', ": domo.groups is no list."),
        (
            '{"domo": {"datasets": [{"id": "a", "permissions": [{"id": 1}]}]}}',
            ".permissions[0] is without 'accessLevel'.",
        ),
        ('{"domo": {"datasets": [{"id": "a", "versions": [{"rows": []}]}]}}', "versions[0] is without 'dataId'."),
        ('{"domo": {"streams": [{"id": 1}]}}', ": domo.streams[0] is without 'dataSource'."),
        ('{"clarifai": {"keys": []}}', ": clarifai.keys is no object."),
        ('{"clarifai": {"apps": [{"id": "x"}]}}', ": clarifai.apps[0] is without 'user_id'."),
        (
            VERSION % '"request_origin": "HAND"',
            ": clarifai.datasets[0].versions[0].request_origin is 'HAND', not one of MANUAL, TRAINING, ",
        ),
        (
            VERSION % '"export_info": {"coco": 1}',
            ": clarifai.datasets[0].versions[0].export_info.coco is 1, not one of 64200, ",
        ),
        ('{"nope": 5}', ": it has nope; a seed has tokens, domo, clarifai."),
    ],
    ids=range(16),
)
def test_a_seed_that_is_none_changes_nothing(
    content: str, says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even the part before what is wrong."""
    (here / "seed.json").write_text(content)
    assert told(capsys, "sandbox", "reset")[0] == 0
    code, said = told(capsys, "sandbox", "seed", "seed.json")
    assert code == 1
    assert says in said


@pytest.mark.parametrize("place", ["file", "file/below", "folder"])
def test_a_state_of_the_sandbox_that_is_none_is_told(
    place: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the commands about it, and by what finds it behind `sandbox:`."""
    (here / "file").write_text("garbage " * 100)
    (here / "folder").mkdir()
    code, said = told(capsys, "sandbox", "reset", "--db", place)
    assert code == (64 if place == "folder" else 1)
    assert place == "folder" or "sandbox-unusable: the sandbox's state" in said
    (here / ".reconciler").mkdir()
    shutil.copy(here / "file", here / ".reconciler/sandbox.db")
    code, said = told(capsys, "plan")
    assert code == 1
    assert "sandbox-unusable: the sandbox's state" in said


def test_a_state_that_has_no_room_is_told_once(here: Path) -> None:
    """No traceback, no minute of asking again, and nobody is sent to look after a connection."""
    environment = {**os.environ, "DOMO_TOKEN": TOKEN, "CLARIFAI_PAT": TOKEN}
    room = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    code = "from reconciler.cli import main; main()"
    words = ["sandbox", "reset"], ["plan"]
    made, done = (
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", limit + code, *arguments],
            cwd=here,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for limit, arguments in zip(("", room), words, strict=True)
    )
    assert made.returncode == 0, made.stderr
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("sandbox-unusable: the sandbox's state ") == 1
    assert "broke" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_state_that_may_not_be_written_is_told_and_spoils_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once its rights are corrected, it is as it was."""
    assert told(capsys, "sandbox", "reset")[0] == 0
    state = here / ".reconciler/sandbox.db"
    state.chmod(0o400)
    code, said = told(capsys, "plan")
    assert code == 1
    assert said.startswith("Error:\nsandbox-unusable: the sandbox's state "), said
    state.chmod(0o600)
    assert told(capsys, "plan")[0] == 0


def test_a_sandbox_whose_first_use_was_broken_off_is_made_at_the_next(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed between making its file and filling it, it would know no token for ever."""
    (here / ".reconciler").mkdir()
    (here / ".reconciler/sandbox.db").touch()
    assert told(capsys, "plan", "--detailed-exitcode")[0] == 2


def test_nothing_to_resume_is_all_that_is_said_where_nothing_was_applied(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not that something was completed."""
    assert here.exists()
    assert told(capsys, "apply", "--resume") == (0, "Nothing to resume: no apply is unfinished.\n")


@pytest.mark.parametrize("form", ["odcs", "dbt", "frictionless"])
def test_nothing_is_imported_from_an_empty_file_in_words(
    form: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """ "0 imported" would read as done."""
    (here / "contract.yaml").write_text("")
    code, said = told(capsys, "import", "--target", "acme", "--from", form, "contract.yaml")
    assert code == 1
    assert "not-imported it cannot be imported: there is nothing in it" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["drift", "--auto-approve"], "name a facet with --heal"),
        (["apply", "--dry-run", "--events", "events.jsonl"], "--dry-run does nothing"),
        (
            ["review", "--base", "HEAD", "--reviewers", "--format", "json"],
            "--reviewers prints lines of text: leave out --format json.",
        ),
    ],
    ids=["approval of nothing", "events of nothing", "a format of lines"],
)
def test_a_flag_that_does_nothing_is_refused(
    words: list[str], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever wrote it expects something of it."""
    assert here.exists()
    code, said = told(capsys, *words)
    assert code == 64
    assert says in said


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("plan.json --facet tags", "A saved plan is applied as it is"),
        ("plan.json --allow column-dropped", "A saved plan is applied as it is"),
        ("--resume --guards-from HEAD", "A saved plan is applied as it is"),
        ("--shard 1/2", "--shard needs PLANFILE"),
        ("plan.json --resume", "go one at a time"),
        ("plan.json --adopt acme/orders=44c5d1b9", "go one at a time"),
        ("--resume --not-made acme/orders", "go one at a time"),
        ("--dry-run --not-made acme/orders", "go one at a time"),
    ],
)
def test_flags_of_an_apply_that_contradict_each_other_are_refused(
    flags: str, says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is read."""
    assert here.exists()
    code, said = told(capsys, "apply", *flags.split())
    assert code == 64
    assert says in said


def test_a_guard_is_lifted_for_nothing_that_is_not_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo would leave it in force where it was meant to be lifted."""
    assert here.exists()
    code, said = told(capsys, "plan", "--allow", "column-dropped@acme/rolles")
    assert code == 1
    assert "nothing-selected: --allow column-dropped@acme/rolles: no manifest is about acme/rolles" in said
    assert "Did you mean acme/roles?" in said


def test_a_snapshot_that_cannot_be_saved_or_read_is_called_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a plan; and a plan is no snapshot."""
    code, said = told(capsys, "retention", "simulate", "--save-snapshot", "nowhere/x")
    assert code == 1
    assert "snapshot-not-saved: the snapshot was not saved to nowhere/x: No such file or directory" in said
    assert told(capsys, "plan", "--out", "plan.json")[0] == 0
    code, said = told(capsys, "retention", "simulate", "--snapshot", "plan.json")
    assert code == 1
    assert "it does not say when it was taken" in said
    assert here.exists()


def test_a_proposal_or_a_snapshot_that_cannot_be_read_says_what_to_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In our words: Python's are about characters."""
    (here / "empty").write_text("")
    assert told(capsys, "retention", "simulate", "--policy", "manifests") == (
        1,
        (
            "Error:\nunreadable-file: manifests cannot be read: Is a directory\n"
            "  Name a file that holds what stands under spec of a manifest: retention: {keepLast: 5}.\n"
        ),
    )
    assert told(capsys, "retention", "simulate", "--snapshot", "empty") == (
        1,
        (
            "Error:\nsnapshot-unreadable: empty cannot be used as a snapshot of versions: "
            "its JSON breaks at line 1, column 1\n  Make a new one with --save-snapshot FILE.\n"
        ),
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("workspace.yaml", "    url:", "    ulr:", 'unknown-key unknown key "ulr"\n  Did you mean url?'),
        ("datasets/roles.yaml", "kind:", "kidn:", 'unknown-key unknown key "kidn"\n  Did you mean kind?'),
        ("profiles/governed.yaml", "kind:", "kidn:", 'unknown-key unknown key "kidn"\n  Did you mean kind?'),
    ],
    ids=["a target's url", "a dataset's kind", "a profile's kind"],
)
def test_a_typo_is_told_where_it_is_and_nothing_else_is(
    file: str, old: str, new: str, place: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A target or profile that stands in a refused file is not called unknown where it is used."""
    path = here / "manifests" / file
    lines = path.read_text().splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if line.startswith(old))
    lines[number] = lines[number].replace(old, new)
    path.write_text("".join(lines))
    code, said = told(capsys, "validate")
    assert code == 1
    assert f"manifests/{file}:{number + 1}:{len(new) - len(new.lstrip()) + 1}: {place}\n" in said
    assert said.startswith("1 error in manifests.\n")


def test_what_cannot_be_read_is_told_by_fmt_as_by_validate(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An all-clear would be believed of a file that nobody looked at; and nothing behind a link is rewritten."""
    outside = here / "outside"
    outside.mkdir()
    (outside / "a.yaml").write_text("kind:   Dataset\n")
    (here / "manifests/file.yaml").symlink_to("../outside/a.yaml")
    (here / "manifests/folder").symlink_to("../outside")
    os.mkfifo("manifests/pipe.yaml")
    (here / "manifests" / os.fsdecode(b"r\xff.yaml")).write_text("a: b\n")
    refused = "1:1: unreadable-file the file cannot be read:"
    says = (
        "Error:\n"
        f"manifests/file.yaml:{refused} it is a link, and links are not followed\n"
        f"manifests/folder:{refused} it is a link, and links are not followed\n"
        f"manifests/pipe.yaml:{refused} it is not a regular file\n"
        f"manifests/r\\xff.yaml:{refused} its name is not UTF-8, which a plan could not name\n"
    )
    assert told(capsys, "validate") == (1, f"4 errors in manifests.\n{says}")
    for words in (("fmt", "--check"), ("fmt",)):
        assert told(capsys, *words) == (1, f"11 files are in the canonical layout.\n{says}")
    assert (outside / "a.yaml").read_text() == "kind:   Dataset\n"


@pytest.mark.parametrize("words", [("fmt", "--check", "empty"), ("fmt", "-w", "empty"), ("fmt", "manifests", "empty")])
def test_a_folder_without_manifests_is_not_in_order(
    words: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typo in a pipeline would turn its check off, as with validate."""
    (here / "empty").mkdir()
    (here / "empty/notes.txt").write_text("x")
    assert told(capsys, *words) == (
        1,
        (
            "Error:\nempty:1:1: unreadable-file there is no YAML file in it\n"
            "  Name files that end in .yaml or .yml, folders, or a workspace with -w.\n"
        ),
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told_by_fmt(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As much as a file that may not be."""
    folder = here / "manifests/datasets"
    folder.chmod(0)
    try:
        code, said = told(capsys, "fmt")
    finally:
        folder.chmod(0o700)
    assert code == 1
    assert "manifests/datasets:1:1: unreadable-file the file cannot be read: Permission denied\n" in said
