"""Commands that a message says to type next."""

from __future__ import annotations

import shlex
from pathlib import Path

DEFAULT = Path("manifests")
"""The workspace of a command that names none."""


def command_line(workspace: Path, *words: object, named: bool = False) -> str:
    """A command about `workspace`, quoted for a shell: -w is left out for the default, unless it was `named`."""
    flag = ["-w", str(workspace)] if named or workspace != DEFAULT else []
    return shlex.join(["reconciler", *map(str, words), *flag])
