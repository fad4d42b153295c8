"""A state folder that somebody or something damaged: one sentence says where, nothing is sent, and repair is enough."""

from __future__ import annotations

import errno
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from reconciler.execution import births
from reconciler.execution.history import CREATIONS, read_past

from .conftest import Set
from .test_journal import Disk

OLD = "20200101T000000000000Z-abc.jsonl"
COMMANDS = (("plan",), ("apply", "--auto-approve"), ("apply", "--resume"), ("audit", "verify"), ("audit", "show"))

TAKEN = [
    ("journal", "file", "journal-unreadable"),
    (f"journal/{OLD}", "folder", "journal-unreadable"),
    ("lock.acme", "folder", "state-unusable"),
    (".", "file", "journal-unreadable"),
    ("holds.json", "folder", "holds-unreadable"),
]
"""What stands where an apply keeps something, and the code that says so."""


@pytest.mark.parametrize(("place", "what", "code"), TAKEN, ids=[f"{place} is a {what}" for place, what, _ in TAKEN])
def test_what_is_in_the_way_is_named_and_nothing_is_sent(place: str, what: str, code: str, bench: Set) -> None:
    """Exit 1; with it out of the way, the same command does it all."""
    it = bench(existing=1, new=1)
    path = it.state / place
    if what == "folder":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    told, _, err = it.apply()
    assert (told, it.writes()) == (1, [])
    assert code in err
    assert "should not have happened" not in err
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink()
    assert it.apply()[0] == 0
    it.assert_settled()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_takes_an_unreadable_journal_for_none(words: tuple[str, ...], bench: Set) -> None:
    """What it knows of an open creation would be lost."""
    it = bench(existing=0, new=1)
    (it.state / "journal" / OLD).mkdir(parents=True)
    code, _, err = it.run(*words)
    assert (code, it.writes()) == (1, [])
    assert "journal-unreadable" in err


@pytest.mark.parametrize(
    "text",
    [
        '{"event":"begin","plan_id":5,"targets":7,"who":[]}\n{"event":"end","audit":{"lines":"x"}}',
        '{"event":"intent","dataset":"acme/d0","facet":"tags","step":["a"],"id":"x","changes":5}',
        '{"event":"intent","dataset":5,"id":null,"at":"abc"}\n[1]\n"x"\nnull\n{"event":"outcome","step":{"a":1}}',
        '{"event":{"a":1},"at":1e999}\n{"event":"end","state":"complete","at":NaN}',
        "\u0000" * 200,
    ],
)
def test_lines_that_no_apply_wrote_are_no_events(text: str, bench: Set) -> None:
    """Whatever stands in a journal, a plan and an apply go their way."""
    it = bench(existing=1, new=1)
    (it.state / "journal").mkdir(parents=True)
    (it.state / "journal" / OLD).write_text(text)
    assert it.run("plan")[0] == 0
    assert it.apply()[0] == 0
    it.assert_settled()


def test_an_open_creation_stays_open_although_its_moment_cannot_be_read(bench: Set) -> None:
    """It is what keeps a second dataset from being made."""
    it = bench(existing=0, new=1, world="documented")
    (it.state / "journal").mkdir(parents=True)
    intent = {"event": "intent", "dataset": "acme/new0", "step": "acme/new0.schema#create", "id": None, "at": "soon"}
    (it.state / "journal" / OLD).write_text(json.dumps(intent))
    code, _, err = it.apply()
    assert (code, it.writes()) == (5, [])
    assert "create-unsettled acme/new0" in err


def test_a_clock_that_was_put_back_puts_no_journal_before_an_older_one(
    bench: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what somebody says of a creation would be read before the creation, and never count."""
    it = bench(existing=0, new=1, world="documented")
    it.sandbox.faults.script("POST", "/api/data/v2/datasources", "html")
    assert it.apply()[0] == 5

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(time.time(), tz) - timedelta(days=1)

    monkeypatch.setattr("reconciler.cli.running.datetime", Yesterday)
    assert it.apply("--not-made", "acme/new0")[0] == 0
    assert len(it.named("new0")) == 1
    assert [path.name for path in it.journals] == sorted(
        (path.name for path in it.journals), key=lambda name: (it.state / "journal" / name).stat().st_mtime_ns
    )
    it.assert_settled()


def test_old_journals_are_looked_through_not_read(bench: Set) -> None:
    """Of two thousand journals only the lines about creations are parsed, and they tell the same."""
    it = bench(existing=4, new=2)
    assert it.apply()[0] == 0
    (path,) = it.journals
    whole, part = read_past(path), read_past(path, CREATIONS)
    assert births([part]) == births([whole])
    assert len(births([whole])) == 2
    assert len(part.events) * 4 < len(whole.events)


def parsed(path: Path, change: Callable[[str], str]) -> dict[str, object]:
    """What is known of creations once each line was rewritten."""
    copy = path.with_name("copy")
    copy.write_text("".join(change(line) for line in path.read_text().splitlines(keepends=True)))
    return dict(births([read_past(copy, CREATIONS)]))


def test_lines_of_another_form_are_parsed_all_the_same(bench: Set) -> None:
    """What is left unread is only what certainly tells nothing."""
    it = bench(existing=1, new=2)
    assert it.apply()[0] == 0
    (path,) = it.journals
    expected = births([read_past(path)])

    def compact(line: str) -> str:
        return json.dumps(json.loads(line), separators=(",", ":"), sort_keys=True) + "\n"

    assert parsed(path, compact) == expected
    assert parsed(path, lambda line: f" {line}") == expected


@pytest.mark.parametrize(
    ("name", "told", "code"),
    [
        ("/undo/", "undo-failed", 0),
        ("/manifests/", "could not be written into manifests/new0.yaml: [Errno 5] Input/output error", 5),
    ],
    ids=["undo", "id"],
)
def test_a_disk_that_fails_behind_the_last_write_loses_nothing(
    name: str, told: str, code: int, bench: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was applied is applied; the id that was not written is remembered, and written by the next apply."""
    it = bench(existing=1, new=1)
    with monkeypatch.context() as patch:
        Disk(patch, "fsync", 1, errno.EIO, name)
        found, _, err = it.apply()
    assert (found, len(it.named("new0"))) == (code, 1)
    assert told in err
    assert list(it.folder.rglob(".*.*.*")) == []
    assert it.apply()[0] == 0
    assert it.manifest("new0")["metadata"]["id"] == it.named("new0")[0]
    it.assert_settled()
