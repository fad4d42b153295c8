"""The command line: flags to use cases, results to stdout, everything else to stderr, exit codes. A file per command.

Nothing heavy is imported before the command that needs it is chosen.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from .entry import run  # noqa: PLC0415 - keeps `import reconciler.cli` free

    raise SystemExit(run())
