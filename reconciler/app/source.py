"""Where a plan comes from: the git commit of the workspace, and a digest of its manifests."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from reconciler.core.words import Json, digest
from reconciler.manifests import File, TargetConfig, Workspace
from reconciler.manifests.accounts import within
from reconciler.manifests.files import Digest, on_disk


class PlanSource(Struct, frozen=True):
    """What a plan was made from."""

    commit: str | None
    """The commit that is checked out; None outside a git checkout."""
    dirty: bool | None
    """Whether the manifests differ from those in it; None where git has no commit, or not all of them.

    Compared is what the files hold, with no filter (`git-lfs`, `working-tree-encoding`) between; how lines end does not
    count, which a checkout may convert. A manifest that git does not track differs; what is no manifest does not count.
    """
    digest: str
    """sha-256 over the names and contents of all manifests."""
    workspace: str
    """sha-256 over where the targets lead: a plan is applied only where that is the same."""


def plan_source(workspace: Workspace) -> PlanSource:
    """Describe where `workspace` stands."""
    from .trees import checked_out  # noqa: PLC0415 - imports subprocess, for plans that are saved

    commit, held = checked_out(workspace.root)
    return PlanSource(
        commit=commit,
        dirty=None if held is None else _differs(workspace, held),
        digest=workspace.digest,
        workspace=targets_digest(workspace),
    )


def _differs(workspace: Workspace, held: Sequence[File]) -> bool:
    """Whether the manifests at hand are others than those that a commit has `held`."""
    same = Digest(workspace.root)
    deque(same.over(held), maxlen=0)
    return str(same) != workspace.digest and _lines(held) != _lines(on_disk(workspace.root))


def _lines(files: Iterable[File]) -> dict[str, bytes]:
    return {file.path: file.content.replace(b"\r\n", b"\n") for file in files}


def targets_digest(workspace: Workspace) -> str:
    """sha-256 over what a plan is bound to: the account that each target is, and what its provider is told beside."""
    return digest({name: list(_bound(target)) for name, target in workspace.targets.items()})


def _bound(target: TargetConfig) -> Iterator[Json]:
    yield from (target.provider, target.url, *within(target.account))
    if target.settings:
        yield dict(target.settings)
