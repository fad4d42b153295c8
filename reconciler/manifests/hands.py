"""Many files, looked at by several processes side by side; an accelerator and nothing else.

Each process looks at every n-th file and tells what it found in those in which nothing is wrong, in their order. Of all
others, and of whatever a process that ends early leaves undone, nothing is told, and whoever asks looks for himself.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from msgspec import MsgspecError, msgpack

from .cache import Fact
from .files import File

WORTH_IT = 250
"""So many files for each process: fewer are read before another one has begun."""
MOST = 8
LENGTH = 4
"""Bytes before each answer that say how long it is."""


class Seen(NamedTuple):
    """What a file says that holds one dataset and in which nothing is wrong."""

    fact: Fact
    packed: bytes
    """Its data."""


def hands(files: int) -> int:
    """How many processes so many files are worth; one where a process cannot safely be doubled."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), MOST, files // WORTH_IT))


def seen_ahead(
    files: Sequence[File], look: Callable[[File], Seen | None], hands: Callable[[int], int]
) -> Generator[Seen | None, None, None]:
    """For each of `files` what another process found in it; None: look for yourself.

    Close it, or the processes are left until they notice that nobody listens.
    """
    total, count = len(files), hands(len(files))
    others: list[_Other] = []
    try:
        with suppress(OSError):  # no more processes or files are to be had here: these have to do
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
            os.close(answers)
            for other in before:
                # Else those would not notice when nobody but this process is left to listen.
                os.close(other.answers.fileno())
            _work(files, look, end)
        os.close(end)
        self.answers: BinaryIO = os.fdopen(answers, "rb")

    def next(self) -> Seen | None:
        """The answer about its next file; None, too, once it has ended."""
        length = int.from_bytes(self.answers.read(LENGTH), "big")
        try:
            fact, packed = msgpack.decode(self.answers.read(length), type=tuple[Fact, bytes] | None) or (None, b"")
        except MsgspecError:
            return None
        return Seen(fact, packed) if fact else None

    def close(self) -> None:
        """End it, whatever it does."""
        self.answers.close()
        os.waitpid(self._process, 0)


def _work(files: Sequence[File], look: Callable[[File], Seen | None], end: int) -> None:
    """Answer about each file, and leave without a trace: what the process was doubled from goes on elsewhere."""
    try:
        gc.disable()
        with os.fdopen(end, "wb") as out:
            for file in files:
                answer = msgpack.encode(look(file))
                out.write(len(answer).to_bytes(LENGTH, "big") + answer)
    finally:
        os._exit(0)
