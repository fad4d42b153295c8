"""The files of a workspace."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .yaml.characters import LARGEST

SUFFIXES = {".yaml", ".yml"}
LINK = "it is a link, and links are not followed"
PIECE = 1 << 16
SPECIAL = "it is not a regular file"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a workspace, from disk or from a git tree."""

    path: str
    """As the user would write it."""
    content: bytes
    refusal: str | None = None
    """Why it could not be read."""


SHARED = (b"Workspace", b"Principals", b"Profile", b"Policy", b"\\")
"""What a file has somewhere that holds another kind than datasets: its word, or an escape that could spell it."""


def only_datasets(file: File) -> bool:
    """Whether `file` can hold no other kind."""
    return not any(word in file.content for word in SHARED)


def on_disk(root: Path) -> Iterator[File]:
    """The YAML files below `root` with what they hold; of one that is too large just enough to be refused."""
    for path, refusal in _entries(root):
        if refusal is not None:
            yield File(path.as_posix(), b"", refusal)
            continue
        try:
            yield File(path.as_posix(), _content(path))
        except OSError as error:
            yield File(path.as_posix(), b"", error.strerror or str(error))


def link_to(folder: Path) -> Path | None:
    """The first symbolic link on the way to `folder`; of an absolute path only its last part is looked at.

    What a user writes in full is meant. What is relative a stranger's pull request may have put there, and a workspace
    that is a link would have files outside of the repository read, quoted and rewritten.
    """
    way = [folder] if folder.is_absolute() else [*reversed(folder.parents), folder]
    return next((part for part in way if part.is_symlink()), None)


def _content(path: Path) -> bytes:
    # In pieces: room for the largest file that is read would take a page of memory for good, however small this one is.
    with path.open("rb", buffering=0) as stream:
        content = stream.read(PIECE)
        while len(content) <= LARGEST and (piece := stream.read(PIECE)):
            content += piece
    return content[: LARGEST + 1]


def files(root: Path) -> Iterator[Path]:
    """The YAML files below `root` that can be read, sorted."""
    return (path for path, refusal in _entries(root) if refusal is None)


def _entries(root: Path) -> Iterator[tuple[Path, str | None]]:
    """What is named as YAML below `root`, sorted, each with why it is not read, if it is not.

    Folders and files whose name begins with a dot are not looked at. Only regular files are read, and links are not
    followed: a workspace may come from a stranger's pull request. But what is not read may not be skipped in silence.
    """
    try:
        found = sorted(root.iterdir())
    except OSError as error:
        yield root, error.strerror or str(error)
        return
    for path in found:
        if path.name.startswith("."):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _entries(path)
        elif path.suffix.lower() in SUFFIXES:
            yield path, None if stat.S_ISREG(mode) else LINK if stat.S_ISLNK(mode) else SPECIAL
