"""One apply at a time per workspace and target; the kernel frees the lock when its process ends, however it ends."""

from __future__ import annotations

import json
import os
import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from reconciler.core.diagnostics import Diagnostic

from .exits import Exit, Stop

SIGNED_IN = 100
"""Hundredths of a second until a lock that nobody signed is told of without a name."""


class Owner(Struct, frozen=True):
    """Who holds a lock, for the one who does not get it."""

    pid: int
    user: str
    host: str
    since: str
    command: str
    shard: str | None = None
    """`I/N` when it applies one part of a plan beside others; None when it wants the target for itself."""
    plan: str = ""
    """The plan that the shard is of."""

    @classmethod
    def me(cls, since: str, command: str, shard: str | None = None, plan: str = "") -> Owner:
        """This process."""
        return cls(os.getpid(), user_name(), socket.gethostname(), since, command, shard, plan)

    def joins(self, other: Owner) -> bool:
        """Whether both may work at once: as different shards of one plan, cut alike."""
        if self.shard is None or other.shard is None or self.shard == other.shard:
            return False
        return (self.plan, self.shard.partition("/")[2]) == (other.plan, other.shard.partition("/")[2])

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}: {self.command}"


def user_name() -> str:
    """The name of the operating system's user; its number where it has none."""
    import getpass  # noqa: PLC0415 - brings what asks for passwords; only who writes is named

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextmanager
def locked(folder: Path, targets: Iterable[str], owner: Owner) -> Iterator[None]:
    """Hold the locks of `targets` in `folder`; a shard holds them together with the other shards of its plan.

    Raises:
        Stop: another apply holds one of them (exit 6), or nothing can be written there (exit 1).
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for target in sorted(set(targets)):
                hold = _held if owner.shard is None else _joined
                stack.enter_context(hold(folder / f"lock.{target}", target, owner))
        except OSError as error:
            raise Stop(Exit.ERROR, _unusable(folder, error)) from error
        yield


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until nobody else, thread or process, is at what `path` guards; hold it for a moment.

    Raises:
        OSError: no lock can be had there.
    """
    from filelock import FileLock  # noqa: PLC0415 - only what writes needs it

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path, mode=0o600, fallback_to_soft=False):
        yield


@contextmanager
def _held(path: Path, target: str, owner: Owner) -> Iterator[None]:
    # Imported here: only an apply locks.
    from filelock import FileLock, Timeout  # noqa: PLC0415

    # A lock that is only a file would outlive a killed process.
    sign = partial(_sign, owner)
    lock = FileLock(path, timeout=0, mode=0o600, fallback_to_soft=False, on_acquired=sign)
    try:
        lock.acquire()
    except Timeout as error:
        raise Stop(Exit.LOCKED, _refusal(path, target)) from error
    try:
        yield
    finally:
        # Who comes between the next one's lock and signature must not be told of this one.
        with suppress(OSError):
            os.truncate(path, 0)
        lock.release()


@contextmanager
def _joined(path: Path, target: str, owner: Owner) -> Iterator[None]:
    """Hold a shard's lock. Whoever wants the whole target is refused meanwhile, and so is a shard of another plan."""
    import fcntl  # noqa: PLC0415 - only a shard needs it

    folder = path.parent / "shards"
    mine = folder / f"{target}.{str(owner.shard).replace('/', '-of-')}"
    # Over no link, as FileLock has it: a repository may hold one, to any file.
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600)) as whole, ExitStack() as stack:
        try:
            fcntl.flock(whole, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Stop(Exit.LOCKED, _refusal(path, target)) from error
        with one_at_a_time(folder / f"{target}.register"):
            for other in sorted(folder.iterdir()):
                theirs = re.fullmatch(rf"{re.escape(target)}\.\d+-of-\d+", other.name)
                if theirs and _alive(other) and not _may_join(owner, other):
                    raise Stop(Exit.LOCKED, _refusal(other, target))
            stack.enter_context(_held(mine, target, owner))
            _sign(owner, whole.fileno())
        yield


def _sign(owner: Owner, descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(owner)).encode(), 0)


def _alive(path: Path) -> bool:
    from filelock import FileLock, Timeout  # noqa: PLC0415

    try:
        with FileLock(path, timeout=0, mode=0o600, fallback_to_soft=False):
            return False
    except Timeout:
        return True


def _may_join(owner: Owner, other: Path) -> bool:
    with suppress(OSError, ValueError, TypeError):
        return owner.joins(Owner(**json.loads(other.read_text("utf-8"))))
    return False


def _unusable(folder: Path, error: OSError) -> Diagnostic:
    summary = f"{error.filename or folder} cannot be written: {error.strerror or error}"
    hint = "Nothing was sent. Make room, correct the rights, or move away what is in the way."
    return Diagnostic("state-unusable", "error", summary, hint=hint)


def _refusal(path: Path, target: str) -> Diagnostic:
    summary = f"target {target} is locked by {_owner(path) or 'another apply'}"
    hint = "Wait for it to end. The lock ends with its process, even a killed one; there is nothing to unlock."
    return Diagnostic("lock-held", "error", summary, hint=hint)


def _owner(path: Path) -> Owner | None:
    """Who signed a lock; it is held a moment before it is signed."""
    for _ in range(SIGNED_IN):
        with suppress(OSError, ValueError, TypeError):
            return Owner(**json.loads(path.read_text("utf-8")))
        time.sleep(0.01)
    return None
