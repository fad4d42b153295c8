"""`reconciler schema`: the JSON Schema of a kind of manifest or document."""

from __future__ import annotations

import click

from reconciler.app.schemas import file_names, schema_text
from reconciler.cli.console import result
from reconciler.facets import did_you_mean


@click.command
@click.argument("kind", required=False)
def command(kind: str | None) -> None:
    """Print the JSON Schema of KIND, a manifest or a plan, review or drift; without KIND, list the kinds."""
    known = {name.lower(): name for name in file_names()}
    if kind is None:
        result("\n".join(known.values()))
        return
    if kind.lower() not in known:
        raise click.UsageError(f"There is no kind {kind!r}. {did_you_mean(kind, known.values()) or ''}")
    result(schema_text(known[kind.lower()]))
