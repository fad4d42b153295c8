"""Workspaces as they are in a commit, or on disk, read without following a link or running anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic
from reconciler.manifests import File, Loaded, load_files, read_file
from reconciler.manifests.files import (
    LINK,
    SPECIAL,
    UNREADABLE_NAME,
    counts,
    folder_prefix,
    is_folder,
    on_disk,
    readable,
)
from reconciler.manifests.reading import Reader
from reconciler.manifests.yaml import LARGEST
from reconciler.planning import DATASET_GUARDS
from reconciler.providers import by_name

from . import git
from .exits import Exit, Stop


class Trees(Struct, frozen=True):
    """The files of a workspace in a base and in a head."""

    base: tuple[File, ...]
    head: tuple[File, ...]
    base_name: str
    """The full id of the base's commit."""
    head_name: str
    """The full id of the head's commit; `work tree` for what is on disk."""


WORK_TREE = "work tree"
SUBMODULE = "it is a submodule, and no commit of this repository has what it holds"
TOO_LARGE = f"it has more than {LARGEST:,} bytes, the most that is read"


def both_trees(workspace: Path, base: str, head: str | None, read: tuple[File, ...] | None = None) -> Trees:
    """What `workspace` holds where `head` branched off `base`, and in `head` (None: on disk).

    What is on disk may have been `read` already.

    Raises:
        Stop: git does not have them.
    """
    try:
        where = git.checkout(workspace)
        tip = git.commit(where.top, head or "HEAD")
        start = git.fork_point(where.top, git.commit(where.top, base), tip)
        new = _files(workspace, where, tip) if head else _there(workspace) if read is None else read
        old = _files(workspace, where, start, new)
    except git.GitError as error:
        raise Stop(Exit.ERROR, Diagnostic("git-unreadable", "error", error.summary, hint=error.hint)) from error
    return Trees(old, new, start, tip if head else WORK_TREE)


def _there(workspace: Path) -> tuple[File, ...]:
    return tuple(on_disk(workspace)) if is_folder(workspace) else ()


def at_commit(workspace: Path, ref: str) -> tuple[File, ...]:
    """The manifests of `workspace` in the commit that `ref` names.

    Raises:
        Stop: git does not have it.
    """
    try:
        where = git.checkout(workspace)
        return _files(workspace, where, git.commit(where.top, ref))
    except git.GitError as error:
        raise Stop(Exit.ERROR, Diagnostic("git-unreadable", "error", error.summary, hint=error.hint)) from error


def checked_out(workspace: Path) -> tuple[str | None, tuple[File, ...] | None]:
    """The full id of the commit that is checked out and the manifests of `workspace` in it; None: git has none."""
    commit = None
    try:
        where = git.checkout(workspace)
        commit = git.commit(where.top, "HEAD")
        return commit, _files(workspace, where, commit)
    except git.GitError:
        return commit, None


def loaded(workspace: Path, files: Sequence[File], ref: str, reader: Reader = read_file) -> Loaded:
    """The workspace that `files` make; places in its diagnostics begin with `ref`, unless that is empty."""
    capabilities = {name: provider.capabilities for name, provider in by_name().items()}
    found = load_files(workspace, files, capabilities, DATASET_GUARDS, reader)
    if not ref:
        return found
    return replace(found, diagnostics=tuple(_elsewhere(item, ref) for item in found.diagnostics))


def _elsewhere(item: Diagnostic, ref: str) -> Diagnostic:
    place = item.source
    return replace(item, source=replace(place, file=f"{ref}:{place.file}")) if place else item


def _files(workspace: Path, where: git.Checkout, commit: str, known: Sequence[File] = ()) -> tuple[File, ...]:
    """The files a folder would be read for: YAML and links, nothing whose name, or whose folder's, begins with a dot.

    A submodule is refused: on disk it is a folder like others, and what it holds may not be skipped in silence.
    Those that are `known` already, with just what the commit has, are not read from it once more.
    """
    # Names are text: a path for each of ten thousand takes longer than git does.
    there = git.tree(where.top, commit, where.prefix)
    blobs = sorted((blob for blob in there if _read_on_disk(blob)), key=lambda blob: blob.path.split("/"))
    prefix, by_path = folder_prefix(workspace), {file.path: file for file in known}
    found = [(blob, _refusal(blob), by_path.get(prefix + blob.path)) for blob in blobs]
    same = {blob.path: file for blob, why, file in found if file and why is None and _is_held_by(file, blob)}
    held = git.contents(where.top, (blob for blob, why, _ in found if why is None and blob.path not in same))
    return tuple(
        same.get(blob.path) or File(readable(prefix + blob.path), b"" if why else held[blob.id], why)
        for blob, why, _ in found
    )


def _is_held_by(file: File, blob: git.Blob) -> bool:
    """Whether `file` holds what `blob` does."""
    return file.refusal is None and git.blob_id(file.content, blob.id) == blob.id


def _read_on_disk(blob: git.Blob) -> bool:
    hidden = blob.path.startswith(".") or "/." in blob.path
    return not hidden and (counts(blob.path, link=blob.mode == git.LINK) or blob.mode == git.SUBMODULE)


def _refusal(blob: git.Blob) -> str | None:
    """Why a file in a commit is not read: for what it would not be read on disk, either."""
    if readable(blob.path) != blob.path:
        return UNREADABLE_NAME
    if blob.mode not in git.REGULAR:
        return {git.LINK: LINK, git.SUBMODULE: SUBMODULE}.get(blob.mode, SPECIAL)
    return TOO_LARGE if blob.size > LARGEST else None
