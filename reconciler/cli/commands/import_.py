"""`reconciler import`: manifests for live datasets."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.importing import Import, Imported, adopt_live
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, say
from reconciler.cli.running import surroundings, use_case


@click.command("import")
@options.workspace
@options.flag("--target", metavar="NAME", help="Where the datasets live.")
@options.flag("--id", "ids", multiple=True, metavar="ID", help="The vendor's id of a dataset; may be repeated.")
@options.flag("--all", "everything", is_flag=True, help="Every dataset that the token can see.")
@use_case
def command(workspace: Path, target: str | None, ids: tuple[str, ...], *, everything: bool) -> int:
    """Write a manifest for each live dataset asked for that has none. The plan right after it is empty."""
    if target is None:
        raise click.UsageError("Say where the datasets live: --target NAME.")
    if bool(ids) == everything:
        raise click.UsageError("Say which datasets: --id ID for some, or --all.")
    with surroundings() as world:
        done = adopt_live(workspace, Import(target, ids, Progress("Imported")), world)
    complain(done.problems)
    for path in done.written:
        result(f"wrote {path}")
    result(closing(done))
    if done.written:
        say(f"Next: reconciler plan -w {workspace}")
    return Exit.ERROR if done.failed else Exit.DONE


def closing(done: Imported) -> str:
    """What was done, in one sentence."""
    parts = [f"{_count(len(done.written), 'dataset')} imported"]
    if done.people:
        parts.append(f"{_count(done.people, 'user or group', 'users and groups')} added")
    if done.governed:
        parts.append(f"{_count(done.governed, 'dataset')} had a manifest before")
    return f"Import: {', '.join(parts)}."


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"
