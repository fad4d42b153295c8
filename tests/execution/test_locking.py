"""One apply at a time for each target of a workspace; the lock tells who has it and ends with its process."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reconciler.app.exits import Exit, Stop
from reconciler.app.locking import Owner, locked

from .conftest import Set

HOLDER = """\
import sys, time
from pathlib import Path
from reconciler.app.locking import Owner, locked
with locked(Path(sys.argv[1]), ["acme"], Owner.me("2026-11-22T00:00:00+00:00", "reconciler apply plan.json")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_one_who_is_refused_learns_who_has_it(bench: Set) -> None:
    """Process, user, host, since when, and what was typed; exit 6, and nothing is sent."""
    it = bench(existing=1)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(it.state)], stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    begun = time.monotonic()
    code, _, err = it.apply()
    assert (code, it.writes()) == (6, [])
    told = (
        rf"lock-held: target acme is locked by process {holder.pid} of \S+ on \S+, since 2026-11-22T00:00:00\+00:00: "
    )
    assert re.search(told + "reconciler apply plan.json\n", err), err
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert it.apply()[0] == 0
    assert time.monotonic() - begun < 10
    it.assert_settled()


def test_another_target_is_another_lock(tmp_path: Path) -> None:
    """And the second of two targets that is taken frees the first again."""
    me = Owner.me("now", "test")
    with locked(tmp_path, ["acme"], me):
        with locked(tmp_path, ["vision"], me):
            pass
        with pytest.raises(Stop) as caught, locked(tmp_path, ["aaa", "acme"], me):
            pass
        assert caught.value.exit is Exit.LOCKED
        with locked(tmp_path, ["aaa"], me):
            pass
    with locked(tmp_path, ["acme"], me):
        pass


def test_a_lock_nobody_signed_is_a_lock_all_the_same(tmp_path: Path) -> None:
    """Whatever stands in the file, the kernel decides."""
    me = Owner.me("now", "test")
    with locked(tmp_path, ["acme"], me):
        (tmp_path / "lock.acme").write_bytes(b"\xff{")
        with pytest.raises(Stop, match="target acme is locked by another apply"), locked(tmp_path, ["acme"], me):
            pass


def test_a_lock_is_told_of_once_it_is_signed(tmp_path: Path) -> None:
    """On a busy machine the one who has it may not have come to sign it yet."""
    me, path = Owner.me("now", "test"), tmp_path / "lock.acme"
    with locked(tmp_path, ["acme"], me):
        signed = path.read_bytes()
        path.write_bytes(b"")
        later = threading.Timer(0.2, path.write_bytes, [signed])
        later.start()
        with pytest.raises(Stop, match=f"target acme is locked by process {me.pid} "), locked(tmp_path, ["acme"], me):
            pass
        later.join()


def test_a_lock_that_was_given_back_names_nobody(tmp_path: Path) -> None:
    """Who comes between the next one's lock and signature would be sent after a process that is gone."""
    with locked(tmp_path, ["acme"], Owner.me("now", "test")):
        assert (tmp_path / "lock.acme").read_bytes() != b""
    assert (tmp_path / "lock.acme").read_bytes() == b""


@pytest.mark.parametrize("shard", [None, "1/2"])
@pytest.mark.parametrize("name", ["lock.acme", "shards/acme.register", "shards/acme.1-of-2"])
def test_no_lock_is_written_over_a_link(name: str, shard: str | None, tmp_path: Path) -> None:
    """A repository may hold one, which leads to any file of whoever applies."""
    victim, state = tmp_path / "victim", tmp_path / "state"
    victim.write_text("precious")
    (state / name).parent.mkdir(parents=True)
    (state / name).symlink_to(victim)
    me = Owner.me("now", "test", shard, "a plan")
    if name != "lock.acme" and shard is None:
        with locked(state, ["acme"], me):
            pass
    else:
        refused = f"{state / name} cannot be written: Too many levels of symbolic links"
        with pytest.raises(Stop, match=re.escape(refused)), locked(state, ["acme"], me):
            pass
    assert victim.read_text() == "precious"


def test_a_record_of_holds_that_cannot_be_locked_is_told(bench: Set) -> None:
    """A folder is where its lock would be: a sentence, and nothing is sent."""
    it = bench(existing=1)
    path, manifest = Path("manifests/d0.yaml"), it.manifest("d0")
    manifest["spec"]["retention"] = {"keepLast": 3, "legalHold": {"reason": "case 7", "by": "legal"}}
    path.write_text(json.dumps(manifest))
    (it.state / "holds.lock").mkdir(parents=True)
    code, _, err = it.apply()
    assert (code, it.writes()) == (1, [])
    assert "state-unusable: the record of legal holds cannot be written: Is a directory" in err
