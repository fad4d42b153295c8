"""What may stand in a clone, or beside what is committed, so that a review runs, reads or breaks something."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from .repository import dataset, git
from .tricks import Trick, sparse


def set_to(name: str, value: str) -> Trick:
    return lambda at: git(at, "config", name, value.format(outside=at.parent / "outside"))


def inside_git(name: str, text: str) -> Trick:
    """A file in `.git`; `{head}` in it is the commit that is checked out."""

    def trick(at: Path) -> None:
        path = at / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(outside=at.parent / "outside", head=git(at, "rev-parse", "HEAD")))

    return trick


def tree(*entries: bytes) -> Trick:
    """A commit whose folder of manifests has entries that git itself would not make; `BLOB` is a sound manifest."""

    def trick(at: Path) -> None:
        text = dataset("raw", "{tags: [x]}", "55").encode()
        blob = bytes.fromhex(git(at, "hash-object", "-w", "--stdin", stdin=text))
        kept = git(at, "rev-parse", "HEAD:manifests/workspace.yaml")
        body = b"".join(entry.replace(b"BLOB", blob) for entry in entries)
        body += b"100644 workspace.yaml\0" + bytes.fromhex(kept)
        folder = git(at, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=body)
        whole = b"40000 manifests\0" + bytes.fromhex(folder)
        top = git(at, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=whole)
        git(at, "update-ref", "refs/heads/change", git(at, "commit-tree", top, "-p", "HEAD", "-m", "raw"))

    return trick


def replaced(at: Path) -> None:
    """`git replace` shows other contents than were committed."""
    evil = git(at, "hash-object", "-w", "--stdin", stdin=dataset("canary-replaced", "{tags: [x]}", "9").encode())
    git(at, "replace", git(at, "rev-parse", "HEAD:manifests/a.yaml"), evil)


def without(which: str, *, torn: bool = False) -> Trick:
    """The object that `which` names is missing, or half of it is."""

    def trick(at: Path) -> None:
        name = git(at, "rev-parse", which)
        path = at / ".git/objects" / name[:2] / name[2:]
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:20]) if torn else path.unlink()

    return trick


def partial(at: Path) -> None:
    """A partial clone that would fetch what is missing from its remote."""
    for name, value in (
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", f"ext::touch {at.parent}/hit"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        git(at, "config", name, value)
    without("HEAD:manifests/a.yaml")(at)


def folder(name: str) -> Trick:
    return lambda at: (at / name).mkdir(parents=True)


def listening(at: Path) -> None:
    here = Path.cwd()
    os.chdir(at / "manifests")  # a socket's path may have 107 bytes
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.yaml")
    os.chdir(here)


LEFT: Mapping[str, Trick] = {
    "other entries of a tree": tree(b"100644 a/b.yaml\0BLOB", b"100644 ..\0BLOB", b"100644 .git\0BLOB"),
    "other modes of a tree": tree(b"100777 m.yaml\0BLOB", b"040000 t.yaml\0BLOB", b"777 z.yaml\0BLOB"),
    "an entry twice": tree(b"100644 a.yaml\0BLOB", b"100644 a.yaml\0BLOB"),
    "a link with a long way": tree(b"120000 l.yaml\0BLOB"),
    "a pipe": lambda at: os.mkfifo(at / "manifests/pipe.yaml"),
    "a socket": listening,
    "a folder named as a manifest": folder("manifests/folder.yaml/deep.yaml"),
    "ten gigabytes of nothing": sparse(10 * 2**30),
    "grafts": inside_git("info/grafts", "{head}\n"),
    "replaced objects": replaced,
    "objects elsewhere": inside_git("objects/info/alternates", "{outside}\n"),
    "a shallow end": inside_git("shallow", "{head}\n"),
    "a missing blob": without("HEAD:manifests/a.yaml"),
    "a torn blob": without("HEAD:manifests/a.yaml", torn=True),
    "a missing tree": without("HEAD:manifests"),
    "a missing commit": without("HEAD"),
    "a promise to fetch": partial,
    "a broken index": inside_git("index", "no index"),
    "an index that is held": inside_git("index.lock", ""),
    "broken refs": inside_git("packed-refs", "no refs\n"),
    "a broken HEAD": inside_git("HEAD", "ref: ../../../outside/secret.yaml\n"),
    "a broken configuration": inside_git("config", "[core\n"),
    "a work tree elsewhere": set_to("core.worktree", "{outside}"),
    "a configuration elsewhere": set_to("include.path", "{outside}/secret.yaml"),
}
"""What stays uncommitted, or stands in the clone."""
