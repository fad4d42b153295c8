"""Commands on a terminal, as somebody sees them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path


def on_a_terminal(
    *arguments: str, columns: int, folder: Path | None = None, variables: Mapping[str, str] | None = None
) -> str:
    """What a terminal of so many columns is sent by a command that succeeds."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    code = "from reconciler.cli import main; main()"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        cwd=folder,
        env={**os.environ, "TERM": "xterm", **(variables or {})},
    )
    os.close(follower)
    shown = bytearray()
    with contextlib.suppress(OSError):
        while chunk := os.read(leader, 65536):
            shown += chunk
    os.close(leader)
    assert process.wait(30) == 0, shown
    return shown.decode()
