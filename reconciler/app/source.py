"""Where a plan comes from: the git commit of the workspace, and a digest of its manifests."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from reconciler.core.words import digest
from reconciler.manifests import Workspace


class PlanSource(Struct, frozen=True):
    """What a plan was made from."""

    commit: str | None
    """The commit that is checked out; None outside a git checkout."""
    dirty: bool | None
    """Whether tracked files of the workspace differ from it."""
    digest: str
    """sha-256 over the names and contents of all manifests."""
    workspace: str
    """sha-256 over the targets: a plan is applied only where these are the same."""


def plan_source(workspace: Workspace) -> PlanSource:
    """Describe where `workspace` stands."""
    commit = _git(workspace.root, "rev-parse", "--verify", "HEAD")
    changed = _git(workspace.root, "diff-index", "--name-only", "HEAD", "--", ".") if commit else None
    return PlanSource(
        commit=commit or None,
        dirty=None if changed is None else bool(changed),
        digest=workspace.digest,
        workspace=targets_digest(workspace),
    )


def targets_digest(workspace: Workspace) -> str:
    """sha-256 over what a plan is bound to: the providers and addresses of all targets."""
    return digest({name: [target.provider, target.url] for name, target in workspace.targets.items()})


def _git(folder: Path, *arguments: str) -> str | None:
    """What a git command prints, without white space around it; None when it fails."""
    from .git import output  # noqa: PLC0415 - imports subprocess, for plans that are saved

    found = output(folder, *arguments)
    return None if found is None else found.decode("utf-8", "replace").strip()
