"""`reconciler explain`: what a diagnostic or a guard means, or where a dataset's values come from."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import click

from reconciler.app.codes import CODES
from reconciler.cli import options
from reconciler.cli.console import result, width
from reconciler.cli.running import use_case
from reconciler.facets import did_you_mean


@click.command
@click.argument("what", required=False, metavar="[CODE | ADDRESS]")
@options.workspace
@use_case
def command(what: str | None, workspace: Path) -> None:
    """Tell what CODE means and what to do; without it, list them all.

    For ADDRESS, such as acme/orders.permissions or acme/orders, show each value and where it comes from: file and
    line, profile, or default.
    """
    if what is not None and "/" in what:
        from reconciler.app.origins import explained  # noqa: PLC0415 - a code is explained without a workspace
        from reconciler.report.origins import origins_text  # noqa: PLC0415

        result(origins_text(explained(workspace, what)))
        return
    result(_listed() if what is None else _code(what))


def _listed() -> str:
    return "\n".join(f"{name:<24}{entry.title}" for name, entry in sorted(CODES.items()))


def _code(code: str) -> str:
    if code not in CODES:
        raise click.UsageError(f"There is no code {code!r}. {did_you_mean(code, CODES) or ''}")
    entry = CODES[code]
    lifting = f"Lift it with --allow {code}[@ADDRESS], or in the dataset's manifest under metadata.allow."
    parts = [f"{entry.name}: {entry.title}", fill(entry.explanation, width())]
    return "\n\n".join([*parts, *([fill(lifting, width())] if entry.liftable else [])])
