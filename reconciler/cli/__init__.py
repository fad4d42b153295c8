"""The command line: flags to use cases, results to stdout, everything else to stderr, exit codes. A file per command.

Nothing heavy is imported before the command that needs it is chosen.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

from reconciler import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # Closed by whoever started us; else the next file that is opened, a database even, would be taken for it.
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open until we end
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Asked on every run of many pipelines, and no reason to import even click.
        _answer(f"reconciler {__version__}\n")
        return
    if sys.argv[1:] in (["--help"], ["-h"], ["help"]):
        from .overview import overview  # noqa: PLC0415

        _answer(overview())
        return
    # A run keeps what it reads until it ends: collecting as often as Python does costs a quarter of a large plan.
    gc.set_threshold(200_000, 20, 100)
    from .entry import INTERRUPTED, run  # noqa: PLC0415 - keeps the answers above free
    from .streams import settle_stderr  # noqa: PLC0415 - as above

    code = run()
    settle_stderr()
    if code == INTERRUPTED:
        # Threads that wait for a server would be waited for; there is nothing that they could still do.
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    # Python collects once more before it ends, through all that is alive by then: a tenth of a short command.
    gc.freeze()
    raise SystemExit(code)


def _answer(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        from .entry import unwritten  # noqa: PLC0415

        raise SystemExit(unwritten(error)) from None
