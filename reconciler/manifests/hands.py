"""Many files, looked at by several processes side by side; an accelerator and nothing else.

Each process looks at every n-th file and tells what it found in those in which nothing is wrong, in their order. Of all
others, and of whatever a process that ends early leaves undone, nothing is told, and whoever asks looks for himself.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from math import ceil, inf
from pathlib import Path
from typing import BinaryIO, NamedTuple

from msgspec import MsgspecError, msgpack

from .cache import Fact
from .files import File

WORTH_IT = 250
"""So many files for each process: fewer are read before another one has begun."""
MOST = 8
GROUPS = Path("/sys/fs/cgroup")
LENGTH = 4
"""Bytes before each answer that say how long it is."""


class Seen(NamedTuple):
    """What a file says that holds one dataset and in which nothing is wrong."""

    fact: Fact
    packed: bytes
    """Its data."""


def hands(files: int) -> int:
    """How many processes so many files are worth; one where a process cannot safely be doubled, or ended."""
    if sys.platform != "linux" or threading.active_count() > 1 or not hasattr(os, "pidfd_open"):
        return 1
    return max(1, ceil(min(len(os.sched_getaffinity(0)), MOST, allotted(), files // WORTH_IT)))


def allotted(groups: Path = GROUPS) -> float:
    """How many cores' time the container of this process may take; infinity where nobody says so.

    The kernel's documents: cgroup-v2, "CPU Interface Files"; sched-bwc, for containers of the first version.
    """
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        with suppress(OSError, ValueError, ZeroDivisionError):
            quota, period = " ".join((groups / name).read_text("ascii") for name in names).split()
            if int(quota) > 0:
                return int(quota) / int(period)
    return inf


def seen_ahead(
    files: Sequence[File], look: Callable[[File], Seen | None], worth: Callable[[int], int]
) -> Generator[Seen | None, None, None]:
    """For each of `files` what another process found in it; None: look for yourself.

    Close it, or the processes are left until they notice that nobody listens. `worth` says how many processes, this
    one included, so many files are worth.
    """
    total, count = len(files), worth(len(files))
    others: list[_Other] = []
    try:
        # Where no more processes or files are to be had, fewer have to do.
        with suppress(OSError), _undisturbed():
            for number in range(1, count):
                others.append(_Other(files[number::count], look, others))
        del files  # whoever takes the answers may let go of each file
        for place in range(total):
            turn = place % count
            yield others[turn - 1].next() if 0 < turn <= len(others) else None
    finally:
        for other in others:
            other.close()


class _Other:
    """Another process and the end of the pipe that it answers through."""

    def __init__(self, files: Sequence[File], look: Callable[[File], Seen | None], before: Sequence[_Other]) -> None:
        answers, end = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(answers)
            os.close(end)
            raise
        if self._process == 0:
            _work(files, look, end, [answers, *(other.answers.fileno() for other in before)])
        os.close(end)
        self.answers: BinaryIO = os.fdopen(answers, "rb")
        self._read = msgpack.Decoder(tuple[Fact, bytes] | None).decode
        try:
            # By its number another process might be ended that got it since.
            self._handle = os.pidfd_open(self._process)
        except OSError:
            self._leave()
            raise

    def next(self) -> Seen | None:
        """The answer about its next file; None, too, once it has ended."""
        length = int.from_bytes(self.answers.read(LENGTH), "big")
        try:
            fact, packed = self._read(self.answers.read(length)) or (None, b"")
        except MsgspecError:
            return None
        return Seen(fact, packed) if fact else None

    def close(self) -> None:
        """End it, whatever it does."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self._leave()

    def _leave(self) -> None:
        self.answers.close()
        # Where SIGCHLD is ignored, whose end that is has been forgotten already.
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def _work(files: Sequence[File], look: Callable[[File], Seen | None], end: int, foreign: Sequence[int]) -> None:
    """Answer about each file, and leave without a trace: what the process was doubled from goes on elsewhere.

    `foreign` are the ends of pipes that others listen at: while they were open here, who answers there would not notice
    that nobody listens any more.
    """
    try:
        gc.disable()
        for descriptor in foreign:
            os.close(descriptor)
        with os.fdopen(end, "wb") as out:
            for file in files:
                answer = msgpack.encode(look(file))
                out.write(len(answer).to_bytes(LENGTH, "big") + answer)
                out.flush()
    finally:
        os._exit(0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no signal in between a fork and what knows of it. A process that is made here hears none: it is ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
