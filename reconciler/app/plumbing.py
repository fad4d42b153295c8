"""How git is started: nothing a repository could name is run, nothing fetched, and its words are always the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SECONDS = 60

HARMLESS = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone must not fetch what is missing
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # what it warns of is read
}
ELSEWHERE = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"}
"""What a hook's programs are told of its repository; ours is where the workspace lies."""
SETTINGS = tuple(
    word
    for setting in (
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.warnAmbiguousRefs=true",
        "protocol.allow=never",
        "safe.bareRepository=explicit",  # git 2.38 and later
    )
    for word in ("-c", setting)
)


def output(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes | None:
    """What a git command prints; None when it fails or there is no git."""
    ended = done(folder, *arguments, stdin=stdin)
    return ended.stdout if ended else None


def done(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes] | None:
    """A git command that has succeeded, with what it printed and what it warned of; None as above."""
    command = ["git", *SETTINGS, "-C", str(folder), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | HARMLESS
    try:
        return subprocess.run(  # noqa: S603 - fixed words, and refs that cannot be flags
            command, input=stdin, capture_output=True, timeout=SECONDS, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
