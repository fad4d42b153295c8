"""Git by plumbing: commits, and the files in them. Nothing that a repository could name is run, and nothing fetched.

Only `rev-parse`, `merge-base`, `ls-tree`, `ls-files` and `cat-file` are used: none runs hooks, filters, text
conversions or external diffs. Trees and blobs are read from the object store, so no link is followed and no file name
is opened.

Git takes any folder that looks like a bare repository for one, and heeds its configuration, in which a branch could
commit programs and another history. So we look for the `.git` ourselves, which no branch can hold, and start git there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1, sha256
from pathlib import Path, PurePosixPath
from shutil import which

from msgspec import Struct

from reconciler.manifests.files import is_folder, link_to

from .plumbing import done, output

SHA1 = 40
"""Hexadecimal digits of an id, but in repositories whose object format is sha256."""
REGULAR = {"100644", "100755"}
LINK = "120000"
SUBMODULE = "160000"
LONGEST_NAME = 1 << 16
"""In bytes: what is read of a `.git` that is a file."""
MOST_BYTES = 256 * 2**20
"""More than this is not read of one tree."""

AMBIGUOUS = re.compile(rb"refname '(.*)' is ambiguous")
"""What git warns of and then passes over: a tag counts before a branch, and that before a remote's branch."""
IN_FULL = re.compile(rb"HEAD|@|refs/.*|[0-9a-f]{40}|[0-9a-f]{64}")
"""Names that mean one thing whatever else is called so."""


class GitError(Exception):
    """Git does not have what was asked for.

    Attributes:
        summary: what is wrong, in one sentence.
        hint: what the user can do about it.
    """

    def __init__(self, summary: str, hint: str | None = None) -> None:
        super().__init__(summary)
        self.summary = summary
        self.hint = hint


class Blob(Struct, frozen=True):
    """What a commit has under a name."""

    path: str
    """Below the folder that was asked for; empty for that folder itself, where it is no folder of this repository."""
    id: str
    size: int
    """In bytes."""
    mode: str
    """As git tells it: one of `REGULAR`, `LINK` or `SUBMODULE`."""


class Checkout(Struct, frozen=True):
    """A folder inside a work tree."""

    top: Path
    prefix: PurePosixPath
    """Where the folder is below `top`; `.` when it is `top`."""


def checkout(folder: Path) -> Checkout:
    """The work tree that `folder` is in; the folder itself need not exist (any more).

    Raises:
        GitError: there is none, or a link would have to be followed to get there.
    """
    if link := link_to(folder):
        raise GitError(f"{link} is a link, and links are not followed", "Name the folder itself with -w.")
    anchor = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
    missing: list[str] = []
    while not is_folder(anchor):
        missing.insert(0, anchor.name)
        anchor = anchor.parent
    anchor = anchor.resolve()  # those on the way to a folder that was named in full
    top = _top(anchor)
    if top is None:
        raise GitError(f"{folder} is in no git work tree", "Run it where the repository is checked out.")
    if which("git") is None:
        raise GitError("there is no git on the PATH", "Install it: commits are read by it.")
    told = _line(top, "rev-parse", "--absolute-git-dir")
    if not told or Path(told).resolve() != _led_to(top):
        hint = "Check it out anew; if another user owns it, have git trust it (safe.directory)."
        raise GitError(f"git does not take {top / '.git'} for a repository", hint)
    return Checkout(top, PurePosixPath(anchor.relative_to(top).as_posix(), *missing))


def _top(folder: Path) -> Path | None:
    """The nearest folder upwards that has a `.git`, as far as git would look."""
    ends = {os.path.realpath(end) for end in os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep) if end}
    for place in (folder, *folder.parents):
        if os.path.lexists(place / ".git"):
            return place
        if str(place.parent) in ends:
            break
    return None


def _led_to(top: Path) -> Path | None:
    """The folder that the `.git` in `top` is, or names when it is a file, as in linked work trees and submodules."""
    entry = top / ".git"
    try:
        if not entry.is_file():  # a pipe would never end
            return entry.resolve()
        with entry.open("rb") as file:
            word, _, name = file.read(LONGEST_NAME).partition(b": ")
        return (top / os.fsdecode(name.rstrip(b"\r\n"))).resolve() if word == b"gitdir" else None
    except (OSError, RuntimeError, ValueError):  # no rights, links in a circle, a name that can be none
        return None


def commit(top: Path, ref: str) -> str:
    """The full id of the commit that `ref` names.

    Raises:
        GitError: it names none, or git would have to choose: whoever may push a tag could let it stand for a branch.
    """
    hint = "In CI, check out with the whole history (actions/checkout: fetch-depth: 0)."
    if not ref or ref.startswith("-") or "\0" in ref:
        raise GitError(f"{ref!r} is no git ref", "Name a branch, a tag or a commit.")
    found = done(top, "rev-parse", "--verify", f"{ref}^{{commit}}", "--")
    name = (found.stdout if found else b"").decode("ascii", "replace").split("\n", 1)[0]
    if not found or not name:
        raise GitError(f"there is no commit {ref!r} here", hint)
    if any(IN_FULL.fullmatch(meant) is None for meant in AMBIGUOUS.findall(found.stderr)):
        hint = "Name it in full, such as refs/heads/main or refs/remotes/origin/main; a commit, by its whole id."
        raise GitError(f"{ref!r} has more than one meaning here, such as a branch and a tag", hint)
    return name


def fork_point(top: Path, base: str, head: str) -> str:
    """The commit that `head` branched off `base` at, so that later commits on `base` are not taken for changes.

    Raises:
        GitError: they have no commit in common here.
    """
    found = _line(top, "merge-base", base, head)
    if not found:
        summary = f"{base[:12]} and {head[:12]} have no commit in common here"
        raise GitError(summary, "In CI, check out with the whole history (actions/checkout: fetch-depth: 0).")
    return found


def tree(top: Path, commit_id: str, prefix: PurePosixPath) -> Iterator[Blob]:
    """Everything below `prefix` in a commit that is no folder.

    Raises:
        GitError: the commit cannot be read.
    """
    folder = "" if str(prefix) == "." else str(prefix)
    where = [f"{folder}/"] if folder else []
    listing = output(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit_id, "--", *where)
    if listing is None:
        raise GitError(f"the tree of {commit_id[:12]} cannot be read")
    for entry in listing.split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        mode, _, identifier, size = (facts.decode("ascii").split() + [""] * 4)[:4]
        if name:
            path = name.decode("utf-8", "surrogateescape")
            path = path.removeprefix(folder).removeprefix("/") if folder else path
            yield Blob(path, identifier, int(size) if size.isdecimal() else 0, mode)


def blob_id(content: bytes, like: str) -> str:
    """What git would call a file with this `content` in a repository that has the id `like`."""
    digest = sha1(usedforsecurity=False) if len(like) == SHA1 else sha256()
    digest.update(b"blob %d\0" % len(content))
    digest.update(content)
    return digest.hexdigest()


def contents(top: Path, blobs: Iterable[Blob]) -> Mapping[str, bytes]:
    """What `blobs` hold, by id.

    Raises:
        GitError: one is not there (a partial clone) or not what its id says, or together they are too large.
    """
    wanted = {blob.id: blob.size for blob in blobs}
    if sum(wanted.values()) > MOST_BYTES:
        raise GitError(f"the manifests hold more than {MOST_BYTES // 2**20} MiB")
    asked = "".join(f"{identifier}\n" for identifier in wanted).encode("ascii")
    answer = output(top, "cat-file", "--batch", stdin=asked) or b""
    found: dict[str, bytes] = {}
    at = 0
    for identifier in wanted:
        end = answer.find(b"\n", at)
        name, kind, size = (answer[at:end].decode("ascii", "replace").split() + [""] * 3)[:3] if end >= 0 else [""] * 3
        if name != identifier or kind != "blob":
            hint = "A partial clone lacks them: fetch the branch in full."
            raise GitError(f"the file with id {identifier[:12]} is not in this repository", hint)
        at = end + 1 + int(size) + 1
        found[identifier] = answer[end + 1 : at - 1]
        if blob_id(found[identifier], identifier) != identifier:  # git does not look
            summary = f"the file with id {identifier[:12]} holds something else in this repository"
            raise GitError(summary, "`git fsck` says what else is damaged or forged; clone it anew.")
    return found


def _line(folder: Path, *arguments: str) -> str | None:
    found = output(folder, *arguments)
    return None if found is None else found.decode("utf-8", "surrogateescape").removesuffix("\n")
