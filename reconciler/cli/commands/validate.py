"""`reconciler validate`: check manifests, offline."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reconciler.app.caching import cache_folder
from reconciler.app.unchanged import unchanged
from reconciler.cli import options

SHAPES = ("text", "json", "sarif", "junit", "codequality", "github")


@click.command
@options.workspace
@options.output_format(SHAPES)
def command(workspace: Path, shape: str) -> int:
    """Check every manifest of the workspace; nothing is sent anywhere."""
    caches = cache_folder(os.environ, workspace)
    if shape == "text" and (manifests := unchanged(workspace, caches)) is not None:
        click.echo(valid(manifests))
        return 0
    from reconciler.cli.validating import validated  # noqa: PLC0415 - brings everything that reads a manifest

    return validated(workspace, caches, shape)


def valid(manifests: int) -> str:
    """What is said of so many manifests in which nothing is wrong."""
    return f"{manifests} {'manifest is' if manifests == 1 else 'manifests are'} valid."
