"""One apply at a time per workspace and target; the kernel frees the lock when its process ends, however it ends."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic

from .exits import Exit, Stop


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock, for the one who does not get it."""

    pid: int
    user: str
    host: str
    since: str
    command: str

    @classmethod
    def me(cls, since: str, command: str) -> Owner:
        """This process."""
        return cls(os.getpid(), user_name(), socket.gethostname(), since, command)

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}: {self.command}"


def user_name() -> str:
    """The name of the operating system's user; its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextmanager
def locked(folder: Path, targets: Iterable[str], owner: Owner) -> Iterator[None]:
    """Hold the locks of `targets` in `folder`.

    Raises:
        Stop: another apply holds one of them (exit 6), or nothing can be written there (exit 1).
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for target in sorted(set(targets)):
                stack.enter_context(_held(folder / f"lock.{target}", target, owner))
        except OSError as error:
            raise Stop(Exit.ERROR, _unusable(folder, error)) from error
        yield


@contextmanager
def _held(path: Path, target: str, owner: Owner) -> Iterator[None]:
    # Imported here: only an apply locks.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    def sign(descriptor: int) -> None:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(owner)).encode(), 0)

    # A lock that is only a file would outlive a killed process.
    lock = FileLock(path, timeout=0, mode=0o600, fallback_to_soft=False, on_acquired=sign)
    try:
        lock.acquire()
    except Timeout as error:
        raise Stop(Exit.LOCKED, _refusal(path, target)) from error
    try:
        yield
    finally:
        lock.release()


def _unusable(folder: Path, error: OSError) -> Diagnostic:
    summary = f"{error.filename or folder} cannot be written: {error.strerror or error}"
    hint = "Nothing was sent. Make room, correct the rights, or move away what is in the way."
    return Diagnostic("state-unusable", "error", summary, hint=hint)


def _refusal(path: Path, target: str) -> Diagnostic:
    by = "by another apply"
    with suppress(OSError, ValueError, TypeError):
        by = f"by {Owner(**json.loads(path.read_text('utf-8')))}"
    summary = f"target {target} is locked {by}"
    hint = "Wait for it to end. The lock ends with its process, even a killed one; there is nothing to unlock."
    return Diagnostic("lock-held", "error", summary, hint=hint)
