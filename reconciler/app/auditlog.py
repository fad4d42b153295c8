"""The audit log's file: one line for each action, chained by hashes, so that no line can change unnoticed.

Each line holds the sha-256 of the line before it. Whoever keeps the head (`audit verify` prints it, and each journal
ends with it) also notices when lines are cut off at the end.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from reconciler.core.words import Json, canonical
from reconciler.execution.journal import write_whole

Line: TypeAlias = Mapping[str, Any]

FIRST = "0" * 64
"""What the first line has in the place of a hash."""


class Head(Struct, frozen=True):
    """The end of the log: how many lines there are, and the hash of the last one."""

    lines: int = 0
    sha256: str = FIRST


def audit_file(state: Path) -> Path:
    """Where the log is."""
    return state / "audit.jsonl"


def append(state: Path, facts: Mapping[str, Json]) -> Head:
    """Add one line and have it on disk; other applies of the same workspace may do so at the same time.

    Raises:
        OSError: it cannot be added.
    """
    # Imported here: only an apply appends.
    from filelock import FileLock  # noqa: PLC0415

    with FileLock(state / "audit.lock", mode=0o600, fallback_to_soft=False):
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(audit_file(state), flags, 0o600)
        try:
            last = _last_line(descriptor)
            before = json.loads(last)["n"] if last else 0
            facts = {"n": before + 1, "prev": _hash(last) if last else FIRST, **facts}
            line = canonical(facts).encode("utf-8", "backslashreplace")
            os.lseek(descriptor, 0, os.SEEK_END)
            write_whole(descriptor, line + b"\n")
        except (ValueError, KeyError, TypeError) as error:
            raise OSError(f"the last line of {audit_file(state)} is no audit line") from error
        finally:
            os.close(descriptor)
    return Head(before + 1, _hash(line))


def lines(state: Path) -> Sequence[Line]:
    """The log's lines, as far as they can be read.

    Raises:
        OSError: the log is there and cannot be read.
    """
    return [line for _, line in _parsed(_raw(state)) if line is not None and _whole(line)]


def _whole(line: Line) -> bool:
    """Whether a line has what every line has; another one was not written by an apply."""
    try:
        datetime.fromisoformat(str(line.get("at")))
    except ValueError:
        return False
    texts = all(isinstance(line.get(name), str) for name in ("dataset", "facet", "verb", "step"))
    return texts and all(isinstance(line.get(name), list | None) for name in ("before", "after", "changes"))


class Flaw(Struct, frozen=True):
    """Something that is wrong with the log."""

    line: int
    """Where it shows, counted from 1."""
    summary: str


class Checked(Struct, frozen=True):
    """What a check of the chain found."""

    head: Head
    flaws: tuple[Flaw, ...]
    """What is wrong; empty when nothing is."""
    torn: bool = False
    """The last line was cut by a crash; the next apply writes it anew."""


def verify(state: Path, anchors: Iterable[Head] = (), head: str | None = None) -> Checked:
    """Check every line, its place in the chain, and the heads that journals (`anchors`) and the caller know.

    Raises:
        OSError: the log is there and cannot be read.
    """
    data = _raw(state)
    torn = bool(data) and not data.endswith(b"\n")
    parsed = list(_parsed(data))
    hashes = [FIRST, *(_hash(raw) for raw, _ in parsed)]
    flaws = list(_flaws([line for _, line in parsed], hashes))
    end = max(1, len(parsed))
    known = {known.lines: known.sha256 for known in anchors}
    for count, digest in sorted(known.items()):
        if count >= len(hashes):
            flaws.append(Flaw(end, f"lines {len(hashes)} to {count} are missing: a journal knows of them"))
        elif hashes[count] != digest:
            flaws.append(Flaw(count, f"line {count} is not the one that a journal knows"))
    if head is not None and head not in hashes[1:]:
        flaws.append(Flaw(end, f"no line has the hash {head}: lines are missing at the end, or were written anew"))
    return Checked(Head(len(parsed), hashes[-1]), tuple(flaws), torn)


def _flaws(found: Iterable[Line | None], hashes: Sequence[str]) -> Iterator[Flaw]:
    """What is wrong with the lines and the chain; of lines that are all moved by as much, with the first of them."""
    moved = 0
    for n, line in enumerate(found, start=1):
        if line is None:
            yield Flaw(n, f"line {n} is no audit line")
            continue
        said = line.get("n")
        before, moved = moved, said - n if isinstance(said, int) else 0
        if said != n and (moved != before or not moved):
            yield Flaw(n, f"line {n} says it is line {said}: lines were removed, added or moved")
        elif line.get("prev") != hashes[n - 1]:
            follows = f"line {n} does not follow from line {n - 1}: one of them was changed"
            yield Flaw(n, follows if n > 1 else "line 1 is no first")


def _raw(state: Path) -> bytes:
    path = audit_file(state)
    return path.read_bytes() if path.exists() else b""


def _parsed(data: bytes) -> Iterator[tuple[bytes, Line | None]]:
    """The whole lines; what stands behind the last line break was torn by a crash."""
    for raw in data.split(b"\n")[:-1]:
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            line = None
        yield raw, line if isinstance(line, dict) else None


def _last_line(descriptor: int) -> bytes:
    """The last whole line. A torn one behind it is cut off: its action is added again from the journal."""
    size = os.fstat(descriptor).st_size
    data, start = b"", size
    while start > 0 and data.count(b"\n") < 2:  # noqa: PLR2004 - one before the line, one behind it
        start = max(0, start - 65536)
        data = os.pread(descriptor, size - start, start)
    whole, _, torn = data.rpartition(b"\n")
    if torn:
        os.ftruncate(descriptor, size - len(torn))
    return whole.rpartition(b"\n")[2]


def _hash(line: bytes) -> str:
    return sha256(line).hexdigest()
