"""A plan in parts on a Dask cluster that is there already: the only door to `distributed`, the `[dask]` extra.

A worker gets the manifests, and what journals and holds know, as bytes; it runs `reconciler plan --shard` on them as a
process of its own, in a folder that goes with it. Tokens are never sent: the workers' environment has them, as the
workspace names them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from reconciler.core.diagnostics import Diagnostic
from reconciler.manifests import Workspace
from reconciler.manifests.files import files
from reconciler.manifests.urls import EMBEDDED

from . import holds
from .exits import Exit, Stop
from .pasts import endings
from .planning import PlanOptions
from .surroundings import beside, state_folder

if TYPE_CHECKING:
    from distributed import Client, Future

Files: TypeAlias = Mapping[str, bytes]
Told: TypeAlias = tuple[bytes | None, str]
"""A part as `--out` wrote it, None when it did not; and what was printed on the way."""

SCHEME = "dask"
PATIENCE = 10.0
"""Seconds to wait for the scheduler, and for a worker when the last one has gone."""
COMMAND = (sys.executable, "-c", "from reconciler.cli import main; main()")


def parts_on(executor: str, workspace: Workspace, options: PlanOptions, folder: Path) -> list[Path]:
    """Have each worker of the cluster plan a part of `workspace`, and write the parts into `folder`.

    A part that no worker delivers is left out: merging names it.

    Raises:
        Stop: there is no such cluster, or what is asked for cannot be done there.
    """
    _check(workspace, options)
    sent = _sent(workspace)
    with _client(executor) as client:
        count = len(client.scheduler_info(n_workers=-1)["workers"])
        if not count:
            raise _failed(f"{executor} has no workers")
        (brought,) = client.scatter([sent], broadcast=True)
        words = ["-w", str(workspace.root), *_flags(options)]
        shards = [f"{number}/{count}" for number in range(1, count + 1)]
        asked = [client.submit(run_part, brought, [*words, "--shard", shard], pure=False) for shard in shards]
        told = [result_of(client, future) for future in asked]
    paths = []
    for shard, (part, printed) in zip(shards, told, strict=True):
        if part is None:
            sys.stderr.write(f"Shard {shard}: {printed.strip() or 'no part came back'}\n")
            continue
        paths.append(folder / f"{shard.partition('/')[0]}.json")
        paths[-1].write_bytes(part)
    if not paths:
        raise _failed("no worker delivered its part")
    return paths


def run_part(sent: Files, words: Iterable[str]) -> Told:
    """Run one part on a worker; what it needs is below a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="reconciler-") as top:
        for name, content in sent.items():
            path = Path(top) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        out = Path(top) / "part.json"
        done = subprocess.run(  # noqa: S603 - the words are flags of ours
            [*COMMAND, "plan", *words, "--out", str(out)],
            cwd=top,
            env={**os.environ, "RECONCILER_CACHE": ""},  # for a folder that no other part will have
            capture_output=True,
            text=True,
            check=False,
        )
        return (out.read_bytes() if out.exists() else None), done.stderr


def _check(workspace: Workspace, options: PlanOptions) -> None:
    parts = workspace.root.parts
    if workspace.root.is_absolute() or ".." in parts or not parts:
        raise _failed("findings name files as they are called here: give the workspace as a path below this folder")
    if options.guards_from or options.changed_since:
        raise _failed("workers get manifests and no git history: leave out --guards-from and --changed-since")
    if local := sorted(name for name, target in workspace.targets.items() if target.url == EMBEDDED):
        raise _failed(f"the sandbox of target {local[0]} is inside this process, where no worker can reach it")


def _sent(workspace: Workspace) -> dict[str, bytes]:
    """What a worker needs to plan as this process would, by path below the current folder."""
    here, state = Path.cwd(), state_folder(workspace.root)
    known = [*state.glob("journal/*.jsonl"), *state.glob("holds.json")]
    found = {path.as_posix(): path.read_bytes() for path in files(workspace.root)}
    # Of the workspaces beside this one a worker has to know that they are there: what they began is theirs.
    held = holds.known(workspace.root).values()
    names = {past.workspace for past in endings(state)} | {hold.workspace for hold in held}
    others = {beside(workspace.root, name) for name in names} - {None}
    there = {(state.parent / str(name) / ".beside").relative_to(here).as_posix(): b"" for name in others}
    return {**found, **there, **{path.relative_to(here).as_posix(): path.read_bytes() for path in known}}


def _flags(options: PlanOptions) -> list[str]:
    chosen = options.selection
    pairs = [
        *(("--target", name) for name in chosen.targets),
        *(("--dataset", glob) for glob in chosen.datasets),
        *(("--facet", name) for name in chosen.facets),
        *(("--allow", f"{allow.code}@{allow.address}" if allow.address else allow.code) for allow in options.allows),
        *([("--as-of", options.as_of.date().isoformat())] if options.as_of else []),
    ]
    return [word for pair in pairs for word in pair]


@contextmanager
def _client(executor: str) -> Iterator[Client]:
    place = urlsplit(executor)
    if place.scheme != SCHEME or not place.hostname or not place.port:
        raise _failed(f"{executor} is no executor: write {SCHEME}://HOST:PORT, where the scheduler listens")
    try:
        from distributed import Client  # noqa: PLC0415 - an extra that few have
    except ImportError as error:
        raise _failed("Dask is not installed: pip install 'reconciler[dask]'") from error
    try:
        client = Client(f"tcp://{place.netloc}", timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise _failed(f"no scheduler answers at {executor}") from error
    with client:
        yield client


def result_of(client: Client, future: Future[Any]) -> Told:
    """What a worker told. Dask gives the part of one that died to another; when there is none, nobody will tell."""
    while True:
        try:
            told: Told = future.result(timeout=PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever a worker dies of, its part is missing
            # A part, too, can raise a TimeoutError, and then it is done.
            if not isinstance(error, TimeoutError) or future.done():
                return None, f"{type(error).__name__}: {error}"[:300]
            if not client.scheduler_info(n_workers=-1)["workers"]:
                return None, "no worker is left"
            continue
        return told


def _failed(why: str) -> Stop:
    hint = "Plan without --executor, or see `reconciler explain executor-unusable`."
    return Stop(Exit.ERROR, Diagnostic("executor-unusable", "error", why, hint=hint))
