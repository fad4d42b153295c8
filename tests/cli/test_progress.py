"""An apply says what it is doing: live on a terminal, in plain lines elsewhere, as JSON to whom asks for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from tests.support.playing import TOKEN
from tests.support.terminal import on_a_terminal

from .test_processes import IDS

DONE = "".join(f"  done       acme/d{number}.tags tag\n" for number in range(len(IDS)))


def test_on_a_terminal_a_line_shows_the_step_that_is_done_now(workspace: Path) -> None:
    """It is overwritten in place, gives way to each outcome, and is gone in the end."""
    shown = on_a_terminal(
        "apply", "--auto-approve", columns=80, folder=workspace, variables={"DOMO_TOKEN": TOKEN, "NO_COLOR": "1"}
    )
    live = re.findall(r"\r\x1b\[K(Applying [^\r\n]*)", shown)
    assert live[0].startswith(f"Applying 1 of {len(IDS)}: acme/d")
    assert max(map(len, live)) < 80
    screen = re.sub(r"[^\n]*\r\x1b\[K", "", shown).replace("\r\n", "\n")
    assert sorted(line for line in screen.splitlines() if line.startswith("  done")) == sorted(DONE.splitlines())
    assert "Applying" not in screen
    assert f"Apply: {len(IDS)} done.\nUndo: reconciler apply .reconciler/undo/" in screen


def test_elsewhere_each_outcome_is_a_plain_line(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is overwritten in a log."""
    del workspace
    assert run(["apply", "--auto-approve"]) == 0
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert sorted(line for line in err.splitlines(keepends=True) if line.startswith("  done")) == DONE.splitlines(
        keepends=True
    )


def test_events_tell_a_program_the_same(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line of JSON when a step begins and when it is settled, each with its dataset, facet and verb."""
    assert run(["apply", "--auto-approve", "--events", "events.jsonl"]) == 0
    capsys.readouterr()
    events = [json.loads(line) for line in (workspace / "events.jsonl").read_text("utf-8").splitlines()]
    assert (events[0]["event"], events[0]["steps"]) == ("apply-started", len(IDS))
    assert (events[-1]["event"], events[-1]["exit"], events[-1]["states"]) == ("apply-ended", 0, {"done": len(IDS)})
    told = [(event["event"], event["dataset"], event["facet"], event.get("state")) for event in events[1:-1]]
    assert sorted(told, key=str) == sorted(
        (
            (name, f"acme/d{number}", "tags", state)
            for number in range(len(IDS))
            for name, state in (("step-started", None), ("step-settled", "done"))
        ),
        key=str,
    )
