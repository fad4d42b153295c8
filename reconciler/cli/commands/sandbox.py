"""`reconciler sandbox`: the embedded stand-in for the vendors' APIs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reconciler.app.exits import Exit, Stop
from reconciler.cli import options
from reconciler.cli.console import result, say
from reconciler.cli.embedded import opened, unusable
from reconciler.cli.running import ENDINGS, heeding, use_case
from reconciler.cli.stopping import Stopping
from reconciler.sandbox import Faults, SeedError, World, documents_seed

LARGEST = 64 * 2**20
"""Bytes of a seed document that are read."""

database = options.flag(
    "--db",
    type=options.path(dir_okay=False),
    default=Path(".reconciler/sandbox.db"),
    show_default=True,
    help="Its state.",
)


def _parsed(kind: type[World | Faults]) -> Callable[[click.Context, click.Parameter, str], Any]:
    def parse(_context: click.Context, parameter: click.Parameter, text: str) -> World | Faults:
        try:
            return kind.parse(text)
        except ValueError as error:
            raise click.BadParameter(str(error), param=parameter) from None

    return parse


world = options.flag(
    "--world",
    metavar="WORLD",
    default="documented",
    show_default=True,
    callback=_parsed(World),
    help="How it behaves: `documented` or `observed`, then switches: observed,tags_post=adds,shuffle=7.",
)
faults = options.flag(
    "--faults",
    metavar="FAULTS",
    default="",
    callback=_parsed(Faults),
    help="What goes wrong, by chance: rate=0.3,seed=7,kinds=429+500+lost,stall=2,limit=10.",
)


@click.group
def command() -> None:
    """Serve, reset or seed the embedded stand-in for the vendors' APIs."""


@command.command
@options.flag("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free port.")
@database
@world
@faults
@use_case
def serve(port: int, db: Path, world: World, faults: Faults) -> int:
    """Serve the sandbox on loopback until interrupted. A new one holds the documents' own examples.

    The documents contradict themselves and what is observed of live instances; a world is one reading of them.
    """
    sandbox, ended = opened(db, world, faults), Stopping()
    try:
        with heeding(ENDINGS, lambda *_: ended.set()), sandbox.serve(port) as server:
            result(f"Serving on {server.url} (state in {db}). Stop with Ctrl-C.")
            while not ended.is_set():
                time.sleep(0.1)
        say(f"Stopped serving. What was written stays in {db}.")
        if sandbox.trouble:
            raise Stop(Exit.ERROR, unusable(db, sandbox.trouble))
    except OSError as error:
        say(f"Error: port {port} cannot be used: {error.strerror}. Try --port 0.")
        return Exit.ERROR
    finally:
        sandbox.close()
    return Exit.DONE


@command.command
@database
@use_case
def reset(db: Path) -> int:
    """Put the documents' own examples in the place of everything."""
    sandbox = opened(db)
    sandbox.reset()
    sandbox.seed(documents_seed())
    sandbox.close()
    result(f"{db} holds the documents' own examples.")
    return Exit.DONE


@command.command
@click.argument("file", type=options.path(exists=True, dir_okay=False))
@database
@use_case
def seed(file: Path, db: Path) -> int:
    """Merge the seed document FILE (JSON) into the state."""
    try:
        with file.open("rb") as content:
            document = json.loads(content.read(LARGEST))
    except (ValueError, OSError, RecursionError) as error:
        say(f"Error: {file} is not JSON: {error}")
        return Exit.ERROR
    if not isinstance(document, dict):
        say(f'Error: {file} is not a seed document: write an object such as {{"tokens": ..., "domo": ...}}.')
        return Exit.ERROR
    sandbox = opened(db)
    try:
        sandbox.seed(document)
    except SeedError as error:
        say(f"Error: {file} is not a seed document: {error}. Nothing of it was written.")
        return Exit.ERROR
    finally:
        sandbox.close()
    result(f"{file} was merged into {db}.")
    return Exit.DONE
