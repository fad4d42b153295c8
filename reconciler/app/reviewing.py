"""The use case review: what changes between two commits, offline, and above all for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date
from functools import cache, partial
from operator import attrgetter
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import asdict, replace
from pydantic.alias_generators import to_camel

from reconciler.core.diagnostics import Diagnostic, Source, ordered
from reconciler.core.words import Json
from reconciler.manifests import File, Loaded, TargetConfig, Workspace, read_file
from reconciler.manifests.loader import UNFOUND
from reconciler.planning import Rule
from reconciler.planning.drift import Ignore
from reconciler.planning.review import Review, Tree, Way, compare

from .collecting import uncollected
from .exits import Exit, Stop
from .narrowing import narrowed, twins
from .people import people
from .policies import with_policies
from .surroundings import Surroundings
from .trees import Trees, both_trees, loaded
from .workspaces import views


class ReviewOptions(Struct, frozen=True):
    """What a review is asked for."""

    base: str
    head: str | None = None
    """None: what is on disk."""
    domains: frozenset[str] = frozenset()
    """The organisation's e-mail domains; when empty, they are told from the base's Principals."""


class Compared(Struct, frozen=True):
    """A review and what it compares."""

    review: Review
    base: str
    """The full id of the commit that the head branched off."""
    head: str
    """The full id of a commit, or `work tree`."""


def make_review(workspace: Path, options: ReviewOptions, surroundings: Surroundings) -> Compared:
    """Compare `workspace` at two commits.

    Raises:
        Stop: git does not have them, neither has any manifest, or the manifests of one are wrong.
    """
    trees = both_trees(workspace, options.base, options.head)
    if not trees.base and not trees.head:
        summary = f"there are no manifests in {workspace}, neither in the base nor in the head"
        hint = "Name the workspace's folder with -w."
        raise Stop(Exit.ERROR, Diagnostic("no-workspace", "error", summary, hint=hint))
    # Looking for garbage costs a third of the time.
    with uncollected():
        base, head = _both(workspace, trees)
        if trees.head and head.workspace is None:
            raise Stop(Exit.ERROR, *(item for item in head.diagnostics if item.severity == "error"))
        if trees.base and base.workspace is None:
            raise Stop(Exit.ERROR, *base.diagnostics)
        now = surroundings.now()
        review = compare(_tree(base.workspace), _tree(head.workspace), now, options.domains)
        broken = _judged(review, base.workspace, head, now.astimezone(UTC).date())
    found = ordered([*review.findings, *broken]) if broken else review.findings
    return Compared(replace(review, findings=found), trees.base_name, trees.head_name)


def _both(workspace: Path, trees: Trees) -> tuple[Loaded, Loaded]:
    """The base and the head, as far as they must be read."""
    read = cache(read_file)
    old, new = narrowed(trees)

    def load(old: Sequence[File], new: Sequence[File]) -> tuple[Loaded, Loaded]:
        before, after = (sorted(files, key=attrgetter("path")) for files in (old, new))
        return loaded(workspace, before, trees.base_name[:12], read), loaded(workspace, after, "", read)

    base, head = load(old, new)
    if base.workspace is None or head.workspace is None:
        # What is not found may be in a file that was not read, under a kind that is mistyped there.
        missing = any(item.code in UNFOUND for item in (*base.diagnostics, *head.diagnostics))
        return load(trees.base, trees.head) if missing else (base, head)
    again = twins(trees, new, base.workspace.datasets, head.workspace.datasets)
    return load([*old, *again], [*new, *again]) if again else (base, head)


def _judged(review: Review, base: Workspace | None, head: Loaded, today: date) -> Sequence[Diagnostic]:
    """What the base's policies say of the datasets under review, of people as the base knows them.

    The head's own are not asked what they allow.
    """
    workspace = head.workspace
    if base is None or workspace is None or not base.policies:
        return ()
    concerned = {dataset.address for dataset in review.datasets}
    datasets = tuple(dataset for dataset in workspace.datasets if dataset.address in concerned)
    targets = {name: replace(each, directory=people(each, base)) for name, each in workspace.targets.items()}
    asked = replace(workspace, datasets=datasets, policies=base.policies, targets=targets)
    return with_policies(Loaded(asked, (), head.manifests), today).diagnostics if datasets else ()


def _tree(workspace: Workspace | None) -> Tree:
    if workspace is None:
        return Tree()
    accounts = {name: target.account for name, target in workspace.targets.items()}
    ways = {
        f"target {name}": Way(target.provider, target.url, _token(target), target.place)
        for name, target in workspace.targets.items()
    }
    places = dict(_places(workspace))
    return Tree(workspace.datasets, views(workspace), dict(_settings(workspace)), accounts, ways, places)


def _settings(workspace: Workspace) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """What the manifests say beside datasets, by place."""
    limits = workspace.limits
    yield "guards", {to_camel(name): str(limit) for name, limit in asdict(limits).items()}
    if workspace.drift_ignore:
        yield "driftIgnore", {"rules": tuple(_words(rule) for rule in workspace.drift_ignore)}
    for policy in workspace.policies:
        yield f"policy {policy.name}", {rule.name: _words(rule) for rule in policy.rules}
    for name, target in workspace.targets.items():
        yield f"target {name}", _target(target)
        for kind, entries in (("user", target.directory.users), ("group", target.directory.groups)):
            for key, entry in entries.items():
                yield f"{kind}:{key} of {name}", _said(entry)


def _places(workspace: Workspace) -> Iterator[tuple[str, Callable[[], Source]]]:
    """What tells where each of the settings is written: its line, or at least its file."""
    yield from dict.fromkeys(("", "guards", "driftIgnore"), lambda: Source(workspace.place.file, 1)).items()
    for policy in workspace.policies:
        place = next((rule.source for rule in policy.rules if rule.source), None)
        if place is not None:
            yield f"policy {policy.name}", partial(Source, place.file, place.line, place.column)
    for name, target in workspace.targets.items():
        yield f"target {name}", target.place
        people = workspace.principals.get(name)
        if people is not None:
            where = partial(Source, people.name, 1)
            yield from ((f"user:{key} of {name}", where) for key in target.directory.users)
            yield from ((f"group:{key} of {name}", where) for key in target.directory.groups)


def _target(target: TargetConfig) -> Mapping[str, Json]:
    said: dict[str, Json] = {"provider": target.provider, "url": target.url, "token": _token(target), **target.settings}
    return said | {"actor": str(target.actor)} if target.actor else said


def _token(target: TargetConfig) -> str:
    return f"env {target.token.env}" if target.token.env else f"file {target.token.file}"


def _said(value: Struct) -> dict[str, Json]:
    """The fields of a value that say anything, named as manifests do."""
    given = asdict(value)
    return {to_camel(name): cast("Json", member) for name, member in given.items() if member}


def _words(rule: Rule | Ignore) -> str:
    return ", ".join(f"{name}: {value}" for name, value in _said(rule).items() if name not in {"name", "source"})
