"""A text into a file that somebody named: whole or not at all, over no link, and in no device's place."""

from __future__ import annotations

import contextlib
import os
import tempfile
from errno import ELOOP
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


def place_text(text: str, path: Path, mode: int) -> None:
    """Put `text` where `path` says; a file that is made has `mode`.

    Raises:
        OSError: it cannot be written, or `path` is a link.
    """
    if path.is_symlink():
        raise OSError(ELOOP, "it is a link")
    if path.exists() and not path.is_file():
        # A pipe or a device takes the text; a file in its place would break it for everybody.
        path.write_text(text, "utf-8")
    else:
        _replace(text, path, mode)


def _replace(text: str, path: Path, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
