"""`reconciler import`: manifests for live datasets, or from contracts."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.following import command_line
from reconciler.app.importing import Import, Imported, adopt_live
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, say
from reconciler.cli.running import surroundings, use_case
from reconciler.manifests.bridges import BRIDGES
from reconciler.manifests.files import readable
from reconciler.manifests.yaml.characters import is_sayable


@click.command("import")
@click.argument("file", required=False, type=options.path(exists=True, dir_okay=False))
@options.workspace
@options.flag("--target", metavar="NAME", help="Where the datasets live.")
@options.flag("--id", "ids", multiple=True, metavar="ID", help="The vendor's id of a dataset; may be repeated.")
@options.flag("--all", "everything", is_flag=True, help="Every dataset that the token can see.")
@options.flag("--from", "form", type=click.Choice(list(BRIDGES)), help="The form that FILE has.")
@use_case
def command(
    file: Path | None, workspace: Path, target: str | None, ids: tuple[str, ...], form: str | None, *, everything: bool
) -> int:
    """Write a manifest for each live dataset asked for that has none; the plan right after it is empty.

    With --from, write them from a contract, dbt's schema.yml or a table schema in FILE; what has no place in a
    manifest is listed.
    """
    if target is None:
        raise click.UsageError("Say where the datasets live: --target NAME.")
    if (file is None) != (form is None) or (file is not None and (ids or everything)):
        raise click.UsageError("FILE and --from belong together, and with neither --id nor --all.")
    if file is None and bool(ids) == everything:
        raise click.UsageError("Say which datasets: --id ID for some, or --all; or --from FORM FILE.")
    if (broken := next((each for each in ids if not is_sayable(each)), None)) is not None:
        raise click.UsageError(f"--id {readable(broken)} is no id: it has bytes that are no UTF-8.")
    done = _done(workspace, Import(target, ids, Progress("Imported")), form, file)
    complain(done.problems)
    for path in done.written:
        result(f"wrote {path}")
    result(closing(done))
    if done.written:
        say(f"Next: {command_line(workspace, 'plan', named=True)}")
    return Exit.ERROR if done.failed else Exit.DONE


def _done(workspace: Path, asked: Import, form: str | None, file: Path | None) -> Imported:
    if form is not None and file is not None:
        from reconciler.app.bridging import adopt_document  # noqa: PLC0415 - only needed for this form of the command

        return adopt_document(workspace, form, file, asked.target)
    with surroundings() as world:
        return adopt_live(workspace, asked, world)


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
