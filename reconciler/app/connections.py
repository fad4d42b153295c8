"""From a target in a manifest to an open session with its vendor."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Access, Provider, ProviderError, Target, Writer
from reconciler.manifests import TargetConfig, Workspace
from reconciler.manifests.urls import EMBEDDED
from reconciler.providers import by_name

from .exits import Exit, Stop
from .surroundings import Surroundings, state_folder

LONGEST = 2**16
"""Bytes of a file with a token; a device may never end."""


def targets(workspace: Workspace, names: Iterable[str], surroundings: Surroundings) -> dict[str, Target]:
    """The targets `names`, each with its token.

    Raises:
        Stop: a token is missing; every missing one is in it.
    """
    found: dict[str, Target] = {}
    problems: list[Diagnostic] = []
    for name in sorted(set(names)):
        config = workspace.targets[name]
        token = _token(config, surroundings.environ)
        if isinstance(token, Diagnostic):
            problems.append(token)
        else:
            found[name] = _target(config, token, workspace.root, surroundings)
    if problems:
        raise Stop(Exit.ERROR, *problems)
    return found


@contextmanager
def sessions(
    targets: Mapping[str, Target], access: Access, stop: threading.Event | None = None
) -> Iterator[dict[str, Writer]]:
    """A session with each target, closed at the end; once `stop` is set, none of them changes anything more.

    Raises:
        Stop: one cannot even be begun; nothing was sent.
    """
    providers = by_name()
    with ExitStack() as stack:
        opened: dict[str, Writer] = {}
        for name, target in targets.items():
            session = _session(providers[target.provider], target, access, stop)
            stack.callback(session.close)
            opened[name] = session
        yield opened


def _session(provider: Provider, target: Target, access: Access, stop: threading.Event | None) -> Writer:
    try:
        return provider.connect(target, access, stop)
    except ProviderError as error:
        raise Stop(Exit.ERROR, Diagnostic("not-connected", "error", error.summary, hint=error.hint)) from error


def _target(config: TargetConfig, token: str, root: Path, surroundings: Surroundings) -> Target:
    url = config.url
    if url == EMBEDDED:
        url = surroundings.embedded(state_folder(root) / "sandbox.db")
    return Target(
        name=config.name,
        provider=config.provider,
        url=url,
        token=token,
        actor=config.actor,
        concurrency=config.concurrency,
        requests_per_second=config.requests_per_second,
        settings=config.settings,
        directory=config.directory,
    )


def _token(config: TargetConfig, environ: Mapping[str, str]) -> str | Diagnostic:
    if config.token.env is not None:
        hint = f"export {config.token.env}=..."
        token, why = environ.get(config.token.env, "").strip(), "is not set"
    else:
        path = config.token.file or Path()
        hint = "Write the token into it; keep it out of git."
        token, why = _content(path)
    if token and token.isascii() and token.isprintable():
        return token
    state = "holds something that is not a token" if token else why
    summary = f"the token of target {config.name} is missing: {config.token.place} {state}"
    return Diagnostic("token-missing", "error", summary, hint=hint, source=config.place())


def _content(path: Path) -> tuple[str, str]:
    """What a file holds, and what to say when that is nothing."""
    try:
        content = _read(path)
        if content is None:
            return "", "is no regular file"
        if len(content) > LONGEST:
            return "", f"holds more than {LONGEST // 2**10} KiB"
        return content.decode("utf-8").strip(), "is empty"
    except UnicodeDecodeError:
        return "", "is not text"
    except OSError as error:
        return "", f"cannot be read: {error.strerror or error}"


def _read(path: Path) -> bytes | None:
    """What a regular file holds, and no more of it than tells that it is too long; None of anything else."""
    # At once, so as not to wait until somebody writes into a pipe.
    at_once = getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda path, flags: os.open(path, flags | at_once)) as file:
        return file.read(LONGEST + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
