"""Threads that ask side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

MANY = 32
"""So many threads stand in each other's way; fewer leave the interpreter free most of the time."""
STATE, LOAD = Path("/proc/thread-self/stat"), Path("/proc/loadavg")
"""What Linux tells of the thread that reads it, and of all that there are (proc_pid_stat(5), proc_loadavg(5))."""
CORE = 36
"""Which of the words behind its name is the number of the core that it is on."""


@contextmanager
def crew(workers: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A pool for reading. Whoever breaks off does not wait for what is on its way.

    It may be with a server that takes minutes to answer, or never does; and a read that nobody waits for does no harm.
    """
    with _on_one_core() if workers >= MANY else nullcontext():
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()


@contextmanager
def _on_one_core() -> Iterator[None]:
    """Keep this thread, and those that it makes, to the core that it is on, where that can be and nobody else needs it.

    Only one of Python's threads works at a time. With several cores, whoever lets go of the interpreter for a moment,
    as it does for each piece that is sent or received, finds that another core has woken somebody who took it: a
    hundred connections take half as long again. On one core nobody is woken before it is free. But a core that others
    need, too, could not be left for a better one.
    """
    allowed: set[int] = set()
    with suppress(OSError, AttributeError, ValueError, IndexError):
        allowed = _stay()
    try:
        yield
    finally:
        if allowed:
            with suppress(OSError):
                os.sched_setaffinity(0, allowed)


def _stay() -> set[int]:
    """Keep to this core; the cores that were allowed before, none where nothing was changed."""
    allowed = os.sched_getaffinity(0)
    running = int(LOAD.read_text("ascii").split()[3].partition("/")[0])
    if running > len(allowed):
        return set()
    os.sched_setaffinity(0, {int(STATE.read_text("ascii").rpartition(")")[2].split()[CORE])})
    return allowed
