"""`reconciler retention`: what version retention will do, before it does."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.simulating import Simulated, SimulationOptions, simulate_retention
from reconciler.app.workspaces import open_workspace
from reconciler.cli import options
from reconciler.cli.console import Progress, complain, result, say, width
from reconciler.cli.running import chosen, command_line, moment, surroundings, use_case
from reconciler.report.simulation import simulation_json, simulation_text

MOST_DAYS = 36_525
"""A hundred years."""


@click.group
def command() -> None:
    """Look at what version retention keeps and deletes, before it does."""


@command.command
@options.workspace
@options.flag("--target", "target_names", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@options.flag("--dataset", "dataset_globs", multiple=True, metavar="GLOB", help="Only datasets that match; repeatable.")
@options.output_format(("table", "json", "svg"))
@options.flag("--days", type=click.IntRange(0, MOST_DAYS), default=365, show_default=True, help="How far to look.")
@options.flag("--cadence", is_flag=True, help="Assume new versions at each dataset's observed median interval.")
@options.flag("--policy", type=options.path(), help="A proposed `retention: {…}`, to compare with.")
@options.flag("--snapshot", type=options.path(), help="Take versions from this file; asks no vendor.")
@options.flag("--save-snapshot", "save_to", type=options.path(), help="Save the versions read here.")
@options.as_of
@use_case
def simulate(
    workspace: Path,
    target_names: tuple[str, ...],
    dataset_globs: tuple[str, ...],
    shape: str,
    days: int,
    policy: Path | None,
    snapshot: Path | None,
    save_to: Path | None,
    as_of: str | None,
    *,
    cadence: bool,
) -> int:
    """Show which versions retention will keep and delete, and when. Never writes to a vendor.

    The versions there are grow older, and one prune a day is assumed; --cadence lets new ones come as they came so
    far. What a guard would hold is shown as if it were allowed, and marked.
    """
    asked = SimulationOptions(
        selection=chosen(target_names, dataset_globs, ()),
        days=days,
        as_of=moment(as_of),
        cadence=cadence,
        policy=policy,
        snapshot=snapshot,
        save_to=save_to,
        progress=Progress("Read"),
    )
    opened = open_workspace(workspace)
    with surroundings() as world:
        found = simulate_retention(opened, asked, world)
    complain(found.diagnostics)
    result(_in_shape(shape, found, cadence=cadence))
    if save_to is not None:
        following = command_line("retention", "simulate", "--snapshot", save_to, "--policy", "FILE")
        say(f"Saved to {save_to}. Next: {following}")
    return Exit.ERROR if any(item.severity == "error" for item in found.diagnostics) else Exit.DONE


def _in_shape(shape: str, found: Simulated, *, cadence: bool) -> str:
    told = (found.prospects, found.as_of, found.days)
    match shape:
        case "json":
            return simulation_json(*told, cadence=cadence)
        case "svg":
            # Its template engine costs as much as the rest of the report.
            from reconciler.report.timeline import simulation_svg  # noqa: PLC0415

            return simulation_svg(*told, cadence=cadence)
        case _:
            return simulation_text(*told, cadence=cadence, width=width())
