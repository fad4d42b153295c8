"""The real commands, run in this process, for what they print."""

from __future__ import annotations

import contextlib
import io

from reconciler.cli.entry import run


def spoken(*arguments: str) -> tuple[int, str]:
    """The exit code of a command, and all that it printed."""
    words = io.StringIO()
    with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
        code = run(list(arguments))
    return code, words.getvalue()
