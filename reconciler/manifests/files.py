"""The files of a workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from .yaml.characters import LARGEST

SUFFIXES = {".yaml", ".yml"}
LINK = "it is a link, and links are not followed"
PIECE = 1 << 16
SPECIAL = "it is not a regular file"
UNREADABLE_NAME = "its name is not UTF-8, which a plan could not name"


class File(Struct, frozen=True):
    """A file of a workspace, from disk or from a git tree."""

    path: str
    """As the user would write it."""
    content: bytes
    refusal: str | None = None
    """Why it could not be read."""


SHARED = (b"Workspace", b"Principals", b"Profile", b"Policy", b"\\")
"""What a file has somewhere that holds another kind than datasets: its word, or an escape that could spell it."""


def only_datasets(file: File) -> bool:
    """Whether `file` can hold no other kind; one that is not read can hold anything."""
    if file.refusal is not None:
        return False
    for word in SHARED:  # noqa: SIM110 - a generator would take as long as looking does
        if word in file.content:
            return False
    return True


class Digest:
    """A digest of files by the way."""

    def __init__(self, root: Path) -> None:
        """Begin with none of the files below `root`."""
        self._above, self._total = len(folder_prefix(root)), sha256()

    def over(self, files: Iterable[File]) -> Iterator[File]:
        """`files`, each of which counts once it is taken, by its name below the root and by what it holds."""
        for file in files:
            if file.refusal is None:
                content = sha256(file.content).hexdigest()
                self._total.update(f"{content}  {file.path[self._above :]}\n".encode("utf-8", "surrogateescape"))
            yield file

    def __str__(self) -> str:
        """The sha-256 of all that counted, in hexadecimal."""
        return self._total.hexdigest()


def on_disk(root: Path) -> Iterator[File]:
    """The YAML files below `root` with what they hold; of one that is too large just enough to be refused."""
    for path, refusal in _entries(root.as_posix()):
        if refusal is not None:
            yield File(path, b"", refusal)
            continue
        try:
            yield File(path, _content(path))
        except OSError as error:
            yield File(path, b"", error.strerror or str(error))


def readable(path: str) -> str:
    """`path` as text; bytes of it that are no UTF-8 as escapes."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; of what cannot be looked at, it is not known to be one."""
    return os.path.isdir(path)  # noqa: PTH112 - `is_dir` raises for a name that is too long, or a folder without rights


def link_to(folder: Path) -> Path | None:
    """The first symbolic link on the way to `folder`; of an absolute path only its last part is looked at.

    What a user writes in full is meant. What is relative a stranger's pull request may have put there, and a workspace
    that is a link would have files outside of the repository read, quoted and rewritten.
    """
    way = [folder] if folder.is_absolute() else [*reversed(folder.parents), folder]
    # What cannot be looked at is no link; whoever opens it is told why.
    return next((part for part in way if os.path.islink(part)), None)  # noqa: PTH114


def _content(path: str) -> bytes:
    # In pieces: room for the largest file that is read would take a page of memory for good, however small this one is.
    # Without a stream, which takes half as long again for a file of two thousand bytes.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        content = os.read(descriptor, PIECE)
        while len(content) <= LARGEST and (piece := os.read(descriptor, PIECE)):
            content += piece
    finally:
        os.close(descriptor)
    return content[: LARGEST + 1]


def files(root: Path) -> Iterator[Path]:
    """The YAML files below `root` that can be read, sorted."""
    return (Path(path) for path, refusal in _entries(root.as_posix()) if refusal is None)


def folder_prefix(folder: str | Path) -> str:
    """What the names of everything in `folder` begin with."""
    name = folder if isinstance(folder, str) else folder.as_posix()
    return "" if name == "." else f"{name.rstrip('/')}/"


def counts(path: str, *, link: bool) -> bool:
    """Whether what has this name is a manifest, or a link that may stand for manifests.

    Where a link leads is not asked: a name without a suffix may be a folder's, which may be missing here and be there
    for whoever runs the next command.
    """
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - see `_entries`
    return suffix in SUFFIXES or (link and not suffix)


def _entries(folder: str) -> Iterator[tuple[str, str | None]]:
    """What is named as YAML below `folder`, sorted, each with why it is not read, if it is not.

    Folders and files whose name begins with a dot are not looked at. Only regular files are read, and links are not
    followed: a workspace may come from a stranger's pull request. But what is not read may not be skipped in silence,
    and a link to a folder may have any number of manifests behind it.
    Names are text: a Path for each of ten thousand costs more than reading them does.
    """
    try:
        with os.scandir(folder) as listing:
            found = sorted(listing, key=attrgetter("name"))
    except OSError as error:
        yield readable(folder), error.strerror or str(error)
        return
    prefix = folder_prefix(folder)
    for entry in found:
        path = prefix + entry.name
        if entry.name.startswith("."):
            continue
        linked = entry.is_symlink()
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(path)
        elif counts(path, link=linked) or (linked and os.path.isdir(path)):  # noqa: PTH112
            regular = entry.is_file(follow_symlinks=False)
            why = None if regular else LINK if linked else SPECIAL
            shown = readable(path)
            yield shown, why if shown == path else UNREADABLE_NAME
