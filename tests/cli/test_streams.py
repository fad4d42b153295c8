"""Where output goes, and what is in its way: closed streams, devices, links, flags in the environment, an interrupt."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from reconciler.cli.entry import run

from .test_processes import command, environment


def test_a_plan_is_not_saved_over_a_link(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody may have put it there to have another file overwritten; `/dev/stdout` is one, too."""
    (workspace / "precious").write_text("x")
    (workspace / "plan.json").symlink_to("precious")
    assert run(["plan", "--out", "plan.json"]) == 1
    assert capsys.readouterr() == (
        "",
        "Error:\nplan-not-saved: the plan was not saved to plan.json: it is a link\n  Name another file.\n",
    )
    assert (workspace / "precious").read_text() == "x"


def test_a_plan_goes_into_a_pipe_that_stays_one(workspace: Path) -> None:
    """A regular file in the place of `/dev/null` would break the machine."""
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE, text=True)  # noqa: S607
    assert run(["plan", "--out", "pipe"]) == 0
    out, _ = reader.communicate(timeout=10)
    assert out.startswith("{")
    assert stat.S_ISFIFO((workspace / "pipe").stat().st_mode)


def test_a_plan_that_cannot_be_saved_says_why(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, no defect of ours."""
    del workspace
    assert run(["plan", "--out", "nowhere/plan.json"]) == 1
    assert capsys.readouterr().err == (
        "Error:\nplan-not-saved: the plan was not saved to nowhere/plan.json: No such file or directory\n"
        "  Name another file.\n"
    )


def test_a_plan_is_saved_although_its_reader_has_gone(workspace: Path) -> None:
    """`plan --out plan.json | head -1` leaves a plan to apply."""
    words = " ".join(map(repr, command("plan", "--out", "plan.json")))
    subprocess.run(  # noqa: S602 - a pipe is the point
        f"{words} | true", shell=True, cwd=workspace, env=environment(), capture_output=True, check=False
    )
    assert (workspace / "plan.json").read_text().startswith("{")


def test_events_are_read_by_nobody_else_even_where_the_file_was_there(workspace: Path) -> None:
    """Only a file that is made gets its mode from whoever opens it; this one was everybody's."""
    events = workspace / "events.jsonl"
    events.write_text("old\n")
    events.chmod(0o644)
    assert run(["apply", "--auto-approve", "--events", "events.jsonl"]) == 0
    assert stat.S_IMODE(events.stat().st_mode) == 0o600
    assert "old" not in events.read_text()


def test_events_go_through_no_link_that_a_checkout_may_hold(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it leads to would be emptied; nothing is applied, either."""
    other = workspace.parent.parent / "profile"
    other.write_text("of somebody")
    Path("events.jsonl").symlink_to(other)
    assert run(["apply", "--auto-approve", "--events", "events.jsonl"]) == 64
    said = "Error: --events events.jsonl: events.jsonl is a link, and links are not followed.\n"
    assert capsys.readouterr().err.endswith(said)
    assert other.read_text() == "of somebody"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_events_go_where_a_stream_goes(stream: str, workspace: Path) -> None:
    """A file that the shell has opened keeps the mode that its owner gave it."""
    log = workspace / "log"
    log.touch(0o644)
    words = command("apply", "--auto-approve", "--events", f"/dev/{stream}")
    with log.open("w") as file:
        into = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: file}
        assert subprocess.run(words, cwd=workspace, env=environment(), **into, check=False).returncode == 0  # type: ignore[call-overload]  # noqa: S603
    assert '"event": "apply-ended"' in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o644


@pytest.mark.parametrize("closing", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(closing: str, workspace: Path) -> None:
    """As some service managers start us."""
    words = " ".join(map(repr, command("plan", "--detailed-exitcode")))
    done = subprocess.run(  # noqa: S602 - only a shell closes streams
        f"{words} {closing}", shell=True, cwd=workspace, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize("text", ["column-dropped@", "column-dropped@acme", "column-dropped@/x"])
def test_an_empty_address_lifts_a_guard_nowhere(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--allow "column-dropped@$DATASET"` with an empty variable must not lift it everywhere."""
    assert run(["plan", "--allow", text]) == 64
    assert "is not an address; write TARGET/NAME" in capsys.readouterr().err


def test_no_flag_in_the_environment_leads_the_demo_to_a_workspace_of_yours(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo applies without asking: it may only ever see its own folder."""
    monkeypatch.setenv("RECONCILER_WORKSPACE", str(workspace / "manifests"))
    monkeypatch.setenv("RECONCILER_ALLOW", "column-dropped")
    monkeypatch.setenv("RECONCILER_DETAILED_EXITCODE", "1")
    monkeypatch.setenv("RECONCILER_FORMAT", "json")
    before = dict(os.environ)
    assert run(["demo"]) == 0
    out, _ = capsys.readouterr()
    assert "acme/covid-tracker" in out
    assert "acme/d0" not in out
    assert not (workspace / ".reconciler").exists()
    assert {name: value for name, value in os.environ.items() if name in before} == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_demo_is_no_failure_and_leaves_nothing(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """Ctrl-C, an end from outside, a closed terminal: the folder is gone."""
    process = subprocess.Popen(  # noqa: S603
        command("demo"),
        env={**environment(), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while "$ reconciler plan" not in process.stdout.readline():
        pass
    time.sleep(0.02)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code, out + err
    assert "ended early" not in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["schema", "Dataset"], ["plan"], ["explain"]], ids=" ".join
)
def test_a_full_device_is_told_in_one_sentence(words: list[str], workspace: Path) -> None:
    """`> /dev/full` is what a full disk is like."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603
            command(*words),
            cwd=workspace,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "Error: not all could be written: No space left on device.\n  Make room, or write elsewhere.\n"
    )


@pytest.mark.parametrize("words", [["plan"], ["review", "--base", "main"], ["init"], ["validate"]], ids=" ".join)
def test_a_folder_that_is_gone_is_told_in_one_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody removed the current folder meanwhile."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run(words) == 1
    err = capsys.readouterr().err
    assert err.startswith("Error:")
    assert "should not have happened" not in err
    assert len(err.splitlines()) <= 3
