"""`reconciler explain`: what a diagnostic or a guard means, or where a dataset's values come from."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import click

from reconciler.app.codes import CODES
from reconciler.cli import options
from reconciler.cli.console import result, width
from reconciler.cli.running import use_case
from reconciler.core.diagnostics import Code
from reconciler.facets import did_you_mean
from reconciler.planning import GUARD_CODES


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
    lines = [f"{name:<24}{entry.title}" for name, entry in sorted(CODES.items())]
    return "\n".join([*lines, "", _filled(f"Guards, which --allow lifts: {', '.join(sorted(GUARD_CODES))}.")])


def _code(code: str) -> str:
    if code not in CODES:
        hint = did_you_mean(code, CODES) or "`reconciler explain` lists them; a dataset is named as TARGET/NAME."
        raise click.UsageError(f"There is no code {code!r}. {hint}")
    entry = CODES[code]
    parts = [f"{entry.name}: {entry.title}", _filled(entry.explanation)]
    return "\n\n".join([*parts, *([_filled(_lifting(entry))] if entry.liftable else [])])


def _lifting(entry: Code) -> str:
    if entry.of_plan:
        return f"It is about the plan as a whole: lift it with --allow {entry.name}."
    return (
        f"Lift it with --allow {entry.name}, for one dataset with --allow {entry.name}@ADDRESS or in its manifest "
        "under metadata.allow."
    )


def _filled(text: str) -> str:
    # A code that is broken at its hyphens can neither be searched nor copied.
    return fill(text, width(), break_on_hyphens=False, break_long_words=False)
