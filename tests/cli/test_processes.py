"""What only shows between processes: signals, locks, a served sandbox."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from reconciler.sandbox import Faults, Sandbox, documents_seed
from tests.support.playing import PRINCIPALS, TOKEN, WORKSPACE
from tests.support.sent import writes

IDS = [dataset["id"] for dataset in documents_seed()["domo"]["datasets"]]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from reconciler.cli import main; main()", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "DOMO_TOKEN": TOKEN}


def done_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, run to its end."""
    return subprocess.run(  # noqa: S603
        command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def begun(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own, on its way."""
    return subprocess.Popen(  # noqa: S603
        command(*arguments),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def writing(folder: Path, sandbox: Sandbox) -> subprocess.Popen[str]:
    """An apply whose first write has arrived."""
    process = begun(folder, "apply", "--auto-approve")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not any(map(writes, sandbox.requests)):
        time.sleep(0.01)
    return process


def write_workspace(folder: Path, url: str, spec: str) -> None:
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "workspace.yaml").write_text(WORKSPACE.format(url=url))
    (manifests / "principals.yaml").write_text(PRINCIPALS)
    for number, identifier in enumerate(IDS):
        (manifests / f"d{number}.yaml").write_text(
            "apiVersion: reconciler/v1\nkind: Dataset\n"
            f"metadata: {{name: d{number}, target: acme, id: {identifier}}}\nspec: {spec}\n"
        )


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """`reconciler sandbox serve` in a process of its own."""
    process = subprocess.Popen(  # noqa: S603
        command("sandbox", "serve", "--port", "0", *arguments), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        yield line.split()[2]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_a_served_sandbox_behaves_as_the_embedded_one(tmp_path: Path) -> None:
    """`url: "sandbox:"` and the URL of `sandbox serve` give the same plan and the same end."""
    printed = {}
    with served("--db", str(tmp_path / "served.db")) as url:
        for name, address in (("embedded", '"sandbox:"'), ("served", url)):
            folder = tmp_path / name
            folder.mkdir()
            write_workspace(folder, address, "{owner: user:scott, tags: {mode: additive, values: [gold]}}")
            told = []
            for words in (["plan"], ["apply", "--auto-approve"], ["plan"], ["drift"]):
                done = done_in(folder, *words)
                told.append((done.returncode, done.stdout, re.sub(r"/undo/\S+", "/undo/…", done.stderr)))
            printed[name] = told
    assert printed["embedded"] == printed["served"]
    assert [told[0] for told in printed["served"]] == [0, 0, 0, 0]
    assert printed["served"][2][1] == "No changes. Live state matches the manifests.\n"


def test_an_apply_waits_for_nobody_and_says_who_holds_the_lock(tmp_path: Path) -> None:
    """One apply at a time: exit 6, and nothing is written."""
    write_workspace(tmp_path, '"sandbox:"', "{tags: {mode: additive, values: [gold]}}")
    (tmp_path / ".reconciler").mkdir()
    with FileLock(tmp_path / ".reconciler" / "lock.acme"):
        done = done_in(tmp_path, "apply", "--auto-approve")
    assert done.returncode == 6
    assert "lock-held" in done.stderr
    assert list((tmp_path / ".reconciler").glob("journal/*")) == []


def test_ctrl_c_waits_for_no_answer_that_never_comes(tmp_path: Path) -> None:
    """A plan has nothing to settle: it ends at once, and asks for nothing more."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as mute:
        write_workspace(tmp_path, f"http://127.0.0.1:{mute.getsockname()[1]}", "{tags: [gold]}")
        process = begun(tmp_path, "plan")
        asking, _ = mute.accept()
        assert asking.recv(4) in {b"GET ", b"POST"}
        interrupted = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - interrupted < 5
        asking.close()
    assert (process.returncode, out, err.strip()) == (130, "", "Interrupted. Nothing further was done.")


def test_a_second_signal_is_told_what_is_waited_for(tmp_path: Path) -> None:
    """The write in flight is settled all the same; who has no time learns that he may end the process."""
    sandbox = Sandbox(faults=Faults.parse("rate=1,seed=1,kinds=stall,stall=0.3"))
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        write_workspace(tmp_path, server.url, "{tags: {mode: additive, values: [gold]}}")
        process = writing(tmp_path, sandbox)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        _, err = process.communicate(timeout=20)
    sandbox.close()
    assert process.returncode == 130
    first = err.index("Interrupted: what was sent is settled first; nothing further is begun.")
    assert err.index("Still settling. To end this process does no harm") > first


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_an_interrupted_apply_settles_the_step_in_flight(number: signal.Signals, tmp_path: Path) -> None:
    """Exit 130; every step that was begun has its outcome in the journal, and the next apply does the rest."""
    sandbox = Sandbox(faults=Faults.parse("rate=1,seed=1,kinds=stall,stall=0.15"))
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        write_workspace(tmp_path, server.url, "{tags: {mode: additive, values: [gold]}}")
        process = writing(tmp_path, sandbox)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 130, out + err
        assert "Traceback" not in err
        (journal,) = (tmp_path / ".reconciler" / "journal").glob("*.jsonl")
        events = [json.loads(line) for line in journal.read_text().splitlines()]
        sent = [event["step"] for event in events if event["event"] == "intent"]
        settled = [event["step"] for event in events if event["event"] == "outcome" and event["state"] == "done"]
        assert sent == settled
        assert 0 < len(sent) < len(IDS)
        assert events[-1]["state"] == "interrupted"
        sandbox.faults = Faults()
        again = done_in(tmp_path, "apply", "--auto-approve")
        assert again.stdout.endswith(f"Apply: {len(IDS) - len(sent)} done.\n"), again.stdout + again.stderr
    sandbox.close()


def test_a_pipe_that_closes_early_is_no_error_message(tmp_path: Path) -> None:
    """`reconciler plan | head -1` prints one line and no complaint."""
    write_workspace(tmp_path, '"sandbox:"', "{tags: [gold]}")
    shell = f"{' '.join(map(repr, command('schema', 'Dataset')))} | head -c 10"
    done = subprocess.run(  # noqa: S602 - a pipe is the point
        shell, shell=True, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.parametrize("gone", ["stdout", "stderr", "stdout and stderr", "terminal"])
def test_an_apply_whose_reader_has_gone_is_settled_all_the_same(gone: str, tmp_path: Path) -> None:
    """A pipe that closes early changes nothing about what was approved; a terminal that closes interrupts it."""
    sandbox = Sandbox(faults=Faults.parse("rate=1,seed=1,kinds=stall,stall=0.05"))
    sandbox.seed(documents_seed())
    with sandbox.serve() as server:
        write_workspace(tmp_path, server.url, "{tags: {mode: additive, values: [gold]}}")
        with left_while_writing(sandbox, gone, tmp_path) as process:
            code = process.wait(20)
    (journal,) = (tmp_path / ".reconciler" / "journal").glob("*.jsonl")
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    begun = [event["step"] for event in events if event["event"] == "intent"]
    assert begun == [event["step"] for event in events if event["event"] == "outcome"]
    assert (code, events[-1].get("state")) == ((130, "interrupted") if gone == "terminal" else (0, "complete"))
    assert len((tmp_path / ".reconciler" / "audit.jsonl").read_bytes().splitlines()) == len(begun)
    assert len(list((tmp_path / ".reconciler" / "undo").iterdir())) == 1
    sandbox.close()


@contextmanager
def left_while_writing(sandbox: Sandbox, gone: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An apply whose pipes or terminal are closed once its first write has arrived."""
    terminal = gone == "terminal"
    reading, writing = pty.openpty() if terminal else os.pipe()
    # The first terminal that the leader of a session opens is the one it hangs up with.
    opened = ["sh", "-c", f'exec "$@" <{os.ttyname(writing)}', "sh"] if terminal else []
    with subprocess.Popen(  # noqa: S603
        [*opened, *command("apply", "--auto-approve")],
        cwd=folder,
        env=environment(),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=writing if terminal or "stdout" in gone else subprocess.DEVNULL,
        stderr=writing if terminal or "stderr" in gone else subprocess.DEVNULL,
    ) as process:
        os.close(writing)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any(map(writes, sandbox.requests)):
            time.sleep(0.01)
        os.close(reading)
        yield process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_sandbox_that_is_stopped_says_where_its_state_is(number: signal.Signals, tmp_path: Path) -> None:
    """Nothing is settled there; it is not an apply."""
    process = begun(tmp_path, "sandbox", "serve", "--port", "0")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Serving on http://127.0.0.1:")
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "Stopped serving. What was written stays in .reconciler/sandbox.db.\n")


ANYWHERE = """
import os, signal, sys
from reconciler.cli.running import settling

def waiting(first, further):
    count = 0

    def at(_frame, _event, _argument):
        nonlocal count
        count += 1
        if count in (first, first + further):
            os.kill(os.getpid(), signal.SIGTERM if count == first else signal.SIGINT)
        return at

    with settling() as stop:
        sys.settrace(at)
        stop.wait(0.001)
        sys.settrace(None)
        return stop.is_set() or count < first

print(all(waiting(first, further) for first in range(1, 30) for further in range(1, 15)))
"""


def test_a_signal_is_heard_wherever_the_main_thread_is() -> None:
    """At any line of its wait, and a second one at any line of hearing the first: a lock that it holds stops nobody."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ANYWHERE], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "True\n", done.stderr
