"""Manifest files on disk: written whole or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOTDIR
from pathlib import Path

from reconciler.core.words import Json

from .splicing import NotWritableError, inserted
from .workspace import Place
from .yaml import read


class ChangedMeanwhileError(Exception):
    """The file is not as it was when the workspace was loaded; nothing was written."""


def write_id(place: Place, name: str, identifier: str) -> None:
    """Write the id of a created dataset into its manifest, behind `metadata.target`, unless it has just that one.

    Raises:
        ChangedMeanwhileError: the document at `place` is not the manifest of `name` any more, or has another id.
        OSError: the file cannot be read or written.
    """
    text = read_text(place.file)
    documents = read(text).documents
    data = documents[place.index].data if place.index < len(documents) else None
    metadata = data.get("metadata") if isinstance(data, dict) else None
    if not isinstance(metadata, dict) or metadata.get("name") != name or "target" not in metadata:
        raise ChangedMeanwhileError(str(place.file))
    if metadata.get("id") == identifier:
        return
    insert(place, ("metadata",), {"id": identifier}, text, after="target")


def insert(
    place: Place, path: tuple[str, ...], entries: Mapping[str, Json], text: str, after: str | None = None
) -> None:
    """Put `entries` into a mapping of the document at `place`, whose file holds `text`.

    Raises:
        ChangedMeanwhileError: they do not fit what the file holds by now.
        OSError: the file cannot be read or written.
    """
    try:
        new = inserted(text, place.index, path, entries, after)
    except NotWritableError as error:
        raise ChangedMeanwhileError(f"{place.file}: {error}") from error
    replace_text(place.file, new, expected=text)


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def create_text(path: Path, text: str) -> None:
    """Write a new file, all or nothing.

    Raises:
        FileExistsError: there is one; it stays.
        OSError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        # Something else has the name of the folder: no other name for the file would help.
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(path.parent)) from error
    with _beside(path, text, 0o666 & ~_umask()) as temporary:
        # A link, unlike a rename, never replaces what is there.
        os.link(temporary, path)


def replace_text(path: Path, text: str, *, expected: str) -> None:
    """Put `text` in the place of `expected`, all or nothing: temporary file, fsync, rename.

    Raises:
        ChangedMeanwhileError: the file no longer holds `expected`.
    """
    with _beside(path, text, path.stat().st_mode & 0o777) as temporary:
        if read_text(path) != expected:
            raise ChangedMeanwhileError(str(path))
        temporary.replace(path)


@contextmanager
def _beside(path: Path, text: str, mode: int) -> Iterator[Path]:
    """A temporary file in the same folder, safe on disk; gone afterwards unless it was renamed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
