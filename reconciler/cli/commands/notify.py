"""`reconciler notify`: tell people of a plan, a review or drift."""

from __future__ import annotations

from typing import IO

import click

from reconciler.app.exits import Exit
from reconciler.app.notifying import compose, send
from reconciler.cli import options
from reconciler.cli.console import result, say
from reconciler.cli.running import use_case
from reconciler.report.document import LARGEST


@click.command
@click.argument("file", type=click.File("rb"), default="-")
@options.flag("--webhook", metavar="URL", help="Post it there instead of printing it. Better in RECONCILER_WEBHOOK.")
@options.flag("--shape", type=click.Choice(("slack", "teams")), required=True, help="Who takes it.")
@use_case
def command(file: IO[bytes], webhook: str | None, shape: str) -> int:
    """Turn FILE (or stdin), printed by plan, review or drift with --format json, into a message for Slack or Teams."""
    text = compose(file.read(LARGEST), "slack" if shape == "slack" else "teams")
    if webhook is None:
        result(text)
    else:
        send(text, webhook)
        say("The webhook took the message.")
    return Exit.DONE
