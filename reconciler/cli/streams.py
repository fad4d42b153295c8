"""Streams whose reader has gone."""

from __future__ import annotations

import os
import sys


def abandon_stdout() -> None:
    """Let what is still to be printed go nowhere; else Python complains about it while it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
