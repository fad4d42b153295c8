"""The command line: flags to use cases, results to stdout, everything else to stderr, exit codes. A file per command.

Nothing heavy is imported before the command that needs it is chosen.
"""

from __future__ import annotations

import sys

from reconciler import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        # Asked on every run of many pipelines, and no reason to import even click.
        sys.stdout.write(f"reconciler {__version__}\n")
        return
    if sys.argv[1:] in (["--help"], ["-h"]):
        from .overview import overview  # noqa: PLC0415

        sys.stdout.write(overview())
        return
    from .entry import run  # noqa: PLC0415 - keeps the answers above free

    raise SystemExit(run())
