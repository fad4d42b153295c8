"""`reconciler show`: a saved plan, also a stale or blocked one."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.saved import read_saved
from reconciler.cli import options
from reconciler.cli.console import complain, passed_on, result
from reconciler.cli.rendering import PLAN_SHAPES, readable
from reconciler.cli.running import use_case
from reconciler.report.markdown import Origin


@click.command
@click.argument("planfile", type=options.path())
@options.output_format(PLAN_SHAPES)
@use_case
def command(planfile: Path, shape: str) -> None:
    """Show the plan in PLANFILE. Nothing is read from a vendor."""
    saved = read_saved(planfile)
    complain(saved.plan.diagnostics)
    if shape == "json":
        with planfile.open(encoding="utf-8-sig") as file:
            passed_on(file)
    else:
        made = saved.document
        origin = Origin(made.plan_id, made.reconciler_version, made.source.commit, made.source.dirty)
        result(readable(shape, saved.plan, lambda: origin))
