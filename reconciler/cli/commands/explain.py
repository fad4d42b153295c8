"""`reconciler explain`: what a diagnostic or a guard means."""

from __future__ import annotations

from textwrap import fill

import click

from reconciler.app.codes import CODES
from reconciler.cli.console import result, width
from reconciler.facets import did_you_mean


@click.command
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Tell what CODE means and what to do; without CODE, list them all."""
    if code is None:
        result("\n".join(f"{name:<24}{entry.title}" for name, entry in sorted(CODES.items())))
        return
    if code not in CODES:
        raise click.UsageError(f"There is no code {code!r}. {did_you_mean(code, CODES) or ''}")
    entry = CODES[code]
    lifting = f"Lift it with --allow {code}[@ADDRESS], or in the dataset's manifest under metadata.allow."
    parts = [f"{entry.name}: {entry.title}", fill(entry.explanation, width())]
    result("\n\n".join([*parts, *([fill(lifting, width())] if entry.liftable else [])]))
