"""Threads that ask side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def crew(workers: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """A pool for reading. Whoever breaks off does not wait for what is on its way.

    It may be with a server that takes minutes to answer, or never does; and a read that nobody waits for does no harm.
    """
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
