"""Nothing is sent that is not in the journal, on disk; and what a crash leaves of it is enough."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from tests.campaigns import stage

from .conftest import Set

SHARED = {"permissions": [{"id": stage.USERS["cy"], "type": "USER", "accessLevel": "CAN_SHARE"}], "sendEmail": False}


class Disk:
    """A disk that fails from its n-th write or fsync of a journal on."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, call: str, n: int, number: int, name: str = "/journal/"
    ) -> None:
        self.calls = 0
        self.n, self.number, self.name = n, number, name
        self.real = getattr(os, call)
        monkeypatch.setattr(os, call, self)

    def __call__(self, descriptor: int, *arguments: bytes) -> object:
        if self.name in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            self.calls += 1
            if self.calls >= self.n:
                if arguments:
                    self.real(descriptor, arguments[0][: len(arguments[0]) // 2])
                raise OSError(self.number, os.strerror(self.number))
        return self.real(descriptor, *arguments)


CALLS = [
    pytest.param(call, number, n, id=f"{call} {n} {errno.errorcode[number]}")
    for call, number in (("write", errno.ENOSPC), ("fsync", errno.EIO))
    for n in (1, 2, 3, 5, 8, 13, 21)
]


@pytest.mark.parametrize(("call", "number", "n"), CALLS)
def test_a_disk_that_fails_stops_before_anything_unnoted_is_sent(
    call: str, number: int, n: int, bench: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any write and fsync: whatever was sent has its intent in the journal, and the next apply converges."""
    it = bench(existing=1, new=1)
    with monkeypatch.context() as patch:
        disk = Disk(patch, call, n, number)
        code, out, err = it.apply()
    if disk.calls < n:
        assert code == 0
        return
    assert code in {1, 5}
    assert (code == 1) == (it.writes() == [])
    assert "journal-failed" in err
    assert "Traceback" not in out + err
    assert len(it.writes()) <= sum(b'"intent"' in path.read_bytes() and intents(path) for path in it.journals)
    assert it.apply()[0] == 0
    assert len(it.named("new0")) == 1
    it.assert_settled()


def intents(path: Path) -> int:
    return path.read_bytes().count(b'"event": "intent"')


def test_every_byte_of_the_last_line_may_be_torn(bench: Set) -> None:
    """A crash in the middle of a line: whatever is left of the last one, the next apply goes on."""
    it = bench(existing=1, new=0)
    it.sandbox.faults.script("PUT", "*", "401", times=99)
    assert it.apply()[0] == 5
    (path,) = it.journals
    whole = path.read_bytes()
    lines = whole.rstrip(b"\n").split(b"\n")
    kept, last = b"\n".join(lines[:-2]) + b"\n", lines[-2]
    for cut in range(0, len(last) + 1, 11):
        path.write_bytes(kept + last[:cut])
        code, _, err = it.run("plan")
        assert code == 0, err
    it.sandbox.faults = type(it.sandbox.faults)()
    path.write_bytes(kept + last[: len(last) // 2])
    assert it.apply()[0] == 0
    it.assert_settled()


def test_what_an_apply_leaves_is_for_its_owner_only(bench: Set) -> None:
    """Journal, plan, audit log, undo plan, lock: mode 0600, and no token in any."""
    it = bench(existing=1, new=1)
    it.sandbox.faults.script("PUT", "*", "401", times=1)
    it.apply("--events", "events.jsonl")
    it.apply()
    files = [path for path in it.state.rglob("*") if path.is_file()] + [Path("events.jsonl")]
    kinds = {path.relative_to(it.state).parts[0] if path.is_relative_to(it.state) else path.name for path in files}
    assert kinds == {"journal", "undo", "audit.jsonl", "audit.lock", "lock.acme", "manifests.lock", "events.jsonl"}
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {
        path.name: "0o600" for path in files
    }
    assert [path.name for path in files if b"sandbox-token" in path.read_bytes()] == []


def test_the_states_of_a_step_are_in_the_journal(bench: Set) -> None:
    """pending → intent → done | refused | uncertain; each with the facet before and after."""
    it = bench(existing=1, new=0)
    it.sandbox.faults.script("PUT", "/api/data/v1/streams/*", "401", times=1)
    it.sandbox.faults.script("POST", "*/tags", "401", times=1)
    assert it.apply()[0] == 5
    told = [(event["event"], event.get("step", "").partition(".")[2], event.get("state")) for event in it.events()]
    assert told == [
        ("begin", "", None),
        ("intent", "schema#alter", None),
        ("outcome", "schema#alter", "done"),
        ("intent", "tags#tag", None),
        ("outcome", "tags#tag", "refused"),
        ("intent", "permissions#grant", None),
        ("outcome", "permissions#grant", "done"),
        ("intent", "schedule#reschedule", None),
        ("outcome", "schedule#reschedule", "refused"),
        ("intent", "retention#prune", None),
        ("outcome", "retention#prune", "done"),
        ("end", "", "partial"),
    ]
    assert it.apply()[0] == 0
    it.assert_settled()


def test_resuming_goes_on_with_the_plan_that_was_approved(bench: Set) -> None:
    """No question, no new plan: what was refused is tried again; then there is nothing to resume."""
    it = bench(existing=1, new=1)
    it.sandbox.faults.script("PUT", "/api/data/v1/streams/*", "401", times=1)
    assert it.apply()[0] == 5
    first = it.events()[0]["plan_id"]
    code, out, err = it.run("apply", "--resume")
    assert (code, it.events()[0]["plan_id"]) == (0, first)
    assert f"Resuming plan {first[:16]}" in err
    assert out.startswith("Apply: ")
    it.assert_settled()
    assert it.run("apply", "--resume") == (0, "", "Nothing to resume: no apply is unfinished.\n")
    assert len(it.named("new0")) == 1


def test_resuming_refuses_what_moved_meanwhile(bench: Set) -> None:
    """Exit 4, naming what and how; nothing is written."""
    it = bench(existing=1, new=0)
    it.sandbox.faults.script("PUT", "*/responsibleUsers", "401", times=1)
    assert it.apply()[0] == 5
    it.vendor("POST", f"/api/data/v3/datasources/{stage.identifier(0)}/share", SHARED)
    before = len(it.writes())
    code, _, err = it.run("apply", "--resume")
    assert code == 4
    assert (
        "plan-stale acme/d0.permissions: user:cy CAN_EDIT -> CAN_VIEW was planned, and now there is user:cy CAN_SHARE"
        in err
    )
    assert len(it.writes()) == before


@pytest.mark.parametrize(
    "arguments",
    [["plan.json", "--resume"], ["--resume", "--dataset", "d0"], ["--resume", "--not-made", "acme/d0"]],
    ids=" ".join,
)
def test_resuming_takes_nothing_else(arguments: list[str], bench: Set) -> None:
    """It goes on with one plan, as it was approved."""
    assert bench().run("apply", *arguments)[0] == 64
