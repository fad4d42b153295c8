"""One plan applied in parts by several processes: all of it, nothing twice, and by nobody else meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from reconciler.app.exits import Exit, Stop
from reconciler.app.locking import Owner, locked
from reconciler.sandbox import Sandbox
from tests.support.sent import writes

from .stage import COMMAND, environ, reconciler

ALLOW = ("--allow", "too-many-changes")
NEW = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: NAME, target: acme}
spec:
  schema: {columns: [{name: a, type: STRING}]}
  tags: [fresh]
"""


@pytest.fixture
def plan(workspace: Path) -> Path:
    """Five datasets that change and four in one file that are to be created, as one plan."""
    text = "---\n".join(NEW.replace("NAME", f"new{number}") for number in range(4))
    (workspace / "manifests/new.yaml").write_text(text, "utf-8")
    done = reconciler(workspace, "plan", "--out", "plan.json", *ALLOW)
    assert done.returncode == 0, done.stderr
    return workspace


def begin(folder: Path, shard: str, **more: str) -> subprocess.Popen[str]:
    """The apply of one shard, under way."""
    return subprocess.Popen(  # noqa: S603
        [*COMMAND, "apply", "--shard", shard, "plan.json"],
        cwd=folder,
        env=environ(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def titles(sandbox: Sandbox) -> Counter[str]:
    """How many datasets the vendor has, by what was sent to create them."""
    return Counter(
        json.loads(request.body or "{}")["dataSourceName"]
        for request in sandbox.requests
        if request.method == "POST" and request.path == "/api/data/v2/datasources"
    )


def settled(folder: Path) -> None:
    """Nothing is left to do, every line of the log is in its chain, and each action is in it once."""
    again = reconciler(folder, "plan", "--detailed-exitcode")
    assert (again.returncode, again.stdout.splitlines()[0]) == (
        0,
        "No changes. Live state matches the manifests.",
    ), again.stderr
    log = reconciler(folder, "audit", "verify")
    assert log.returncode == 0, log.stderr
    lines = [json.loads(line) for line in (folder / ".reconciler/audit.jsonl").read_text("utf-8").splitlines()]
    assert max(Counter(line["step"] for line in lines).values()) == 1


def test_three_processes_apply_one_plan(plan: Path, sandbox: Sandbox) -> None:
    """Each its part, at the same time, the third as a Kubernetes job would: an empty plan, and nothing made twice."""
    running = [begin(plan, shard, JOB_COMPLETION_INDEX="2") for shard in ("1/3", "2/3", "job/3")]
    told = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert titles(sandbox) == {f"new{number}": 1 for number in range(4)}
    assert sum(writes(request) for request in sandbox.requests) == 4 * 2 + 5
    settled(plan)


def test_a_shard_is_applied_once_and_the_plan_is_not_cut_anew(plan: Path) -> None:
    """After one shard is done, it is refused; so are the whole and other shares; the others go on."""
    assert begin(plan, "1/3").wait(60) == 0
    for shard in ("1/3", "1/2", "2/4"):
        done = reconciler(plan, "apply", "--shard", shard, "plan.json")
        assert (done.returncode, "plan-used: this plan was applied before as shard 1/3" in done.stderr) == (4, True)
    assert reconciler(plan, "apply", "plan.json").returncode == 4
    assert [begin(plan, shard).wait(60) for shard in ("2/3", "3/3")] == [0, 0]
    settled(plan)


def test_a_shard_that_is_killed_is_gone_on_with(plan: Path, sandbox: Sandbox) -> None:
    """By itself, whatever the others did meanwhile: its journal says where it stood."""
    manifest = plan / "manifests/workspace.yaml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("requestsPerSecond: 1000", "requestsPerSecond: 30"), "utf-8")
    victim = begin(plan, "1/3")
    while not any(writes(request) for request in sandbox.requests):
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    assert victim.wait() == -signal.SIGKILL
    manifest.write_text(text, "utf-8")
    assert [begin(plan, shard).wait(60) for shard in ("2/3", "3/3")] == [0, 0]
    assert reconciler(plan, "apply", "--resume").stdout == ""
    again = reconciler(plan, "apply", "--resume", "--shard", "1/3")
    assert again.returncode == 0, again.stderr
    assert max(titles(sandbox).values()) == 1
    settled(plan)


def test_what_was_superseded_is_not_gone_on_with(plan: Path) -> None:
    """Only the plan that was applied last is, shard by shard: never one that was interrupted before it."""
    journals = plan / ".reconciler/journal"
    journals.mkdir(parents=True)
    older, newer = "a" * 64, "b" * 64
    begun(journals / "20260101T000000000000Z-a.jsonl", older, None)
    begun(journals / "20260102T000000000000Z-b-1-of-2.jsonl", newer, "1/2", "complete")
    begun(journals / "20260103T000000000000Z-b-2-of-2.jsonl", newer, "2/2", "interrupted")
    for flags in ((), ("--shard", "1/3")):
        done = reconciler(plan, "apply", "--resume", *flags)
        assert (done.returncode, done.stdout) == (1, "")
        assert "not-resumable: what is unfinished of the plan that was applied last is another part: shard 2/2\n" in (
            done.stderr
        )
        assert "Go on with reconciler apply --resume --shard 2/2.\n" in done.stderr
    done = reconciler(plan, "apply", "--resume", "--shard", "1/2")
    assert (done.returncode, done.stderr) == (0, "Nothing to resume: no apply is unfinished.\n")
    assert "b-2-of-2.jsonl is gone" in reconciler(plan, "apply", "--resume", "--shard", "2/2").stderr
    begun(journals / "20260104T000000000000Z-c.jsonl", "c" * 64, None, "partial")
    assert "Go on with reconciler apply --resume.\n" in (reconciler(plan, "apply", "--resume", "--shard", "2/2").stderr)


def begun(path: Path, plan_id: str, shard: str | None, state: str | None = None) -> None:
    """A journal of an apply that began, and ended when there is a `state`."""
    begin = {"event": "begin", "plan_id": plan_id, "created_at": "x", "targets": ["acme"], "shard": shard}
    end = [{"event": "end", "state": state}] if state else []
    path.write_text("".join(json.dumps(event) + "\n" for event in (begin, *end)), "utf-8")


def test_a_shard_that_fails_says_how_it_goes_on(plan: Path, sandbox: Sandbox) -> None:
    """With its number: without it, all of the plan would be meant."""
    sandbox.faults.script("POST", "/api/data/v2/datasources", "401", times=99)
    told = {shard: begin(plan, shard).communicate(timeout=60)[0] for shard in ("1/2", "2/2")}
    failed = {shard: text for shard, text in told.items() if "Journal: " in text}
    assert failed
    for shard, text in failed.items():
        assert f"Next: reconciler apply --resume --shard {shard} goes on with this plan" in text


def test_a_part_of_a_plan_is_not_applied(workspace: Path) -> None:
    """Limits are judged on the whole: only what is merged is a plan."""
    reconciler(workspace, "plan", "--shard", "1/2", "--out", "part.json")
    done = reconciler(workspace, "apply", "--shard", "1/2", "part.json")
    assert (done.returncode, "plan-unreadable" in done.stderr) == (1, True)
    assert reconciler(workspace, "apply", "--shard", "1/2").returncode == 64


def test_a_plan_that_a_guard_holds_is_applied_by_no_shard(workspace: Path, sandbox: Sandbox) -> None:
    """Also by those that have nothing to do with what it holds."""
    reconciler(workspace, "plan", "--out", "plan.json")
    assert [reconciler(workspace, "apply", "--shard", f"{n}/3", "plan.json").returncode for n in (1, 2, 3)] == [3, 3, 3]
    assert not any(writes(request) for request in sandbox.requests)


@pytest.mark.parametrize(
    ("second", "plan_id", "gets_it"),
    [("2/3", "a", True), ("1/3", "a", False), ("2/4", "a", False), ("2/3", "b", False), (None, "", False)],
    ids=["another part", "the same part", "cut otherwise", "of another plan", "the whole target"],
)
def test_who_may_apply_beside_a_shard(tmp_path: Path, second: str | None, plan_id: str, *, gets_it: bool) -> None:
    """Only another shard of the same plan, cut alike; the one who is refused learns who is there."""
    mine = Owner.me("now", "reconciler apply --shard 1/3 plan.json", "1/3", "a")
    with locked(tmp_path, ["acme"], mine):
        other = Owner.me("now", "other", second, plan_id)
        if gets_it:
            with locked(tmp_path, ["acme"], other), locked(tmp_path, ["vision"], Owner.me("now", "third")):
                pass
            return
        with pytest.raises(Stop) as caught, locked(tmp_path, ["acme"], other):
            pass
        assert caught.value.exit is Exit.LOCKED
        assert f"locked by process {os.getpid()} " in str(caught.value)
        assert "reconciler apply --shard 1/3 plan.json" in str(caught.value)
    with locked(tmp_path, ["acme"], other):
        pass


def test_no_shard_joins_an_apply_of_the_whole(tmp_path: Path) -> None:
    """Nor does a target that only shares its first letters with another one stand in its way."""
    shard = Owner.me("now", "shard", "1/3", "a")
    with locked(tmp_path, ["acme"], Owner.me("now", "whole")):
        with pytest.raises(Stop) as caught, locked(tmp_path, ["acme"], shard):
            pass
        assert caught.value.exit is Exit.LOCKED
        with locked(tmp_path, ["acme.eu", "ac"], Owner.me("now", "shard", "1/4", "b")):
            pass


def test_a_target_may_be_called_as_a_shard_is(tmp_path: Path) -> None:
    """`2-of-3` in its name makes no shard of it."""
    for target in ("best-of-breed", "acme.2-of-3"):
        with locked(tmp_path, [target], Owner.me("now", "one", "1/2", "a")):
            with locked(tmp_path, [target], Owner.me("now", "two", "2/2", "a")):
                pass
            with locked(tmp_path, ["acme"], Owner.me("now", "another", "1/3", "b")):
                pass
