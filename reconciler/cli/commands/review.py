"""`reconciler review`: what a pull request changes, and for whom; offline."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.app.exits import Exit
from reconciler.app.reviewing import Compared, ReviewOptions, make_review
from reconciler.cli import options
from reconciler.cli.console import colored, complain, result, width
from reconciler.cli.machines import findings_in
from reconciler.cli.running import command_line, surroundings, use_case

SHAPES = ("text", "markdown", "json", "sarif", "junit", "codequality", "github")


@click.command
@options.workspace
@options.flag("--base", required=True, metavar="REF", help="Compare with where the head branched off this.")
@options.flag("--head", metavar="REF", help="The commit to review; what is on disk, when left out.")
@options.flag("--domain", "domains", multiple=True, help="An e-mail domain of the organisation; may be repeated.")
@options.flag("--reviewers", is_flag=True, help="Only name who should approve: the owners of what changes.")
@options.output_format(SHAPES)
@options.detailed_exitcode
@use_case
def command(
    workspace: Path,
    base: str,
    head: str | None,
    domains: tuple[str, ...],
    shape: str,
    *,
    reviewers: bool,
    detailed_exitcode: bool,
) -> int:
    """Show who gains and loses access, and every governed change, between two commits. Needs no token, no network."""
    if reviewers and shape != "text":
        hint = "The whole review as JSON has them, too, as `reviewers`."
        raise click.UsageError(f"--reviewers prints lines of text: leave out --format {shape}. {hint}")
    asked = ReviewOptions(base, head, frozenset(domain.lower().removeprefix("@") for domain in domains))
    with surroundings() as world:
        done = make_review(workspace, asked, world)
    if shape == "github":
        # The log of a job tells everything; annotations are few.
        complain(done.review.findings)
    elif shape in {"text", "markdown"}:
        complain([item for item in done.review.findings if item.severity in {"error", "blocked"}])
    if reviewers:
        from reconciler.report.review import reviewers_text  # noqa: PLC0415 - the renderings are many, one is asked for

        result(reviewers_text(done.review))
    else:
        again = command_line("review", "--base", base, *(["--head", head] if head else []))
        result(_told(shape, done, again))
    if any(item.severity == "blocked" for item in done.review.findings):
        return Exit.BLOCKED
    return Exit.CHANGES if detailed_exitcode and not done.review.empty else Exit.DONE


def _told(shape: str, done: Compared, again: str) -> str:
    from reconciler.report import review  # noqa: PLC0415 - the renderings are many, one is asked for

    found, base, head = done.review.findings, done.base[:12], done.head[:12]
    match shape:
        case "markdown":
            return review.review_markdown(done.review, base, head, again)
        case "json":
            return review.review_json(done.review, done.base, done.head)
        case "text":
            return review.review_text(done.review, base, head, color=colored(sys.stdout), width=width())
        case _:
            return findings_in(shape, found, "reconciler review")
