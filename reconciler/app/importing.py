"""The use case import: manifests for live datasets, written batch by batch, so that a second run goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, ordered
from reconciler.core.ports import Capabilities, Catalog, DatasetRef, FacetState, ProviderError, Snapshot, Writer
from reconciler.core.principals import Principal
from reconciler.facets import did_you_mean
from reconciler.manifests import Workspace
from reconciler.providers import by_name

from .adoption import adopt, strangers
from .connections import sessions, targets
from .crew import crew
from .exits import Exit, Stop
from .recording import Recorder
from .surroundings import Surroundings
from .workspaces import check, open_workspace

BATCH = 40
"""So many datasets are read before they are written: what an interruption costs."""

NOT_ADOPTED = frozenset({"definition", "properties", "retention", "versions"})
"""What deletes data, is never deleted again, or people write at the vendor, is not managed by default."""


class Import(Struct, frozen=True):
    """What import is asked for."""

    target: str
    ids: tuple[str, ...] = ()
    """Empty: every dataset that the vendor lists."""
    progress: Callable[[int, int], None] = lambda _done, _total: None


class Imported(Struct):
    """What import did."""

    written: list[Path] = field(default_factory=list)
    governed: int = 0
    """How many datasets had a manifest before."""
    people: int = 0
    """How many users and groups were added to the target's Principals."""
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something that was asked for is missing."""
        return any(item.severity == "error" for item in self.problems)


class _Session(Writer, Catalog, Protocol):
    """What import needs of a vendor."""


class _Seen(Struct, frozen=True):
    """A dataset that was read."""

    title: str
    snapshot: Snapshot
    names: Mapping[Principal, str]
    problems: tuple[Diagnostic, ...]


def adopt_live(root: Path, asked: Import, surroundings: Surroundings) -> Imported:
    """Write a manifest for each dataset asked for that has none yet; by none of them anything would change.

    Raises:
        Stop: the workspace is broken, the target is not in it, the vendor cannot tell what it has, or a file cannot be
            written.
    """
    workspace = open_workspace(root)
    check_target(workspace, asked.target)
    target = targets(workspace, [asked.target], surroundings)[asked.target]
    capabilities = by_name()[target.provider].capabilities.given(target.settings)
    done = Imported()
    with sessions({asked.target: target}, "read") as opened:
        session = _catalog(opened[asked.target], target.provider)
        titles = dict.fromkeys(asked.ids) if asked.ids else _everything(session, asked.target)
        governed = workspace.governed(asked.target)
        wanted = [identifier for identifier in titles if identifier not in governed]
        done.governed = len(titles) - len(wanted)
        adopting = _Adopting(session, capabilities, Recorder(workspace, asked.target), titles, surroundings.now())
        with crew(target.concurrency, "import") as pool:
            for start in range(0, len(wanted), BATCH):
                adopting.batch(wanted[start : start + BATCH], pool, done)
                asked.progress(min(start + BATCH, len(wanted)), len(wanted))
    loaded = check(root)
    done.problems = [*ordered(done.problems), *(() if loaded.workspace else loaded.diagnostics)]
    return done


def check_target(workspace: Workspace, name: str) -> None:
    """Stop unless the workspace has the target.

    Raises:
        Stop: it has not.
    """
    if name not in workspace.targets:
        summary = f'there is no target "{name}"'
        hint = did_you_mean(name, workspace.targets)
        raise Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", summary, hint=hint))


def _catalog(session: Writer, provider: str) -> _Session:
    if isinstance(session, Catalog):
        return session
    summary = f"datasets of {provider} cannot be imported"
    raise Stop(Exit.ERROR, Diagnostic("cannot-list", "error", summary, hint="Write their manifests by hand."))


def _everything(session: _Session, target: str) -> dict[str, str | None]:
    try:
        found = session.datasets()
    except ProviderError as error:
        raise Stop(Exit.ERROR, Diagnostic("read-failed", "error", error.summary, hint=error.hint)) from error
    if found is None:
        summary = f"the server of target {target} does not list its datasets, so --all finds nothing"
        hint = "Name each dataset with --id ID."
        raise Stop(Exit.ERROR, Diagnostic("cannot-list", "error", summary, hint=hint))
    return {identifier: found[identifier] for identifier in sorted(found)}


class _Adopting(Struct, frozen=True):
    session: _Session
    capabilities: Capabilities
    recorder: Recorder
    titles: Mapping[str, str | None]
    as_of: datetime

    def batch(self, batch: Sequence[str], pool: ThreadPoolExecutor, done: Imported) -> None:
        """Read some datasets side by side, then write what they need: first the people, then the manifests."""
        results = list(pool.map(self._see, batch))
        seen = [result for result in results if isinstance(result, _Seen)]
        done.problems += [result for result in results if isinstance(result, Diagnostic)]
        names = {who: name for each in seen for who, name in each.names.items()}
        unknown = {who for each in seen for who in strangers(each.snapshot, self.recorder.directory)}
        done.people += self.recorder.meet({who: names.get(who) for who in sorted(unknown)})
        for each in seen:
            address = self.recorder.address(each.title, each.snapshot.ref.id)
            snapshot = replace(each.snapshot, ref=DatasetRef(address, each.snapshot.ref.id))
            adoption = adopt(snapshot, self.capabilities, self.recorder.directory, self.as_of)
            done.written.append(self.recorder.record(snapshot.ref, adoption.text))
            done.problems += [*each.problems, *adoption.left_out]

    def _see(self, identifier: str) -> _Seen | Diagnostic:
        ref = DatasetRef(Address(self.recorder.target, identifier), identifier)
        facets = self.capabilities.facets - NOT_ADOPTED - set(self.capabilities.asserted)
        try:
            title = self.titles[identifier] or self.session.title(identifier)
            snapshot, problems = self._read(replace(ref, address=Address(ref.address.target, title)), facets)
        except ProviderError as error:
            if error.whole:
                raise Stop(Exit.ERROR, Diagnostic("read-failed", "error", error.summary, hint=error.hint)) from error
            return Diagnostic("read-failed", "error", error.summary, ref.address, error.hint)
        return _Seen(title, snapshot, self.session.people(snapshot), problems)

    def _read(self, ref: DatasetRef, facets: frozenset[str]) -> tuple[Snapshot, tuple[Diagnostic, ...]]:
        """All facets at once; where one of them cannot be read, each by itself."""
        try:
            return self.session.read(ref, facets), ()
        except ProviderError as error:
            if error.missing or error.whole or len(facets) == 1:
                raise
        states: dict[str, FacetState] = {}
        problems: list[Diagnostic] = []
        for name in sorted(facets):
            try:
                states.update(self.session.read(ref, frozenset({name})).facets)
            except ProviderError as error:
                summary = f"{name} is left out of the manifest, so it is unmanaged: {error.summary}"
                problems.append(Diagnostic("facet-left-out", "warning", summary, ref.address.of(name), error.hint))
        return Snapshot(ref, states, requests=0), tuple(problems)
