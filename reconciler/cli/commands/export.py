"""`reconciler export`: datasets in other forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from reconciler.app.exits import Exit, Stop
from reconciler.app.exporting import Exported, export
from reconciler.cli import options
from reconciler.cli.console import complain, result, say
from reconciler.cli.running import chosen, use_case
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.manifests.bridges import BRIDGES
from reconciler.manifests.writer import create_text


@click.command
@options.workspace
@options.selection
@options.flag("--to", "form", type=click.Choice(list(BRIDGES)), help="The form.")
@options.flag("--out", type=options.path(file_okay=False), help="Folder for the files; existing ones stay.")
@use_case
def command(
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    facet_names: tuple[str, ...],
    form: str | None,
    out: Path | None,
) -> int:
    """Write datasets as Open Data Contracts, dbt models or table schemas; what cannot be carried is listed.

    One dataset goes to stdout unless --out names a folder.
    """
    if form is None:
        raise click.UsageError(f"Say which form: --to {'|'.join(BRIDGES)}.")
    found, problems = export(workspace, form, chosen(target_names, dataset_globs, facet_names))
    if out is None and len(found) != 1:
        raise click.UsageError(f"{len(found)} datasets are selected: name a folder with --out, or one with --dataset.")
    complain(problems)
    if out is None:
        result(found[0].text)
        return Exit.DONE
    stayed = _write(found, out)
    complain(stayed)
    kept = f", {len(stayed)} there already" if stayed else ""
    say(f"Export: {len(found) - len(stayed)} written as {form}{kept}.")
    return Exit.ERROR if stayed else Exit.DONE


def _write(found: Sequence[Exported], out: Path) -> list[Diagnostic]:
    """Write what has no file yet into `out`; the others are told.

    Raises:
        Stop: one cannot be written.
    """
    stayed: list[Diagnostic] = []
    for each in found:
        where = Source((out / each.file).as_posix(), 1)
        try:
            create_text(out / each.file, each.text)
        except FileExistsError:
            summary, hint = "the file is there already, and stays as it is", "Remove it, or name another folder."
            stayed.append(Diagnostic("not-exported", "error", summary, each.address, hint, where))
        except OSError as error:
            summary = f"the file cannot be written: {error.strerror}"
            failed = Diagnostic("not-exported", "error", summary, each.address, source=where)
            raise Stop(Exit.ERROR, *stayed, failed) from error
        else:
            result(f"wrote {out / each.file}")
    return stayed
