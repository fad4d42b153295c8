"""`reconciler sandbox`: the embedded stand-in for the vendors' APIs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.cli import options
from reconciler.cli.console import result, say
from reconciler.cli.running import settling, use_case
from reconciler.sandbox import Sandbox, documents_seed

database = options.flag(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(".reconciler/sandbox.db"),
    show_default=True,
    help="Its state.",
)


@click.group
def command() -> None:
    """Serve, reset or seed the embedded stand-in for the vendors' APIs."""


@command.command
@options.flag("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free port.")
@database
@use_case
def serve(port: int, db: Path) -> int:
    """Serve the sandbox on loopback until interrupted. A new one holds the documents' own examples."""
    new = not db.exists()
    sandbox = _open(db)
    if new:
        sandbox.seed(documents_seed())
    try:
        with settling() as stop, sandbox.serve(port) as server:
            result(f"Serving on {server.url} (state in {db}). Stop with Ctrl-C.")
            while not stop.is_set():
                time.sleep(0.1)
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
    sandbox = _open(db)
    sandbox.reset()
    sandbox.seed(documents_seed())
    sandbox.close()
    result(f"{db} holds the documents' own examples.")
    return Exit.DONE


@command.command
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@database
@use_case
def seed(file: Path, db: Path) -> int:
    """Merge the seed document FILE (JSON) into the state."""
    try:
        document = json.loads(file.read_text("utf-8"))
    except (ValueError, OSError) as error:
        say(f"Error: {file} is not JSON: {error}")
        return Exit.ERROR
    if not isinstance(document, dict):
        say(f'Error: {file} is not a seed document: write an object such as {{"tokens": ..., "domo": ...}}.')
        return Exit.ERROR
    sandbox = _open(db)
    sandbox.seed(document)
    sandbox.close()
    result(f"{file} was merged into {db}.")
    return Exit.DONE


def _open(db: Path) -> Sandbox:
    db.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Sandbox(db)
