"""Streams whose reader has gone."""

from __future__ import annotations

import os
import sys
from typing import IO


def abandon_stdout() -> None:
    """Let what is still to be printed go nowhere; else Python complains about it while it closes the stream."""
    _abandon(sys.stdout)


def settle_stderr() -> None:
    """Send what stderr still holds, nowhere if its reader has gone; else Python ends with 120, whatever was done."""
    try:
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _abandon(stream: IO[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
