"""Waiting for work that the server does after it has answered, with growing pauses and a bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BOUND = 60.0
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


def wait_for(ask: Callable[[], T], underway: Callable[[T], bool], sleep: Callable[[float], None] = time.sleep) -> T:
    """What `ask` answers when the work is done, or, after a minute of waiting, while it is not."""
    waited, wait = 0.0, FIRST_WAIT
    while underway(answer := ask()) and waited < BOUND:
        sleep(wait)
        waited, wait = waited + wait, min(2 * wait, LONGEST_WAIT)
    return answer
